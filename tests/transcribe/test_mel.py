"""Whisper's input does not hang on how the work is shared out."""

from __future__ import annotations

import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.transcribe.mel import MelFilters


@pytest.mark.parametrize("filters", [80, 128])
def test_the_product_is_that_of_the_matrix(filters: int) -> None:
    matrix = FeatureExtractor(feature_size=filters).mel_filters
    spectrum = np.random.default_rng(1).gamma(0.3, size=(matrix.shape[1], 500)).astype(np.float32)
    assert (MelFilters(matrix) @ spectrum) == pytest.approx(matrix @ spectrum, rel=1e-5)


@given(st.integers(1, 399))
def test_each_frame_is_the_same_to_the_bit_however_the_frames_are_parted(at: int) -> None:
    matrix = FeatureExtractor().mel_filters
    spectrum = np.random.default_rng(2).gamma(0.3, size=(matrix.shape[1], 400)).astype(np.float32)
    filters = MelFilters(matrix)
    whole = filters @ spectrum
    assert (np.hstack([filters @ spectrum[:, :at], filters @ spectrum[:, at:]]) == whole).all()


def test_a_filter_of_nothing_gives_nothing() -> None:
    assert (MelFilters(np.zeros((2, 3), dtype=np.float32)) @ np.ones((3, 4), dtype=np.float32) == 0).all()
