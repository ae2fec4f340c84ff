"""`rhetoric.toml` -> `Config`. All defaults live here, once; a flag beats the file, the file beats the default.

Structs are strict: an unknown key is an error that names it, and so is a value of the wrong type.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from rhetoric.errors import ConfigError
from rhetoric.types import Option

CONFIG_NAME = "rhetoric.toml"
BUILT_IN_STAGES = ("function", "ratio", "emotion", "slogans", "figures")


class ArchiveConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[archive]`: what this archive is."""

    name: str = ""


class TranscribeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[transcribe]`: how recordings become text."""

    engine: str = "faster-whisper"
    model: str = "base"
    beam_size: int = 5
    vad: bool = True
    device: Literal["auto", "cpu", "cuda"] = "auto"
    compute_type: str = "auto"  # int8 on the CPU, float16 on CUDA
    threads: int = 0  # 0: all cores
    script: Literal["simplified", "traditional", "as-heard"] = "simplified"


class CompareConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[compare]`: what is set side by side."""

    by: str = "year"


class ReportConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[report]`: how the page looks."""

    lang: Literal["en", "zh"] = "en"
    title: str = ""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `stages` names what runs, in order; `options` overrides a stage's options by its name."""

    archive: ArchiveConfig = ArchiveConfig()
    transcribe: TranscribeConfig = TranscribeConfig()
    stages: tuple[str, ...] = BUILT_IN_STAGES
    reader: str = ""  # a folder that `rhetoric train --out` wrote, relative to the archive; empty: the installed one
    options: dict[str, dict[str, Option]] = {}
    compare: CompareConfig = CompareConfig()
    report: ReportConfig = ReportConfig()


def parse_config(text: str, where: str) -> Config:
    """Read the text of a `rhetoric.toml`; `where` is named in errors.

    Raises:
        ConfigError: not TOML, an unknown key, or a value of the wrong type.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text)
        return msgspec.convert(data, Config)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where}: not valid TOML: {error}; correct the line it names") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {error}; `rhetoric config` prints every key with its default") from error


def read_config(path: Path) -> Config:
    """Read a `rhetoric.toml`.

    Raises:
        ConfigError: the file cannot be read, or see `parse_config`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); it must be a UTF-8 text file") from error
    return parse_config(text, str(path))


def with_flags(config: Config, section: str, **flags: Any) -> Config:
    """A copy of `config` with the flags that were given (not None) put into one section, checked like the file.

    Raises:
        ConfigError: a flag has a value that the section does not allow.
    """
    given = {key: value for key, value in flags.items() if value is not None}
    if not given:
        return config
    data = msgspec.to_builtins(config)
    data[section].update(given)
    try:
        return msgspec.convert(data, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{error} (from the flag)") from error


def to_toml(config: Config) -> str:
    """The configuration as TOML: every key with its value, in the order of this file."""
    import json

    def plain(value: object) -> str:
        # A JSON string, number, boolean or list of strings is the same in TOML.
        return json.dumps(value, ensure_ascii=False)

    data: dict[str, Any] = msgspec.to_builtins(config)
    lines = [f"stages = {plain(data['stages'])}", f"reader = {plain(data['reader'])}"]
    for section in ("archive", "transcribe", "compare", "report"):
        lines += ["", f"[{section}]", *(f"{key} = {plain(value)}" for key, value in data[section].items())]
    for stage, options in data["options"].items():
        lines += ["", f"[options.{plain(stage)}]"]
        lines += [f"{plain(key)} = {plain(value)}" for key, value in options.items()]
    return "\n".join(lines) + "\n"
