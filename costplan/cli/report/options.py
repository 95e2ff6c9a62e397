"""What the options of `costplan report` mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from costplan.cli.clock import today
from costplan.cli.language import language
from costplan.cli.paths import ask_of_path, shown_path
from costplan.cli.places import is_screen, known_ending
from costplan.inputs.bundles import STAGES, Changes, Layers, Prices
from costplan.inputs.values import day_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible

ENDINGS = {".html": "html", ".htm": "html", ".md": "md", ".pdf": "pdf"}


class ReportOptions(NamedTuple):
    """What the user asked for: everything that the content depends on."""

    references: Sequence[str]
    prices: Prices
    layers: Layers
    changes: Changes
    day: date
    language: str


def report_options(
    scenarios: Sequence[str] | None,
    prices: Prices,
    layers: Layers,
    changes: Changes,
    day: str | None,
) -> ReportOptions:
    """Read the options about content.

    Raises:
        InputError: A date is none, or the language is not known.
    """
    return ReportOptions(
        references=list(scenarios or STAGES),
        prices=prices,
        layers=layers,
        changes=changes,
        day=day_of(day, "--date") or today(),
        language=language(),
    )


def forms_of(*, html: bool, markdown: bool, pdf: bool, is_brief: bool, path: Path | None) -> list[str]:
    """Return the forms asked for; where none is, the ending of the file says, else it is HTML.

    Raises:
        InputError: The short form is asked for as something else than Markdown, or the ending is unknown or
            another form's.
    """
    named = [form for form, wanted in (("html", html), ("md", markdown), ("pdf", pdf)) if wanted]
    by_ending = _form_by_ending(path, named)
    if is_brief and set(named or filter(None, [by_ending])) - {"md"}:
        raise InputError("--brief is Markdown only", hint="leave out --html and --pdf")
    return named or [by_ending or ("md" if is_brief else "html")]


def _form_by_ending(path: Path | None, named: Sequence[str]) -> str | None:
    """Return what the ending of a file says; a folder and the screen say nothing."""
    if path is None or is_screen(path) or ask_of_path(path, Path.is_dir) or (named and not path.suffix):
        return None
    found = ENDINGS[known_ending(path, list(ENDINGS))]
    if len(named) == 1 and named != [found]:
        raise InputError(
            Reason("--{named} and the ending of `{path}` contradict each other", named[0], shown_path(path)),
            hint=Reason("leave --{named} out, or name a file that ends in .{named}", named[0]),
        )
    return found


def places_of(forms: Sequence[str], path: Path | None) -> dict[str, Path]:
    """Return where each form goes: `costplan-report.html` here, or in the folder that is named.

    Raises:
        InputError: Several forms are to go into one file, or PDF to the screen.
    """
    if path is None or ask_of_path(path, Path.is_dir):
        return {form: (path or Path()) / f"costplan-report.{form}" for form in forms}
    shown = visible(str(path)[:120])
    if len(forms) > 1:
        raise InputError(
            Reason("--output: {forms} do not go into one file `{shown}`", " and ".join(forms), shown),
            hint="name a folder",
        )
    if str(path) == "-" and forms[0] == "pdf":
        raise InputError("--output: a PDF is not written to the screen", hint="name a file")
    return {forms[0]: path}
