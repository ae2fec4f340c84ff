"""A few mutated files for every importer in every test run; `make fuzz` gives them many more."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.importers import IMPORTERS, mutated, read


@pytest.mark.parametrize("name", IMPORTERS)
def test_the_sound_file_is_read(name):
    from pathlib import Path
    from tempfile import TemporaryDirectory

    importer, suffix, sample = IMPORTERS[name]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_text(sample, encoding="utf-8")
        assert importer(path) is not None or name == "journal"


@pytest.mark.parametrize("name", IMPORTERS)
def test_any_bytes_are_a_value_or_one_of_our_errors(name):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(content=st.one_of(mutated(IMPORTERS[name][2]), st.binary(max_size=80)))
    def attempt(content: bytes) -> None:
        read(name, content)

    attempt()
