"""The words of the sound test: what is asked, what came of it, and what is wrong until it is done.

Knows four ways a test can end. Must not know Qt, loudspeakers or time.
"""

from dataclasses import dataclass
from enum import StrEnum

KEY = "Ctrl+T"
NOT_CONFIRMED = "sound was not confirmed"
"""How every fault begins that a sound test ends, rather than a repair."""
SHORT_DOUBT = f"Test sound: {KEY}"
"""The same where there is little room."""
NO_SECOND_VOICE = (
    " This computer has no program that plays a sound (paplay, pw-play, aplay): if this window"
    " hangs, no alarm is heard."
)


class Verdict(StrEnum):
    """How a sound test ended; the value is what the log says."""

    HEARD = "heard"
    NOT_HEARD = "not heard"
    NO_ANSWER = "no answer"
    INTERRUPTED = "interrupted by an alarm"


@dataclass(frozen=True, slots=True)
class SoundStrip:
    """The question while a test runs."""

    question: str


def sound_strip(*, is_alarm: bool) -> SoundStrip:
    """Return the question; while an alarm sounds, its own burst is the test."""
    what = "do you hear the alarm now?" if is_alarm else "did you hear three tones?"
    return SoundStrip(f"Sound test: {what}")


def fault_after(verdict: Verdict | None) -> str:
    """Return what is wrong after a test that ended so; None: there was none."""
    match verdict:
        case Verdict.HEARD:
            return ""
        case Verdict.NOT_HEARD:
            return f"{NOT_CONFIRMED}: nobody heard the test. Check volume and output, then {KEY}"
        case Verdict.NO_ANSWER:
            return f"{NOT_CONFIRMED}: nobody answered the test. Press {KEY} to test again"
        case Verdict.INTERRUPTED | None:
            return f"{NOT_CONFIRMED}: press {KEY} to test it"


def fault_of_another_output() -> str:
    """Return what is wrong when another output plays than the one that was tested."""
    return f"{NOT_CONFIRMED}: the output has changed. Press {KEY} to test it"


def notice_after(verdict: Verdict, *, has_second_voice: bool) -> str:
    """Return what the person who tested is told."""
    match verdict:
        case Verdict.HEARD:
            return "Sound confirmed." + ("" if has_second_voice else NO_SECOND_VOICE)
        case Verdict.NOT_HEARD:
            return f"No sound: check volume and output of this computer, then press {KEY}."
        case Verdict.NO_ANSWER:
            return f"The sound test was not answered. Press {KEY} to test again."
        case Verdict.INTERRUPTED:
            return f"An alarm interrupted the sound test. Press {KEY} to test again."
