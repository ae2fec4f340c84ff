"""2  Transcript -> Speech: one text, its sentences with their times and words, and what the hall did between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from rhetoric.errors import SpeechError
from rhetoric.sentences.borders import Language, Span, is_punctuated, sentence_spans
from rhetoric.sentences.joined import Joined, clean, event_kind, join
from rhetoric.types import Event, Segment, Sentence, Speech, Token, Transcript

if TYPE_CHECKING:
    from rhetoric.sentences.joined import Glue

LANGUAGES = ("zh", "en")
_NO_SPACE_AFTER = re.compile(r"[\W_]")


def prepare(transcript: Transcript) -> Speech:
    """Make a transcript ready for the stages: join, split, give times and words. `readings` stays empty.

    Events are kept apart from the text, and so is what a recogniser invented, as events of the kind `invented`.

    Raises:
        SpeechError: the language is neither Chinese nor English, or nothing was said.
    """
    language = _language_module(transcript.speech_id, transcript.language)
    spoken = [clean(s.text) for s in transcript.segments if not event_kind(s)]
    punctuated = is_punctuated([text for text in spoken if text], language)
    joined = join(transcript.segments, _glue(language, punctuated))
    _require_speech(transcript.speech_id, joined.text, transcript.segments)
    spans = sentence_spans(joined, language, punctuated)
    return _speech(transcript.speech_id, transcript.language, joined, spans, transcript.duration_s)


def from_sentences(speech_id: str, sentences: Sequence[str], language: str) -> Speech:
    """A speech without times from sentences whose borders are known (gold files, scripts).

    Raises:
        SpeechError: the language is neither Chinese nor English, or there is no sentence; or one is empty.
    """
    module = _language_module(speech_id, language)
    shown = [" ".join(clean(sentence).split()) for sentence in sentences]
    if any(not sentence for sentence in shown):
        raise SpeechError(f"{speech_id}: sentence {shown.index('') + 1} is empty; leave it out")
    joined = join([Segment(text=sentence) for sentence in shown], module.glue)
    _require_speech(speech_id, joined.text, [Segment(text=sentence) for sentence in shown])
    starts = [0, *joined.borders]
    spans = [(start, start + len(sentence)) for start, sentence in zip(starts, shown, strict=True)]
    return _speech(speech_id, language, joined, spans, None)


def from_text(speech_id: str, text: str, language: str) -> Speech:
    """A speech without times from plain text; its sentences are found.

    Raises:
        SpeechError: see `prepare`.
    """
    return prepare(Transcript(speech_id=speech_id, engine="text", language=language, segments=(Segment(text=text),)))


def base_language(code: str) -> str:
    """The language of a code: "zh" of "zh-Hans" or "zh_CN", "" where it is none that is supported."""
    base = re.split(r"[-_]", code.strip().lower())[0]
    return base if base in LANGUAGES else ""


def _language_module(speech_id: str, code: str) -> Language:
    base = base_language(code)
    if base == "zh":
        from rhetoric.sentences import zh as module
    elif base == "en":
        from rhetoric.sentences import en as module  # type: ignore[no-redef]
    else:
        what = f"its language {code!r} is not supported" if code else "its language is neither Chinese nor English"
        raise SpeechError(f"{speech_id}: {what}; if it is one of them, say so: --language zh or en, or the column "
                          "`language` of audio/catalog.csv")
    return cast(Language, module)


def _glue(language: Language, punctuated: bool) -> Glue:
    """The language's own glue; between unpunctuated Chinese subtitles a space, as their makers write it."""
    if punctuated or language.SPACED:
        return language.glue

    def spaced(left: str, right: str) -> str:
        marks_meet = _NO_SPACE_AFTER.match(left[-1]) or _NO_SPACE_AFTER.match(right[0])
        return language.glue(left, right) if marks_meet else " "

    return spaced


def _require_speech(speech_id: str, text: str, segments: Sequence[Segment]) -> None:
    if any(ch.isalnum() for ch in text):
        return
    why = "only events, noise or marks were heard"
    if not segments:
        why = "its transcript is empty"
    elif all(segment.quarantined for segment in segments):
        why = "all of it was set aside as invented by the recogniser"
    raise SpeechError(f"{speech_id} holds no speech: {why}; listen to the recording, or leave it out of the catalog")


def _speech(speech_id: str, code: str, joined: Joined, spans: Sequence[Span], duration_s: float | None) -> Speech:
    language = _language_module(speech_id, code)
    sentences = tuple(_sentence(index, joined, span, language) for index, span in enumerate(spans))
    events = tuple(
        Event(kind=kind, after_index=sum(s.char_start < offset for s in sentences) - 1, start_s=start_s, end_s=end_s)
        for kind, offset, start_s, end_s in joined.events
    )
    return Speech(speech_id=speech_id, language=base_language(code), text=joined.text, sentences=sentences,
                  events=events, duration_s=duration_s)


def _sentence(index: int, joined: Joined, span: Span, language: Language) -> Sentence:
    start, end = span
    text = joined.text[start:end]
    tokens = tuple(Token(text=text[a:b], char_start=start + a, char_end=start + b) for a, b in language.tokenize(text))
    start_s, end_s = joined.starts[start], joined.ends[end - 1]
    if start_s is None or end_s is None:
        start_s = end_s = None
    else:
        start_s, end_s = round(start_s, 3), round(end_s, 3)
    return Sentence(index=index, char_start=start, char_end=end, tokens=tokens, size=language.size(text),
                    start_s=start_s, end_s=end_s, speaker=joined.speakers[start])
