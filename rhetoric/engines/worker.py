"""A worker process: `python -P -m rhetoric.engines.worker`. Reads a job and then speech ids, a line each, from stdin.

It ends when stdin does: when there is no more to do, or when the main process died, however that happened. So no
orphan works in an archive that another run has locked meanwhile.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from typing import BinaryIO

import msgspec

from rhetoric.engines.messages import CannotStart, Finished, Message, Ready, Step, job_of, to_line
from rhetoric.errors import RhetoricError
from rhetoric.jobs import Progress


def main() -> None:
    """Do what stdin says until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the main process decides
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stage or a library may print what it likes
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, lines), daemon=True).start()

    def answer(message: Message) -> None:
        answers.write(to_line(message))
        answers.flush()

    from rhetoric.pipeline import open_job

    try:
        work = open_job(job_of(lines.get()))
    except RhetoricError as error:
        answer(CannotStart(kind=type(error).__name__, text=str(error)))
        return
    answer(Ready())

    def watch(progress: Progress) -> None:
        answer(Step(progress=progress))

    while True:
        answer(Finished(outcome=work(msgspec.json.decode(lines.get(), type=str), watch)))


def _listen(stream: BinaryIO, lines: queue.SimpleQueue[bytes]) -> None:
    """Hand on lines; at the end of the stream the process ends too, at once and whatever it is doing."""
    for line in stream:
        lines.put(line)
    os._exit(0)


if __name__ == "__main__":
    main()
