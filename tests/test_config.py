"""`rhetoric.toml`: defaults, strictness, and printing it back."""

from __future__ import annotations

import pytest

from rhetoric.config import Config, parse_config, read_config, to_toml, with_flags
from rhetoric.errors import ConfigError


def test_an_empty_file_is_the_default():
    assert parse_config("", "x") == Config()


def test_what_is_printed_reads_back_the_same():
    text = 'stages = ["function"]\n[archive]\nname = "发布会 \\"one\\""\n[options.emotion]\nlimit = 3\n'
    config = parse_config(text, "x")
    assert parse_config(to_toml(config), "y") == config


@pytest.mark.parametrize(("text", "complaint"), [
    ('[transcribe]\nmodle = "x"', "unknown field `modle` - at `$.transcribe`"),
    ("[transcribe]\nbeam_size = 'five'", "Expected `int`, got `str` - at `$.transcribe.beam_size`"),
    ('[transcribe]\nscript = "klingon"', "Invalid enum value 'klingon'"),
    ("[archive\n", "not valid TOML"),
])
def test_a_mistake_is_named_with_its_place(text, complaint):
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "there/rhetoric.toml")
    assert complaint in str(caught.value)
    assert str(caught.value).startswith("there/rhetoric.toml: ")


def test_a_flag_beats_the_file_and_is_checked_like_it():
    config = parse_config('[transcribe]\nmodel = "small"', "x")
    assert with_flags(config, "transcribe", model=None).transcribe.model == "small"
    assert with_flags(config, "transcribe", model="tiny").transcribe.model == "tiny"
    with pytest.raises(ConfigError, match="from the flag"):
        with_flags(config, "report", lang="fr")
    with pytest.raises(ConfigError, match=r"'nosuch'.*; choose auto, serial, processes or ray"):
        with_flags(config, "run", engine="nosuch")
    with pytest.raises(ConfigError, match="Expected `int`, got `str`"):
        parse_config('[run]\nworkers = "x"', "x")


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "rhetoric.toml"
    path.write_bytes("[archive]\nname = '发布会'".encode("gb18030"))
    with pytest.raises(ConfigError, match="must be a UTF-8 text file"):
        read_config(path)
    path.write_bytes("\ufeff[archive]\nname = '发布会'".encode())
    assert read_config(path).archive.name == "发布会"
