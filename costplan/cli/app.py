"""The command tree. Commands import what they need when they run, so that `--help` stays quick."""

from __future__ import annotations

from typing import Annotated

import typer

from costplan.cli import catalog, check, compare, doctor, estimate, explain, scenario, schema

app = typer.Typer(
    name="costplan",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        from costplan import __version__

        typer.echo(f"costplan {__version__}")
        raise typer.Exit


@app.callback()
def costplan(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show a traceback when something goes wrong.")
    ] = False,
) -> None:
    """What an AI inference service on Yandex Cloud will cost, and which design to build, before it is built.

    [dim]costplan estimate stage2[/dim]  the month's bill, line by line
    [dim]costplan compare[/dim]          the three stages side by side
    """


app.command()(estimate.estimate)
app.command()(compare.compare)
app.command()(explain.explain)
app.command()(check.check)
app.add_typer(catalog.app, name="catalog")
app.add_typer(scenario.app, name="scenario")
app.command()(schema.schema)
app.command()(doctor.doctor)
