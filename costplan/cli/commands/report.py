"""`costplan report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Option
from costplan.cli.paths import folder_or_file_named


def report(
    prices: options.Prices,
    layers: options.Layers,
    changes: options.Changes,
    scenarios: options.ScenariosArgument = None,
    html: Annotated[bool, Option(("--html",), help="One HTML file; the default.")] = False,
    markdown: Annotated[bool, Option(("--md",), help="Markdown for GitLab and GitHub.")] = False,
    pdf: Annotated[bool, Option(("--pdf",), help="A4 pages; needs Chromium or Chrome.")] = False,
    path: Annotated[
        Path | None,
        Option(
            ("--output", "-o"),
            metavar="PLACE",
            help="A file, a folder, or - for the screen.",
            reads=folder_or_file_named,
        ),
    ] = None,
    force: options.ForceOption = False,
    is_opened: Annotated[bool, Option(("--open",), help="Open it when it is written.")] = False,
    is_brief: Annotated[
        bool, Option(("--brief",), help="Short, for a note on a merge request; Markdown.")
    ] = False,
    assets: Annotated[
        Path | None, Option(("--assets",), metavar="DIR", help="Where the charts of Markdown go.")
    ] = None,
    no_charts: Annotated[bool, Option(("--no-charts",), help="Markdown without charts.")] = False,
    day: Annotated[
        str | None, Option(("--date",), metavar="DATE", help="Date of the report; today if left out.")
    ] = None,
) -> int | None:
    """The document to hand on: verdict, bills, comparison, sources.

    [dim]costplan report[/dim]
    [dim]costplan report --lang ru -o otchet.html[/dim]
    [dim]costplan report stage2 --md --brief -o -[/dim]
    """
    from costplan.cli.report.options import forms_of, places_of, report_options
    from costplan.cli.report.output import OutputOptions, write_report

    forms = forms_of(html=html, markdown=markdown, pdf=pdf, is_brief=is_brief, path=path)
    words = report_options(scenarios, prices, layers, changes, day)
    write_report(
        words, OutputOptions(places_of(forms, path), assets, force, is_brief, not no_charts, is_opened)
    )
    return None
