"""A report as one HTML file that asks nothing of the network."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from costplan.datafiles import data_folder
from costplan.graphics.palette import css_variables
from costplan.language.translator import Translator
from costplan.messages.spans import spans_of
from costplan.messages.text import visible
from costplan.quantities.money import plain
from costplan.report.blocks import Block, Chart, Diagram, Report

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

STYLES = ("style.css", "whatif.css")
SCRIPTS = ("script.js", "whatif.js")


def render(report: Report, words: Translator) -> str:
    """Render a report; texts are escaped, and nothing is taken from anywhere but this file."""
    from markupsafe import Markup

    folder = data_folder("templates") / "report"
    style = _picture_colours() + _joined(folder, STYLES)
    script = _joined(folder, SCRIPTS)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            report=report,
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            labels=_labels(words),
        )
    )


def _joined(folder: Path, names: Sequence[str]) -> str:
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


def _picture_colours() -> str:
    dark = f":root{{{css_variables(dark=True)}}}"
    return f":root{{{css_variables()}}}\n@media screen and (prefers-color-scheme: dark){{{dark}}}\n"


def _policy(style: str, script: str) -> str:
    """Forbid every source; the one style sheet and the one script are named by their hashes."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _labels(words: Translator) -> dict[str, str]:
    return {
        "skip": words("Skip to the report"),
        "contents": words("Contents"),
        "closing": words(
            "Made by costplan from dated price lists. Check prices against your own contract before you sign "
            "anything; costplan is not affiliated with the provider."
        ),
    }


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(data_folder("templates") / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "kind": lambda block: type(block).__name__,
        "spans": spans_of,
        "shown": lambda text: visible(text.replace("\n", " ")),
        "kept": lambda text: "\n".join(visible(line) for line in text.replace("\t", "    ").split("\n")),
        "plain": plain,
        "picture": _picture,
    }
    return environment


def _picture(block: Block) -> Markup:
    """Return a picture as SVG to stand in the page; whoever drew it has escaped its texts."""
    from markupsafe import Markup

    if isinstance(block, Diagram):
        return Markup(block.svg())  # noqa: S704
    assert isinstance(block, Chart)
    return Markup(block.draw().inline(block.name))  # noqa: S704
