"""`costplan terraform`: files that are made of a plan; commands that take a scenario take a plan too."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Argument, Option
from costplan.cli.paths import ask_of_path, file_named, shown_path

PlanArgument = Annotated[
    str,
    Argument(
        metavar="PLAN",
        help="What `terraform show -json` writes of a plan or a state, or a folder; - for stdin.",
    ),
]
FileOption = Annotated[
    Path | None,
    Option(
        ("--output", "-o"),
        metavar="FILE",
        help="Write to this file; to the screen if left out.",
        reads=file_named,
    ),
]


def write_usage(plan: PlanArgument, output: FileOption = None, force: options.ForceOption = False) -> None:
    """A form for what no plan knows: one entry for each resource that is billed by its use.

    A file that is there keeps all that it says; what is new in the plan is added and marked.

    With --force it is begun anew.

    [dim]costplan terraform usage plan.json -o usage.yaml[/dim]
    [dim]costplan estimate plan.json --workload usage.yaml[/dim]
    """
    from costplan.cli.language import translator
    from costplan.cli.output import write
    from costplan.cli.places import SCENARIO_ENDINGS, is_screen, refuse_file
    from costplan.cli.streams import say
    from costplan.scenario.terraform_files import usage_text

    refuse_file(output, SCENARIO_ENDINGS, force=True)
    is_there = not force and output is not None and not is_screen(output) and ask_of_path(output, Path.exists)
    text, count, gone = usage_text(plan, output if is_there else None)
    words = translator()
    for address in gone:
        said = words("{address} is in {path}, and no longer in the plan", address=address, path=str(output))
        say(said + "\n")
    if is_there and not count:
        say(words("nothing new for {path}", path=shown_path(output or Path())) + "\n")
        return
    write(text, output, force=force or is_there)


def write_scenario(
    plan: PlanArgument,
    output: FileOption = None,
    workload: options.WorkloadOption = None,
    force: options.ForceOption = False,
) -> None:
    """A scenario whose bill is that of the plan, to the last digit.

    [dim]costplan terraform scenario plan.json -o design.yaml[/dim]
    """
    from costplan.cli.output import write
    from costplan.cli.places import SCENARIO_ENDINGS, refuse_file
    from costplan.scenario.terraform_files import scenario_text

    refuse_file(output, SCENARIO_ENDINGS, force=force)
    write(scenario_text(plan, output, workload), output, force=force)


def write_redacted(plan: PlanArgument, output: FileOption = None, force: options.ForceOption = False) -> None:
    """The plan with nothing in it but what prices hang on: it gives the same bill, and no secrets.

    [dim]costplan terraform redact plan.json -o small.json[/dim]
    """
    from costplan.cli.output import write
    from costplan.cli.places import refuse_file
    from costplan.scenario.terraform_files import redacted_text

    refuse_file(output, (".json",), force=force)
    write(redacted_text(plan), output, force=force)
