"""`rhetoric train --base`: what goes wrong is a line, before an hour is spent."""

from __future__ import annotations

import importlib.util

import pytest

GOLD = "id\ttext\tfunction\n0\tHello.\tstage\n1\tIt has two lenses.\tproduct_fact\n"


def test_an_encoder_needs_a_folder_to_be_written_to(rhetoric, tmp_path):
    (tmp_path / "talk-1.tsv").write_text(GOLD, encoding="utf-8")
    done = rhetoric("train", "--gold", ".", "--base", "e5.bin", code=2)
    assert "name a folder for it with --out" in done.stderr


@pytest.mark.parametrize("given", [("--texts", "texts"), ("--held-out", "talk-1"), ("--frozen", "6")])
def test_options_of_the_whole_encoder_are_not_ignored_without_it(rhetoric, tmp_path, given):
    (tmp_path / "talk-1.tsv").write_text(GOLD, encoding="utf-8")
    done = rhetoric("train", "--gold", ".", *given, code=2)
    assert "are for the whole encoder: add --base FILE or --further" in done.stderr


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed")
def test_without_torch_the_error_names_the_line_to_install(rhetoric, tmp_path):
    (tmp_path / "talk-1.tsv").write_text(GOLD, encoding="utf-8")
    done = rhetoric("train", "--gold", ".", "--base", "e5.bin", "--out", "reader", code=2)
    assert "pip install 'rhetoric[train]'" in done.stderr
    assert not (tmp_path / "reader").exists()
