"""`costplan diff`."""

from __future__ import annotations

from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Option


def diff(
    answer: options.Answer,
    changes: options.Changes,
    layers: options.Layers,
    designs: options.OldAndNew = None,
    start: options.RevisionOption = None,
    currency: options.CurrencyOption = None,
    days: options.DaysOption = None,
    verbose: Annotated[bool, Option(("--verbose", "-v"), help="Show the smaller changes too.")] = False,
    exit_code: Annotated[bool, Option(("--exit-code",), help="Exit with 1 when anything changed.")] = False,
) -> int | None:
    """Why one bill is not another: by resource, by line, with the cause of each change.

    [dim]costplan diff old.yaml new.yaml[/dim]
    [dim]costplan diff stage2 stage2:preemptible[/dim]
    [dim]costplan diff plan.json[/dim]
    [dim]costplan diff --from main shop.yaml[/dim]
    [dim]costplan diff stage2 --as-of 2026-01-01 --as-of 2026-06-01[/dim]
    """
    from costplan.cli.output import check_places, show_changed
    from costplan.inputs.diff.ask import diff_of
    from costplan.inputs.diff.request import DiffRequest
    from costplan.messages.errors import ExitCode

    check_places(answer.form, answer.path, force=answer.force)
    request = DiffRequest(tuple(designs or ()), tuple(days or ()), currency, start)
    found = diff_of(request, layers, changes)
    show_changed(found, *answer, changed=found.changed, is_detailed=verbose)
    return ExitCode.NO if exit_code and found.changed else None
