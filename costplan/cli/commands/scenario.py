"""`costplan scenario`: find and start scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from costplan.cli import completions, options
from costplan.cli.parameters import Argument, Option
from costplan.cli.paths import file_named, shown_path


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


def show_scenario(
    scenario: options.ScenarioArgument,
    answer: options.Answer,
    changes: options.Changes,
    layers: options.Layers,
    variant: options.VariantOption = None,
) -> None:
    """A whole scenario, after extends, variants and --set: every value and where it comes from.

    [dim]costplan scenario show stage2:preemptible[/dim]
    [dim]costplan scenario show stage1 --set workload.slo='p95 <= 1 s' -f json[/dim]
    """
    from costplan.analysis.inventory.shown_scenario import shown_scenario
    from costplan.cli.output import check_places, show
    from costplan.inputs.scenarios import loaded_scenarios

    check_places(answer.form, answer.path, force=answer.force)
    [loaded] = loaded_scenarios([scenario], layers, changes, variant)
    show(shown_scenario(loaded), *answer)


def list_kinds(answer: options.Answer) -> None:
    """The kinds of resources, one line each.

    [dim]costplan scenario kinds[/dim]
    """
    from costplan.analysis.inventory.kinds import kind_list
    from costplan.cli.output import check_places, show

    check_places(answer.form, answer.path, force=answer.force)
    show(kind_list(), *answer)


def show_kind(
    kind: Annotated[str, Argument(metavar="KIND", help="A kind of `costplan scenario kinds`.")],
    answer: options.Answer,
) -> None:
    """The keys of a kind: types, defaults, meanings; and an example.

    [dim]costplan scenario kind serverless-container[/dim]
    """
    from costplan.analysis.inventory.kinds import kind_reference
    from costplan.cli.output import check_places, show

    check_places(answer.form, answer.path, force=answer.force)
    show(kind_reference(kind), *answer)


def new_scenario(
    name: Annotated[str, Argument(metavar="NAME", help="Name of the new scenario; the file is NAME.yaml.")],
    base: Annotated[
        str | None,
        Option(
            ("--from",),
            metavar="SCENARIO",
            help="Shipped scenario to start from: stage1 when left out, none with --blank.",
            completes=completions.shipped,
        ),
    ] = None,
    is_blank: Annotated[
        bool, Option(("--blank",), help="Copy no value of a workload: a form to fill in.")
    ] = False,
    output: Annotated[
        Path | None,
        Option(
            ("--output", "-o"),
            metavar="FILE",
            help="Write to this file in place of NAME.yaml.",
            reads=file_named,
        ),
    ] = None,
    force: options.ForceOption = False,
) -> None:
    """Start a scenario of your own: changes to a shipped one, or a blank form.

    [dim]costplan scenario new shop --from stage2[/dim]
    [dim]costplan scenario new shop --blank -o -[/dim]
    """
    from costplan.cli.language import translator
    from costplan.cli.output import write
    from costplan.cli.places import SCENARIO_ENDINGS, is_screen, refuse_file
    from costplan.cli.streams import say
    from costplan.scenario.template import new_document

    path = output or Path(f"{name}.yaml")
    words = translator()
    text = new_document(name, base, words, is_blank=is_blank)  # what is no name may be no path either
    refuse_file(path, SCENARIO_ENDINGS, force=force)
    write(text, path, force=force)
    message = "state what is `~` in it; then `costplan estimate {path}`"
    if not is_blank:
        message = "put your own values where it says `yours?`; then `costplan estimate {path}`"
    if not is_screen(path):
        say(words(message, path=shown_path(path)) + "\n")
