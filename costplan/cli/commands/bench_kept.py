"""`costplan bench list` and `clean`: the runs that are kept in the user's state folder."""

from __future__ import annotations

from typing import Annotated

from costplan.cli import completions, options
from costplan.cli.parameters import Argument, Option


def list_bench(
    form: options.FormatOption = None,
    output: options.OutputOption = None,
    force: options.ForceOption = False,
) -> int | None:
    """List the runs that are kept, with their verdicts and sizes.

    [dim]costplan bench list[/dim]
    """
    from costplan.cli.bench.kept import listed
    from costplan.cli.output import check_places, show

    check_places(form, output, None, force=force)
    show(listed(), form, output, force)
    return None


def clean_bench(
    names: Annotated[
        list[str] | None,
        Argument(
            metavar="[NAME]...", help="Runs of `bench list`; all if left out.", completes=completions.runs
        ),
    ] = None,
    older_than: Annotated[
        str | None, Option(("--older-than",), metavar="TIME", help="Only those that are older: 30d.")
    ] = None,
    force: Annotated[bool, Option(("--force",), help="Remove them; else they are only named.")] = False,
    form: options.FormatOption = None,
) -> int | None:
    """Remove kept runs; without --force, say which would go.

    [dim]costplan bench clean --older-than 30d --force[/dim]
    """
    from costplan.cli.bench.kept import age_of, cleaned
    from costplan.cli.output import check_places, show

    check_places(form, None, None, force=False)
    show(cleaned(names or (), age_of("--older-than", older_than), force=force), form)
    return None
