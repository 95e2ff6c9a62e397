"""`costplan note`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Option
from costplan.cli.review.options import NoteFiles, PostWords


def write_note(
    files: NoteFiles,
    place: PostWords,
    changes: options.Changes,
    layers: options.Layers,
    designs: options.OldAndNew = None,
    start: options.RevisionOption = None,
    currency: options.CurrencyOption = None,
    days: options.DaysOption = None,
    policy: Annotated[
        list[Path] | None,
        Option(("--policy",), metavar="FILE", help="Say what rules of this policy break. Repeatable."),
    ] = None,
    report: Annotated[
        str | None, Option(("--report",), metavar="URL", help="Address of the full report, to link to.")
    ] = None,
    key: Annotated[
        str | None, Option(("--key",), metavar="KEY", help="Tells several notes of one merge request apart.")
    ] = None,
    force: options.ForceOption = False,
) -> None:
    """The note on a merge request: what a change costs, as Markdown; posted once, then kept up to date.

    [dim]costplan note old.yaml new.yaml[/dim]
    [dim]costplan note --from main shop.yaml[/dim]
    [dim]costplan note old.yaml new.yaml --post gitlab --project 42 --request 7 --dry-run[/dim]
    """
    from costplan.cli.clock import today
    from costplan.cli.review.note import Note, check_note, hand_out
    from costplan.cli.review.policies import policies_of
    from costplan.inputs.diff.judged import judged_diff
    from costplan.inputs.diff.request import DiffRequest

    note = Note(files, place, report, key, force=force)
    checked = check_note(note)
    request = DiffRequest(tuple(designs or ()), tuple(days or ()), currency, start)
    hand_out(note, checked, *judged_diff(request, policies_of(policy), today(), layers, changes))
