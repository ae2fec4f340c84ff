"""Whose sentences count."""

from __future__ import annotations

import pytest

from rhetoric.errors import SpeechError
from rhetoric.sentences import prepare
from rhetoric.sentences.voices import only_voice, voices
from rhetoric.types import Segment, Transcript

TALK = Transcript(speech_id="lin-2024", engine="import:vtt", language="en", segments=(
    Segment(text="Please welcome Lin.", start_s=0, end_s=2, speaker="Host"),
    Segment(text="[Applause]", start_s=2, end_s=4, flags=("event:applause",)),
    Segment(text="Good evening, everyone.", start_s=4, end_s=6, speaker="LIN  YUAN"),
    Segment(text="A voice in the hall.", start_s=6, end_s=7),
    Segment(text="We built a lamp that waits for you.", start_s=7, end_s=9, speaker="Lin Yuan"),
))


def test_one_voice_with_the_events() -> None:
    speech = prepare(only_voice(TALK, " lin yuan"))
    assert speech.text == "Good evening, everyone. We built a lamp that waits for you."
    assert [sentence.start_s for sentence in speech.sentences] == [4, 7]
    assert [event.kind for event in speech.events] == ["applause"]


@pytest.mark.parametrize("everybody", ["", "all", "ALL "])
def test_everybody(everybody: str) -> None:
    assert only_voice(TALK, everybody) is TALK


def test_shares_put_the_forms_of_a_name_together() -> None:
    found = voices(TALK)
    assert list(found) == ["LIN  YUAN", "Host", ""]
    assert sum(found.values()) == pytest.approx(1)


@pytest.mark.parametrize("name", ["Lin", "Yuan", "Applause"])
def test_a_part_of_a_name_is_refused_and_the_tags_are_listed(name: str) -> None:
    with pytest.raises(SpeechError, match=rf"lin-2024: nobody is tagged '{name}'.*LIN  YUAN \(\d\d%\), Host.*no tag"):
        only_voice(TALK, name)


def test_without_tags_nobody_can_be_chosen() -> None:
    plain = Transcript(speech_id="x", engine="e", language="en", segments=(Segment(text="Good evening."),))
    with pytest.raises(SpeechError, match="x: its transcript has no speaker tags"):
        only_voice(plain, "Lin")
