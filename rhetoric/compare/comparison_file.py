"""`comparison.json`: a Comparison as JSON and back, the same bytes for the same comparison."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import msgspec

from rhetoric.errors import FormatError
from rhetoric.types import COMPARISON_SCHEMA, Comparison


def to_json(comparison: Comparison) -> bytes:
    """Write a comparison as UTF-8 JSON with one space of indent and a line end."""
    return b"".join(parts(comparison))


def parts(comparison: Comparison) -> Iterator[bytes]:
    """The same bytes field by field: those of ten thousand speeches are a hundred megabytes, several times over while
    they are indented.
    """
    begin = b"{\n "
    for field in dataclasses.fields(comparison):
        value = msgspec.json.format(msgspec.json.encode(getattr(comparison, field.name), order="deterministic"),
                                    indent=1)
        yield begin + msgspec.json.encode(field.name) + b": "
        yield value.replace(b"\n", b"\n ")  # no string holds a line end as it is
        begin = b",\n "
    yield b"\n}\n"


def from_json(data: bytes, where: str = "comparison.json") -> Comparison:
    """Read a comparison; `where` is named in errors.

    Raises:
        FormatError: not JSON, not a comparison, or one of another schema.
    """
    try:
        comparison = msgspec.json.decode(data, type=Comparison)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"{where}: not a comparison ({error}); make it anew with `rhetoric compare`") from error
    if comparison.schema_version != COMPARISON_SCHEMA:
        raise FormatError(f"{where}: has schema {comparison.schema_version}, this version reads {COMPARISON_SCHEMA}; "
                          "make it anew with `rhetoric compare`")
    return comparison
