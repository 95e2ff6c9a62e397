"""Write a report where it belongs, and open it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from costplan.cli.output import refuse_place, write, write_bytes
from costplan.cli.report.options import ReportOptions
from costplan.cli.report.progress import ReportProgress
from costplan.cli.report.report_data import build_report_data
from costplan.graphics.charts.drawing_library import start_drawing
from costplan.language.translator import Translator
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.report.blocks import Chart, Report


class OutputOptions(NamedTuple):
    """How and where the report is wanted."""

    places: Mapping[str, Path]
    """Form -> file; `-` is the screen."""
    assets: Path | None
    force: bool
    is_brief: bool
    has_charts: bool
    is_opened: bool

    @property
    def charts_folder(self) -> Path | None:
        """Where charts of Markdown go: beside its file, unless the user names a folder or wants none."""
        place = self.places.get("md")
        if place is None or not self.has_charts or self.is_brief:
            return None
        if self.assets is not None or str(place) == "-":
            return self.assets
        return place.with_name(f"{place.stem}-charts")


def write_report(words: ReportOptions, options: OutputOptions) -> None:
    """Make the report and write every form of it.

    Raises:
        InputError: An input is wrong, or a file is in the way.
    """
    browser = _refuse_early(options)
    from costplan.report.document import brief, build_report

    language = Translator(words.language)
    with _without_collector(), ReportProgress() as progress:
        report_data = build_report_data(words, progress)
        progress("writing")
        if not options.is_brief:
            start_drawing()
        content = brief(report_data, language) if options.is_brief else build_report(report_data, language)
        files = _files(content, language, options)
        if browser is not None:
            from costplan.cli.report.pdf import printed

            progress("printing")
            files[options.places["pdf"]] = printed(files[options.places["pdf"]], browser)
    for place, data in files.items():
        _write(data, place, force=options.force)
    if options.is_opened:
        _open(options.places)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Let the collector of garbage rest: it takes a tenth of the time to find 10 MB."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _refuse_early(options: OutputOptions) -> Path | None:
    """Refuse what could not be written in the end; return the browser that prints, where one is needed.

    Raises:
        InputError: A file is in the way, there is no folder, or no browser.
    """
    for place in options.places.values():
        if str(place) != "-":
            refuse_place(place, force=options.force)
    if options.assets is not None and "md" not in options.places:
        raise InputError("--assets: only Markdown has its charts in files", hint="add --md, or leave it out")
    if options.assets is not None and (options.is_brief or not options.has_charts):
        other = "--brief" if options.is_brief else "--no-charts"
        raise InputError(
            Reason("--assets: with {other} there are no charts to put there", other), hint="leave one out"
        )
    if not options.has_charts and "md" not in options.places:
        raise InputError("--no-charts: only Markdown goes without its charts", hint="add --md")
    folder = options.charts_folder
    if folder is not None and (folder.is_symlink() or (folder.exists() and not folder.is_dir())):
        raise InputError(
            Reason("`{path}` is not a folder", visible(str(folder))), hint="name another with --assets"
        )
    if "pdf" not in options.places:
        return None
    from costplan.cli.report.pdf import browser

    return browser()


def _files(content: Report, language: Translator, options: OutputOptions) -> dict[Path, bytes]:
    files: dict[Path, bytes] = {}
    pages = [form for form in options.places if form != "md"]
    if pages:
        from costplan.report.renderers.html import render as render_html

        page = render_html(content, language).encode()
        files |= {options.places[form]: page for form in pages}
    if "md" in options.places:
        from costplan.report.renderers.markdown import render as render_markdown

        charts = _charts(content, options.charts_folder)
        files |= charts
        links = {place.stem: _link(place, options.places["md"]) for place in charts}
        files[options.places["md"]] = render_markdown(content, links).encode()
    return files


def _charts(content: Report, folder: Path | None) -> dict[Path, bytes]:
    if folder is None:
        return {}
    blocks = [block for section in content.sections for block in section.blocks]
    return {
        folder / f"{block.name}.svg": block.draw().file("svg") for block in blocks if isinstance(block, Chart)
    }


def _link(chart: Path, document: Path) -> str:
    """Write where a chart is, seen from the document."""
    start = Path() if str(document) == "-" else document.parent
    return quote(Path(os.path.relpath(chart, start)).as_posix())


def _write(data: bytes, place: Path, *, force: bool) -> None:
    if str(place) == "-":
        write(data.decode(), None)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(data, place, force=force)


def _open(places: Mapping[str, Path]) -> None:
    """Open what was written.

    Raises:
        InputError: It went to the screen, or there is nothing to open it with.
    """
    import webbrowser

    first = next(iter(places.values()))
    if str(first) == "-" or not webbrowser.open(first.resolve().as_uri()):
        raise InputError("--open: there is nothing to open it with", hint="open the file yourself")
