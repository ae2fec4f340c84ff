"""The invented archive and its comparison, built once a run."""

from __future__ import annotations

import pytest

from rhetoric.compare import compare
from rhetoric.types import Comparison, Tables
from tests.builders import sample_tables


@pytest.fixture(scope="session")
def tables() -> Tables:
    """Nine invented speeches of two speakers."""
    return sample_tables()


@pytest.fixture(scope="session")
def comparison(tables: Tables) -> Comparison:
    """The archive by year."""
    return compare(tables)
