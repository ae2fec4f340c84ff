"""What to doubt in a segment, by Whisper's own measures of it."""

from __future__ import annotations

# The thresholds of A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022, section 4.5.
LOW_LOGPROB = -1.0
NO_SPEECH = 0.6
LOOP_RATIO = 2.4
# Above this Whisper's words are likely whatever `no_speech_prob` says; a prompt before the window alone can raise it.
UNSURE_LOGPROB = -0.5


def is_invention(no_speech_prob: float, compression_ratio: float) -> bool:
    """True for what Whisper makes of noise: one phrase over and over where it hears no speech."""
    return no_speech_prob > NO_SPEECH and compression_ratio > LOOP_RATIO


def doubts(avg_logprob: float, no_speech_prob: float, compression_ratio: float) -> tuple[str, ...]:
    """Flags of a segment: improbable words, probably no speech, or text that repeats itself (compresses too well)."""
    flags = []
    if avg_logprob < LOW_LOGPROB:
        flags.append("low_confidence")
    if no_speech_prob > NO_SPEECH and avg_logprob < UNSURE_LOGPROB:
        flags.append("no_speech")
    if compression_ratio > LOOP_RATIO:
        flags.append("loop")
    return tuple(flags)
