"""Options of `costplan note`: where it goes, and what is written beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

from costplan.cli import completions
from costplan.cli.parameters import Option
from costplan.cli.paths import file_named


class PostWords(NamedTuple):
    """Where the note is posted."""

    post: Annotated[
        str | None,
        Option(
            ("--post",),
            metavar="SITE",
            help="Post it: gitlab, github, sourcecraft, or auto for the one whose pipeline runs.",
            completes=completions.sites,
        ),
    ] = None
    host: Annotated[
        str | None,
        Option(
            ("--host",),
            metavar="HOST",
            help="Host of your own GitLab or GitHub, that the token may be sent to.",
        ),
    ] = None
    project: Annotated[
        str | None, Option(("--project",), metavar="NAME", help="Project; else the one of the pipeline.")
    ] = None
    request: Annotated[
        str | None,
        Option(("--request",), metavar="NUMBER", help="Merge request; else the one of the pipeline."),
    ] = None
    dry_run: Annotated[bool, Option(("--dry-run",), help="Say what would be sent, and send nothing.")] = False


class NoteFiles(NamedTuple):
    """Where the note and what goes with it are written."""

    output: Annotated[
        Path | None,
        Option(("--output", "-o"), metavar="FILE", help="Write the note to this file.", reads=file_named),
    ] = None
    summary: Annotated[
        bool, Option(("--summary",), help="Add it to the summary of a GitHub workflow's run.")
    ] = False
    annotations: Annotated[
        Path | None,
        Option(
            ("--annotations",),
            metavar="FILE",
            help="Write a link to the report as annotations of a GitLab job.",
            reads=file_named,
        ),
    ] = None
    terraform_report: Annotated[
        Path | None,
        Option(
            ("--terraform-report",),
            metavar="FILE",
            help="Write the counts that GitLab shows for Terraform.",
            reads=file_named,
        ),
    ] = None
