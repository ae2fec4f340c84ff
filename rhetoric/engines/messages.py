"""What the main process and its workers say to each other: lines of JSON. Nothing is pickled."""

from __future__ import annotations

import msgspec

from rhetoric.jobs import Job, Outcome, Progress


class Ready(msgspec.Struct, tag=True):
    """The worker has loaded what the job needs."""


class CannotStart(msgspec.Struct, tag=True):
    """Nothing can be done, whatever the speech: an error of ours by the name of its class."""

    kind: str
    text: str


class Step(msgspec.Struct, tag=True):
    """The worker got somewhere."""

    progress: Progress


class Finished(msgspec.Struct, tag=True):
    """The worker is done with a speech."""

    outcome: Outcome


Message = Ready | CannotStart | Step | Finished
_READ: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)
_READ_JOB = msgspec.json.Decoder(Job)


def to_line(message: Message | Job | str) -> bytes:
    """A message as a line."""
    return msgspec.json.encode(message) + b"\n"


def message_of(line: bytes) -> Message:
    """The message of a line."""
    return _READ.decode(line)


def job_of(line: bytes) -> Job:
    """The job of a line."""
    return _READ_JOB.decode(line)


def error_of(message: CannotStart) -> Exception:
    """The error that kept a worker from starting."""
    from rhetoric import errors

    kind = getattr(errors, message.kind, errors.WorkerError)
    return kind(message.text) if kind is not errors.MissingExtraError else errors.WorkerError(message.text)
