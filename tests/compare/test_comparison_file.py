"""`comparison.json` comes back as it was, and a wrong file is one clear line."""

from __future__ import annotations

import json

import pytest

from rhetoric.compare.comparison_file import from_json, to_json
from rhetoric.errors import FormatError
from rhetoric.types import Comparison


def test_round_trip(comparison: Comparison) -> None:
    data = to_json(comparison)
    assert from_json(data) == comparison
    assert to_json(from_json(data)) == data
    assert "沈岸" in data.decode()


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"schema_version": 1}', b"\xff\xfe"])
def test_not_a_comparison(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"r/comparison\.json: not a comparison") as error:
        from_json(data, "r/comparison.json")
    assert "\n" not in str(error.value)


def test_another_schema(comparison: Comparison) -> None:
    data = json.loads(to_json(comparison)) | {"schema_version": 99}
    with pytest.raises(FormatError, match="schema 99"):
        from_json(json.dumps(data).encode())
