"""`checks.toml` -> conditions that a speech is held to. What they say of one is `rhetoric.compare.verdicts`."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from rhetoric.errors import ConfigError

CHECKS_NAME = "checks.toml"
EXAMPLE = '`[[check]]`, `metric = "share_story"`, `at_least = 0.3` in lines of their own (docs/check.md)'
Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[check]]`: a metric and its bounds: in its own unit, or as a percentile of the speeches it is held against."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None
    percentile_at_least: Percent | None = None
    percentile_at_most: Percent | None = None
    why: str = ""  # printed beside the verdict

    def __post_init__(self) -> None:
        own, ranked = (self.at_least, self.at_most), (self.percentile_at_least, self.percentile_at_most)
        if all(bound is None for bound in (*own, *ranked)):
            raise ValueError(f"{self.metric}: no bound; give at_least, at_most, percentile_at_least or "
                             "percentile_at_most")
        for low, high in (own, ranked):
            if not all(bound is None or math.isfinite(bound) for bound in (low, high)):
                raise ValueError(f"{self.metric}: a bound is no finite number")
            if low is not None and high is not None and low > high:
                raise ValueError(f"{self.metric}: no value can be at least {low:g} and at most {high:g}")

    @property
    def ranked(self) -> bool:
        """True if a bound is a percentile, so that other speeches are needed."""
        return self.percentile_at_least is not None or self.percentile_at_most is not None


class _Checks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    check: Annotated[tuple[Check, ...], msgspec.Meta(min_length=1)]


def read_checks(path: Path) -> tuple[Check, ...]:
    """The conditions of a `checks.toml`, in their order.

    Raises:
        ConfigError: it cannot be read, is not TOML, or says something that is no condition.
    """
    try:
        if not path.exists():
            raise ConfigError(f"{path}: no such file; write the conditions into it, each as {EXAMPLE}, or name another "
                              "file with --checks")
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return msgspec.convert(data, _Checks).check
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); write one, or name it with --checks") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}; correct the line it names") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}; each condition is a [[check]] with a metric and a bound") from error
