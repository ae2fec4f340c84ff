"""How things look in a terminal. Text from outside is cleaned: a transcript must not be able to move the cursor."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rhetoric.jobs import FAILED, SKIPPED, Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from rhetoric.types import Transcript

# C0 and C1 controls (escape sequences begin with one) and marks that turn the direction of writing.
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Text from outside, safe to print."""
    return UNSAFE.sub("", text)


def one_line(text: str) -> str:
    """Text from outside on one line, safe to print."""
    return " ".join(clean(text).split())


def console(*, stderr: bool = False) -> Console:
    """A rich console on stdout or stderr; without a terminal it writes plain text of fixed width."""
    from rich.console import Console

    plain = Console(stderr=stderr, highlight=False)
    return plain if plain.is_terminal else Console(stderr=stderr, highlight=False, width=120, soft_wrap=True)


def clock(seconds: float | None) -> str:
    """Seconds as 1:12:40 or 3:05; a dash where there is no time."""
    if seconds is None:
        return "–"
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def print_json(value: Any) -> None:
    """A value of ours as JSON on stdout, readable UTF-8, keys in fixed order."""
    import json

    import msgspec

    sys.stdout.write(json.dumps(msgspec.to_builtins(value, enc_hook=str), ensure_ascii=False, indent=1) + "\n")


def say(message: str) -> None:
    """A line of progress on stderr, unless the user asked for quiet."""
    import logging

    if logging.getLogger("rhetoric").isEnabledFor(logging.WARNING):
        sys.stderr.write(one_line(message) + "\n")


def in_quarantine(transcript: Transcript) -> str:
    """What is left out of a transcript as invented, and why, in plain words; nothing where all of it counts."""
    from collections import Counter

    from rhetoric.codebook import QUARANTINE_NAMES

    reasons: Counter[str] = Counter()
    count = 0
    for segment in transcript.segments:
        count += segment.quarantined
        reasons.update(flag for flag in QUARANTINE_NAMES if flag in segment.flags)
    if not count:
        return ""
    why = ", ".join(f"{QUARANTINE_NAMES[flag][0]} {reasons[flag]}" for flag in QUARANTINE_NAMES if reasons[flag])
    return f"{count} {'segment' if count == 1 else 'segments'} left out as invented ({why})"


def report_outcomes(outcomes: Iterable[Outcome], *, show_skipped: bool = False) -> list[Outcome]:
    """Print outcomes as they come; return all of them."""
    seen = []
    for outcome in outcomes:
        seen.append(outcome)
        if outcome.status != SKIPPED or show_skipped:
            mark = "✗" if outcome.status == FAILED else "✓"
            say(f"{mark} {outcome.step} {outcome.speech_id}: {outcome.detail}")
    return seen


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """1 where anything failed, else 0."""
    return int(any(outcome.status == FAILED for outcome in outcomes))
