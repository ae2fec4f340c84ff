"""The page as bytes: template, style, script and data in one file, under a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from rhetoric.codebook import FUNCTION_LABELS, GROUP_NAMES
from rhetoric.report import formats, measures, palette
from rhetoric.report.chapter_texts import CHAPTERS
from rhetoric.report.outside import clean, origin_of
from rhetoric.report.page import Page, held
from rhetoric.report.texts import PAGE, SCRIPT
from rhetoric.report.transcript import embed, page_data
from rhetoric.types import Comparison, Tables, Text

if TYPE_CHECKING:
    import jinja2

CARRIED = 300_000  # characters of a file from which on it is not carried inside the page as well
BESIDE = frozenset({"retold.csv", "novelty.csv", "spread.csv"})  # too long to be carried inside the page as well
GROUP_TEXTS = {key: Text(en=en, zh=zh) for key, (en, zh) in GROUP_NAMES.items()} | {"none": PAGE["not_speech"]}


def _file(name: str) -> str:
    return resources.files("rhetoric.report").joinpath("templates", name).read_text(encoding="utf-8")


def policy(script: str, media: str = "") -> str:
    """Content security policy: only this script by its hash, inline styles, and sound from beside the page."""
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    origin = f" {host}" if (host := origin_of(media)) else ""
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        f"media-src 'self' file: data: blob:{origin}; base-uri 'none'; form-action 'none'"
    )


def _finalize(value: object) -> object:
    """Every string a template prints is cleaned of control characters first; markup made here has none."""
    from markupsafe import Markup

    return value if not isinstance(value, str) or isinstance(value, Markup) else clean(value)


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("rhetoric.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.globals.update(formats=formats, measures=measures, groups=GROUP_TEXTS)
    return environment


def _tips() -> dict[str, list[list[str]]]:
    """Tooltips: name and definition of each label, a pair for each language."""
    return {
        f"fn-{label.key}": [[label.name_en, label.definition_en], [label.name_zh, label.definition_zh]]
        for label in FUNCTION_LABELS
    }


def _script_data(
    page: Page, files: dict[str, str], comparison: Comparison, tables: Tables, media: str
) -> dict[str, Any]:
    return page_data(replace(comparison, speeches=held(comparison)), tables, media) | {
        "title": [clean(page.title.en), clean(page.title.zh)],
        "ui": {key: [text.en, text.zh] for key, text in SCRIPT.items()},
        "tips": _tips(),
        "files": {name: "\ufeff" + text for name, text in files.items()
                  if name not in BESIDE and len(text) <= CARRIED},
    }


def html(
    page: Page, files: dict[str, str], comparison: Comparison, tables: Tables, *, lang: str, media: str, version: str
) -> bytes:
    """Render the page as UTF-8. What is marked as markup here is our own: style, script, and JSON that is escaped."""
    from markupsafe import Markup

    script = _file("script.js")
    text = (
        _environment()
        .get_template("page.html.j2")
        .render(
            page=page,
            t=PAGE,
            c=CHAPTERS,
            lang=lang if lang in ("en", "zh") else "en",
            version=version,
            policy=Markup(policy(script, media)),  # noqa: S704
            style=Markup(palette.css() + _file("style.css")),  # noqa: S704
            script=Markup(script),  # noqa: S704
            data=Markup(embed(_script_data(page, files, comparison, tables, media))),  # noqa: S704
        )
    )
    return text.encode("utf-8", "replace")
