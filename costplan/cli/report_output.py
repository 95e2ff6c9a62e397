"""Write a report where it belongs, and open it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from costplan.cli.output import refuse_place, write, write_bytes
from costplan.cli.report_material import gather
from costplan.cli.report_progress import Progress
from costplan.cli.report_words import ReportWords
from costplan.errors import InputError


class Wanted(NamedTuple):
    """How and where the report is wanted."""

    places: Mapping[str, Path]
    """Form -> file; `-` is the screen."""
    assets: Path | None
    force: bool
    is_brief: bool
    has_charts: bool
    is_opened: bool


def deliver(words: ReportWords, wanted: Wanted) -> None:
    """Make the report and write every form of it.

    Raises:
        InputError: An input is wrong, or a file is in the way.
    """
    for place in wanted.places.values():
        if str(place) != "-":
            refuse_place(place, force=wanted.force)
    from costplan.report.paper.document import brief, paper
    from costplan.report.paper.words import Words

    language = Words(words.language)
    with Progress() as progress:
        material = gather(words, progress)
        progress("writing")
        content = brief(material, language) if wanted.is_brief else paper(material, language)
        files: dict[Path, bytes] = {}
        if "html" in wanted.places or "pdf" in wanted.places:
            from costplan.report.paper.html import render

            page = render(content, language)
        if "html" in wanted.places:
            files[wanted.places["html"]] = page.encode()
    for place, data in files.items():
        _write(data, place, force=wanted.force)
    if wanted.is_opened:
        _open(wanted.places)


def _write(data: bytes, place: Path, *, force: bool) -> None:
    if str(place) == "-":
        write(data.decode(), None)
    else:
        write_bytes(data, place, force=force)


def _open(places: Mapping[str, Path]) -> None:
    import webbrowser

    first = next(place for place in places.values())
    if str(first) == "-" or not webbrowser.open(first.resolve().as_uri()):
        raise InputError("there is nothing to open it with", hint="open the file yourself")
