"""How thorough a run of the tests is: a quick one at the desk, the full one before a release.

Knows one environment variable, VIGIL_THOROUGH. Nothing is left out of a quick run, only repeated
less often.
"""

import os

IS_THOROUGH = bool(os.environ.get("VIGIL_THOROUGH"))


def times(thorough: int, quick: int) -> int:
    """Return how often something is tried."""
    return thorough if IS_THOROUGH else quick
