"""`rhetoric.toml` -> `Config`. All defaults live here, once; a flag beats the file, the file beats the default.

Structs are strict: an unknown key is an error that names it, and so is a value of the wrong type.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from rhetoric.errors import ConfigError
from rhetoric.storage import folder_faults
from rhetoric.types import Option

CONFIG_NAME = "rhetoric.toml"
BUILT_IN_STAGES = ("function", "ratio", "emotion", "slogans", "figures", "patterns", "voice")


class ArchiveConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[archive]`: what this archive is."""

    name: str = ""


class TranscribeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[transcribe]`: how recordings become text."""

    engine: str = "faster-whisper"
    model: str = "base"
    beam_size: Annotated[int, msgspec.Meta(ge=1, le=50)] = 5
    vad: bool = True
    device: Literal["auto", "cpu", "cuda"] = "auto"
    compute_type: str = "auto"  # int8 on the CPU, float16 on CUDA
    threads: Annotated[int, msgspec.Meta(ge=0, le=256)] = 0  # 0: all cores
    script: Literal["simplified", "traditional", "as-heard"] = "simplified"
    punctuation: Literal["restore", "keep"] = "restore"  # Chinese marks that the recogniser left out
    mode: Literal["auto", "sequential", "batched"] = "auto"  # batched on CUDA, window after window on the CPU
    batch_size: Annotated[int, msgspec.Meta(ge=1, le=256)] = 8  # windows at a time where batched: speed for memory


class RunConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[run]`: how many speeches at once, and where."""

    engine: Literal["auto", "serial", "processes", "ray"] = "auto"
    workers: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0  # 0: as many as cores and memory allow
    address: str = ""  # of a Ray cluster; empty: this machine
    time_limit_s: Annotated[float, msgspec.Meta(ge=0)] = 1800.0  # without a sign of progress on a speech; 0: none


class StorageConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[storage]`: what may be read elsewhere. A file of the catalog may be a URL in one of these folders."""

    allow: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for folder in self.allow:
            if faults := folder_faults(folder):
                raise ValueError(f"storage: allow: {faults[0]}")


class CompareConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[compare]`: what is set side by side."""

    by: str = "year"


class ReportConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[report]`: how the page looks."""

    lang: Literal["en", "zh"] = "en"
    title: str = ""


class GlossaryTerm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[glossary]]`: a name as it is written, and the ways in which it is misheard.

    `term` is told to the recogniser; each of `aliases` is replaced by it wherever it was heard.
    """

    term: str
    kind: Literal["product", "person", "organisation", "place", "other"] = "other"
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for text in (self.term, *self.aliases):
            if not any(map(str.isalnum, text)) or text != " ".join(text.split()) or not text.isprintable():
                raise ValueError(f"glossary: {text!r} is no name: it needs a letter or a digit, single spaces between "
                                 "its words, and none at its ends")
        if self.term in self.aliases:
            raise ValueError(f"glossary: {self.term!r} is an alias of itself; leave it out of its aliases")


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `stages` names what runs, in order; `options` overrides a stage's options by its name."""

    archive: ArchiveConfig = ArchiveConfig()
    transcribe: TranscribeConfig = TranscribeConfig()
    run: RunConfig = RunConfig()
    storage: StorageConfig = StorageConfig()
    stages: tuple[str, ...] = BUILT_IN_STAGES
    reader: str = ""  # a folder that `rhetoric train --out` wrote, relative to the archive; empty: the installed one
    options: dict[str, dict[str, Option]] = {}
    compare: CompareConfig = CompareConfig()
    report: ReportConfig = ReportConfig()
    glossary: tuple[GlossaryTerm, ...] = ()

    def __post_init__(self) -> None:
        names = [term.term for term in self.glossary] + [alias for term in self.glossary for alias in term.aliases]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"glossary: {twice[0]!r} stands twice in it; a name or an alias may stand there once")


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
        raise ConfigError(f"{where}: {_told(error)}; `rhetoric config` prints every key with its default") from error


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
        raise ConfigError(f"{_told(error)} (from the flag)") from error


def _told(error: msgspec.ValidationError) -> str:
    """What msgspec says is wrong, with the choices where a value is none of them."""
    where = re.search(r"`\$\.([\w.]+)`$", str(error))
    kind: Any = Config
    for name in where[1].split(".") if where and "enum" in str(error) else ():
        kind = get_type_hints(kind).get(name)
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    return f"{error}; choose {', '.join(choices[:-1])} or {choices[-1]}" if choices else str(error)


def to_toml(config: Config) -> str:
    """The configuration as TOML: every key with its value, in the order of this file."""
    import json

    def plain(value: object) -> str:
        # A JSON string, number, boolean or list of strings is the same in TOML.
        return json.dumps(value, ensure_ascii=False)

    data: dict[str, Any] = msgspec.to_builtins(config)
    lines = [f"stages = {plain(data['stages'])}", f"reader = {plain(data['reader'])}"]
    for section in ("archive", "transcribe", "run", "storage", "compare", "report"):
        lines += ["", f"[{section}]", *(f"{key} = {plain(value)}" for key, value in data[section].items())]
    for stage, options in data["options"].items():
        lines += ["", f"[options.{plain(stage)}]"]
        lines += [f"{plain(key)} = {plain(value)}" for key, value in options.items()]
    for term in data["glossary"]:
        lines += ["", "[[glossary]]", *(f"{key} = {plain(value)}" for key, value in term.items())]
    return "\n".join(lines) + "\n"


def add_alias(text: str, where: str, term: str, alias: str, kind: str = "other") -> str:
    """The text of a `rhetoric.toml` with one more alias of a name, and the name itself where it is not there yet.

    Everything else in the file stays as it is written, comments too.

    Raises:
        ConfigError: the alias stands in the glossary already, or the file is written in a way that only its author
            can change; see also `parse_config`.
    """
    import json

    known = parse_config(text, where).glossary
    names = [entry.term for entry in known]
    lines = text.splitlines()
    if term in names:
        aliases = [*known[names.index(term)].aliases, alias]
        written = _put_aliases(lines, names.index(term), f"aliases = {json.dumps(aliases, ensure_ascii=False)}")
    else:
        aliases = [alias]
        written = [*lines, "", "[[glossary]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in
                                                 (("term", term), ("kind", kind), ("aliases", aliases)))]
    changed = "\n".join(written) + "\n"
    found = {entry.term: list(entry.aliases) for entry in parse_config(changed, where).glossary}
    if found != {entry.term: list(entry.aliases) for entry in known} | {term: aliases}:
        raise ConfigError(f"{where}: its glossary is not written as [[glossary]] tables; add {alias!r} to the aliases "
                          f"of {term!r} by hand")
    return changed


def _put_aliases(lines: list[str], number: int, written: str) -> list[str]:
    """The lines with `aliases` of one `[[glossary]]` table put in or exchanged; as they are where it is not found."""
    heads = [at for at, line in enumerate(lines) if line.split("#")[0].strip() == "[[glossary]]"]
    if number >= len(heads):
        return lines
    start = heads[number] + 1
    end = next((at for at in range(start, len(lines)) if lines[at].lstrip().startswith("[")), len(lines))
    first = next((at for at in range(start, end) if lines[at].split("=")[0].strip() == "aliases"), None)
    if first is not None:
        last = next((at for at in range(first, end) if "]" in lines[at]), first)
        return [*lines[:first], written, *lines[last + 1 :]]
    keys = [at for at in range(start, end) if "=" in lines[at]]
    after = (keys[-1] if keys else start - 1) + 1
    return [*lines[:after], written, *lines[after:]]
