"""Collects garbage in the main thread only, a little at a time.

Knows the interpreter's collector. Qt objects may be destroyed in no thread but the one they live
in, and Python collects in whichever thread happens to allocate: a worker of ours that opens the
register would end widgets, and with them the process.
"""

import gc


def take_over() -> None:
    """Stop collecting by itself: from now on ``collect`` does it. For the desktop's process."""
    gc.disable()
    gc.collect()
    gc.freeze()  # what was imported stays: a full collection need not look at it again


def collect() -> None:
    """Collect what is due by the interpreter's own rule; call often, in the main thread."""
    due = [
        generation
        for generation, (count, threshold) in enumerate(
            zip(gc.get_count(), gc.get_threshold(), strict=True)
        )
        if count > threshold > 0
    ]
    if due:
        gc.collect(due[-1])
