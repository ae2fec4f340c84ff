"""Recordings that their seller has locked (DRM), told by their bytes: FFmpeg would call them damaged."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import BinaryIO

# How a locked file says so: the sample entry of MP4 (ISO/IEC 14496-12, 8.12: `enca`; iTunes: `drms`), Audible's brand,
# and the Content Encryption objects of ASF (ASF specification 1.2, 3.14 and 3.15).
LOCKED_MP4 = re.compile(rb"stsd.{12}(?:enca|drms)", re.DOTALL)
LOCKED_BRANDS = (b"aax ", b"aaxc")
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
LOCKED_ASF = (bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e"), bytes.fromhex("14e68a292226174cb935dae07ee9289c"))


def is_locked(path: Path) -> bool:
    """True for an encrypted MP4, Audible or Windows Media file."""
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
        if head.startswith(ASF):
            return any(mark in head for mark in LOCKED_ASF)
        if head[4:8] != b"ftyp":
            return False
        return head[8:12] in LOCKED_BRANDS or LOCKED_MP4.search(_mp4_index(stream)) is not None


def _mp4_index(stream: BinaryIO) -> bytes:
    """The `moov` box of an MP4 file, found from box to box; empty where there is none."""
    at, end = 0, stream.seek(0, os.SEEK_END)
    while at < end:
        stream.seek(at)
        head = stream.read(16)
        size = int.from_bytes(head[:4], "big")
        if size == 1:  # the size is in the 64 bits that follow
            size = int.from_bytes(head[8:16], "big")
        if head[4:8] == b"moov":
            stream.seek(at)
            return stream.read(min(size or end, end - at))
        if size < 8:
            return b""
        at += size
    return b""
