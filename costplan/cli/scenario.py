"""`costplan scenario`: find and start scenarios."""

from __future__ import annotations

from typing import Annotated

import typer

from costplan.cli import options

app = typer.Typer(help="Find scenarios and start one of your own.", no_args_is_help=True)


@app.command("list")
def list_scenarios(form: options.FormatOption = "table", output: options.OutputOption = None) -> None:
    """The scenarios that come with costplan, with their variants.

    [dim]costplan scenario list[/dim]
    """
    from costplan.analysis.scenario_list import scenario_list
    from costplan.cli.output import show

    show(scenario_list(), form, output)


@app.command("new")
def new_scenario(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the new scenario; the file is NAME.yaml.")
    ],
    base: Annotated[
        str, typer.Option("--from", metavar="SCENARIO", help="Scenario to start from.")
    ] = "stage1",
    output: options.OutputOption = None,
    force: options.ForceOption = False,
) -> None:
    """Start a scenario of your own as changes to a shipped one.

    [dim]costplan scenario new shop --from stage2[/dim]
    """
    from pathlib import Path

    from costplan.cli.output import write
    from costplan.scenario.new import new_document

    write(new_document(name, base), output or Path(f"{name}.yaml"), force=force)
