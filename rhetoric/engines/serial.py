"""One speech after the other, in this process: the simplest engine, and the measure of the others.

A crash in a decoder ends the run, and a hanging stage hangs it: what protects from that needs another process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rhetoric.jobs import Job, Outcome, Watch, watch_nothing


class Serial:
    """See the module."""

    name = "serial"

    def map(self, job: Job, speech_ids: Sequence[str], watch: Watch = watch_nothing) -> Iterator[Outcome]:
        """See `engines.Engine.map`."""
        from rhetoric.pipeline import in_this_process

        return in_this_process(job, speech_ids, watch)
