"""Options that commands share, each defined once, and the bundles that several commands take whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

from costplan.cli import completions
from costplan.cli.parameters import Argument, Option
from costplan.cli.paths import file_named
from costplan.inputs import bundles

ScenarioArgument = Annotated[
    str,
    Argument(
        metavar="SCENARIO",
        help="A shipped scenario, a file, or - for stdin; [b]stage2:preemptible[/b] applies a variant.",
        completes=completions.scenarios,
    ),
]
ScenariosArgument = Annotated[
    list[str] | None,
    Argument(
        metavar="[SCENARIO]...",
        help="Scenarios; the three stages if left out.",
        completes=completions.scenarios,
    ),
]
FormatOption = Annotated[
    str | None,
    Option(
        ("--format", "-f"),
        metavar="FORMAT",
        help="table, json, csv, md, jsonl, xlsx or parquet; with -o FILE its ending decides.",
        completes=completions.formats,
    ),
]
OutputOption = Annotated[
    Path | None,
    Option(
        ("--output", "-o"),
        metavar="FILE",
        help="Write to this file, by its ending .json, .csv, .md, .txt, .jsonl, .xlsx, .parquet.",
        reads=file_named,
    ),
]
ForceOption = Annotated[bool, Option(("--force",), help="Replace the output file if it is there.")]
CurrencyOption = Annotated[
    str | None,
    Option(
        ("--currency",),
        metavar="CODE",
        help="Currency of the catalog's prices; the scenario's own if left out.",
        setting="currency",
        completes=completions.currencies,
    ),
]
AsOfOption = Annotated[
    str | None,
    Option(
        ("--as-of",),
        metavar="DATE",
        help="Use the prices of that day, such as 2026-05-01.",
        setting="as_of",
    ),
]
SetOption = Annotated[
    list[str] | None,
    Option(("--set",), metavar="PATH=VALUE", help="Change the scenario: resources.api.vcpu=4. Repeatable."),
]
VariantOption = Annotated[
    list[str] | None,
    Option(
        ("--variant",),
        metavar="NAME",
        help="Apply a variant of the scenario. Repeatable.",
        completes=completions.variants,
    ),
]
RequestsOption = Annotated[
    str | None, Option(("--requests",), metavar="COUNT", help="Requests a month: 5M, 20 req/s.")
]
QuotasOption = Annotated[
    list[Path] | None,
    Option(("--quotas",), metavar="FILE", help="Quotas of the account, as the provider's CLI exports them."),
]
WorkloadOption = Annotated[
    Path | None,
    Option(
        ("--workload",),
        metavar="FILE",
        help="Take the workload of this scenario, or the usage file of a Terraform plan.",
    ),
]
CatalogOption = Annotated[
    Path | None,
    Option(
        ("--catalog",),
        metavar="DIR",
        help="Price from this catalog instead of the shipped one.",
        setting="catalog",
    ),
]
OverlayOption = Annotated[
    list[Path] | None,
    Option(
        ("--overlay",),
        metavar="DIR",
        help="Lay these prices over the catalog. Repeatable.",
        setting="overlay",
    ),
]
PlotOption = Annotated[
    Path | None,
    Option(("--plot",), metavar="FILE", help="Draw it too, as FILE.svg or FILE.png.", reads=file_named),
]
StrictOption = Annotated[
    bool, Option(("--strict",), help="Exit with 1 when a price is missing, or a stated size not billed.")
]


SeedOption = Annotated[
    str | None, Option(("--seed",), metavar="NUMBER", help="Another seed gives other draws; 1 if left out.")
]
DrawsOption = Annotated[
    str | None,
    Option(("--draws",), metavar="COUNT", help="Draws, rounded up to a power of two: 100K if left out."),
]


JunitOption = Annotated[
    Path | None,
    Option(("--junit",), metavar="FILE", help="Write JUnit's XML too: .xml.", reads=file_named),
]
SarifOption = Annotated[
    Path | None,
    Option(("--sarif",), metavar="FILE", help="Write SARIF 2.1.0 too: .sarif or .json.", reads=file_named),
]
CodequalityOption = Annotated[
    Path | None,
    Option(
        ("--codequality",),
        metavar="FILE",
        help="Write GitLab's code quality report too: .json.",
        reads=file_named,
    ),
]


class Answer(NamedTuple):
    """How and where a command answers."""

    form: FormatOption = None
    path: OutputOption = None
    force: ForceOption = False


class Artefacts(NamedTuple):
    """Files for pipelines besides the answer."""

    junit: JunitOption = None
    sarif: SarifOption = None
    codequality: CodequalityOption = None


class Layers(bundles.Layers):
    """Where prices are read."""

    catalog: CatalogOption
    overlay: OverlayOption


class Prices(bundles.Prices):
    """Which of the prices are taken."""

    currency: CurrencyOption
    as_of: AsOfOption


class Changes(bundles.Changes):
    """How scenarios are changed before they are priced."""

    changes: SetOption
    requests: RequestsOption
    quotas: QuotasOption
    workload: WorkloadOption


class Draws(NamedTuple):
    """How uncertain inputs are drawn."""

    seed: SeedOption = None
    draws: DrawsOption = None


OldAndNew = Annotated[
    list[str] | None,
    Argument(
        metavar="OLD [NEW]",
        help="Two designs or saved estimates; or one: a plan, or with --from or two days.",
        completes=completions.scenarios,
    ),
]
RevisionOption = Annotated[
    str | None,
    Option(
        ("--from",),
        metavar="REVISION",
        help="Compare with the design as it was at this branch, tag or commit of git.",
    ),
]
DaysOption = Annotated[
    list[str] | None,
    Option(
        ("--as-of",),
        metavar="DATE",
        help="Use the prices of that day; twice: of one for each.",
        setting="as_of",
    ),
]
