"""The same numbers to the last bit with any number of threads."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np

from rhetoric.models.products import product

READ = """
import hashlib
from rhetoric.models import reader
from rhetoric.models.word_reader import load, uncalibrated
from rhetoric.sentences import from_sentences
lines = [f"第{k}天，我们在{place}把第{k * 7}盏灯点亮，谁也没有说{word}。" for k in range(1, 60)
         for place in ("山脚下", "工厂门口", "旧仓库里", "海边的小镇") for word in ("放弃", "累")]
speech = from_sentences("t", lines, "zh")
print(hashlib.sha256(uncalibrated(load("zh"), speech).tobytes()).hexdigest())
print(hashlib.sha256(repr(reader.read(speech).readings).encode()).hexdigest())
"""


def test_a_product_is_that_of_linear_algebra() -> None:
    dice = np.random.default_rng(1)
    left, right = dice.normal(size=(30, 70)).astype(np.float32), dice.normal(size=(70, 9)).astype(np.float32)
    assert np.allclose(product(left, right), left @ right, atol=1e-4)
    assert np.allclose(product(left[0], right), left[0] @ right, atol=1e-4)


def test_one_thread_and_two_read_the_same() -> None:
    """As `serial` and a worker of `processes` do; by a product of BLAS every speech differed in the seventh digit."""
    found = set()
    for threads in ("1", "2"):
        environment = os.environ | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        found.add(subprocess.run([sys.executable, "-c", READ], env=environment, check=True, capture_output=True).stdout)
    assert len(found) == 1
