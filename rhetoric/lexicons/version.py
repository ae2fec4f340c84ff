"""Which word lists these are: one hash over all of them, for provenance and for knowing what is stale."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

FOLDER = Path(__file__).parent


@functools.cache
def lexicons_sha256() -> str:
    """SHA-256 over the names and bytes of all packaged word lists."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.tsv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
