"""The two kinds of fault: the world's, which a person can mend, and ours, which is a bug.

Knows nothing else. Link loss is neither: it is an event (see events.py).
"""


class OperatorError(Exception):
    """Something in the world that a person can mend: say what is wrong and what to do.

    The command line prints it as one sentence and exits with 2; the screen shows both parts.
    """

    def __init__(self, what: str, what_to_do: str) -> None:
        super().__init__(f"{what}: {what_to_do}")
        self.what = what
        self.what_to_do = what_to_do


class BugError(Exception):
    """Something that cannot happen unless this program is wrong."""
