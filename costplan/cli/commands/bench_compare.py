"""`costplan bench compare`: measurements side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from costplan.cli import options
from costplan.cli.commands.bench import AssumeOption, CalibrationOption, InstancesOption, UtilisationOption
from costplan.cli.parameters import Argument, Option
from costplan.cli.paths import file_named

PlotOption = Annotated[
    Path | None,
    Option(("--plot",), metavar="FILE", help="Draw the ratios as FILE.svg or FILE.png.", reads=file_named),
]


def compare_bench(
    files: Annotated[
        list[Path] | None,
        Argument(metavar="[FILE]...", help="Results to compare with the first; journals too."),
    ] = None,
    instances: InstancesOption = None,
    utilisation: UtilisationOption = None,
    assume_same_speed: AssumeOption = False,
    calibration: CalibrationOption = None,
    currency: options.CurrencyOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = None,
    output: options.OutputOption = None,
    force: options.ForceOption = False,
    plot: PlotOption = None,
    catalog: options.CatalogOption = None,
    overlay: options.OverlayOption = None,
) -> int | None:
    """Compare measurements: how many times as fast and as cheap, and how sure.

    [dim]costplan bench compare fp32.json int8.json[/dim]
    """
    from costplan.cli.bench.compare import AnswerWords, answer, compared_files
    from costplan.cli.bench.output import CostWords
    from costplan.cli.output import check_places

    check_places(form, output, plot, force=force)
    costs = CostWords(
        None, instances, utilisation, assume_same_speed, tuple(calibration or ()), currency, as_of, catalog,
        tuple(overlay or ()),
    )  # fmt: skip
    return answer(compared_files(files or (), costs), AnswerWords(form, output, plot, force))
