"""`costplan ci`: ready pipeline files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from costplan.cli import completions, options
from costplan.cli.parameters import Argument, Option
from costplan.cli.paths import file_named


def write_pipeline(
    pipeline: Annotated[
        str,
        Argument(
            metavar="KIND",
            help="gitlab, github, sourcecraft or pre-commit.",
            completes=completions.pipelines,
        ),
    ],
    design: Annotated[
        str, Argument(metavar="DESIGN", help="The scenario, plan or folder of Terraform in the repository.")
    ],
    output: Annotated[
        Path | None,
        Option(
            ("--output", "-o"),
            metavar="FILE",
            help="Write to this file, such as .gitlab-ci.yml; to the screen if left out.",
            reads=file_named,
        ),
    ] = None,
    wheel: Annotated[
        str | None,
        Option(("--wheel",), metavar="WHAT", help="What pip installs: path or address of costplan's wheel."),
    ] = None,
    workload: Annotated[
        str | None,
        Option(
            ("--workload",),
            metavar="FILE",
            help="The usage file of the design in the repository, or the scenario with its workload.",
        ),
    ] = None,
    policies: Annotated[
        list[str] | None,
        Option(
            ("--policy",), metavar="FILE", help="A policy to hold it against, in the repository. Repeatable."
        ),
    ] = None,
    force: options.ForceOption = False,
) -> None:
    """A ready pipeline file: the note on a merge request, and the gate.

    [dim]costplan ci gitlab shop.yaml -o .gitlab-ci.yml[/dim]
    [dim]costplan ci github infra --workload usage.yaml --policy platform.yaml[/dim]
    """
    from costplan.cli.output import write
    from costplan.cli.places import SCENARIO_ENDINGS, refuse_file
    from costplan.inputs.values import one_of
    from costplan.posting.pipelines import PIPELINES, pipeline_text

    refuse_file(output, SCENARIO_ENDINGS, force=force)
    kind = one_of("KIND", pipeline, list(PIPELINES))
    text = pipeline_text(kind, design, wheel, workload=workload, policies=policies or ())
    write(text, output, force=force)
