"""A question to the person at the screen, and what becomes of the answer.

Knows the window's strips. Must not know what is asked.
"""

from collections.abc import Callable

from ui.live.window import VigilWindow

Task = Callable[[], object]


class Questions:
    """One question at a time; a new one takes the place of the last, which was not answered."""

    def __init__(self, window: VigilWindow) -> None:
        self._window = window
        self._on_yes: Task | None = None
        self._on_no: Task | None = None
        window.answered.connect(self._answer)

    def ask(self, question: str, on_yes: Task, on_no: Task | None = None) -> None:
        """Ask; one of the two is called when somebody has answered."""
        self._on_yes, self._on_no = on_yes, on_no
        self._window.question.ask(question)

    def _answer(self, is_yes: bool) -> None:
        task = self._on_yes if is_yes else self._on_no
        self._on_yes = self._on_no = None
        self._window.session.question.dismiss()
        self._window.free.question.dismiss()
        if task is not None:
            task()
