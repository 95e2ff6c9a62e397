"""`costplan doctor`."""

from __future__ import annotations

from costplan.cli import options


def doctor(
    answer: options.Answer,
) -> None:
    """What is installed, what is missing, how old the prices are.

    [dim]costplan doctor[/dim]
    """
    from costplan.analysis.inventory.health import health
    from costplan.catalog.store import default_catalog
    from costplan.cli.clock import today
    from costplan.cli.output import check_places, show
    from costplan.inputs.scenarios import catalog_opener

    check_places(answer.form, answer.path, force=answer.force)
    show(health(catalog_opener(None, None)(default_catalog()), today()), *answer)
