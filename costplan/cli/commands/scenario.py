"""`costplan scenario`: find and start scenarios."""

from __future__ import annotations

from typing import Annotated

from costplan.cli import completions, options
from costplan.cli.parameters import Argument, Option


def list_scenarios(
    answer: options.Answer,
) -> None:
    """The scenarios that come with costplan, with their variants.

    [dim]costplan scenario list[/dim]
    """
    from costplan.analysis.inventory.scenario_list import scenario_list
    from costplan.cli.output import check_places, show

    check_places(answer.form, answer.path, force=answer.force)
    show(scenario_list(), *answer)


def new_scenario(
    name: Annotated[str, Argument(metavar="NAME", help="Name of the new scenario; the file is NAME.yaml.")],
    base: Annotated[
        str,
        Option(
            ("--from",), metavar="SCENARIO", help="Scenario to start from.", completes=completions.shipped
        ),
    ] = "stage1",
    output: options.OutputOption = None,
    force: options.ForceOption = False,
) -> None:
    """Start a scenario of your own as changes to a shipped one.

    [dim]costplan scenario new shop --from stage2[/dim]
    """
    from pathlib import Path

    from costplan.cli.output import write
    from costplan.cli.places import SCENARIO_ENDINGS, refuse_file
    from costplan.scenario.template import new_document

    path = output or Path(f"{name}.yaml")
    refuse_file(path, SCENARIO_ENDINGS, force=force)
    write(new_document(name, base), path, force=force)
