"""`costplan bench compare`: measurements side by side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from costplan.cli import completions, options
from costplan.cli.commands.bench import (
    AssumeOption,
    CalibrationOption,
    InputsOption,
    InstancesOption,
    PreprocessOption,
    ShapeOption,
    SpeedOption,
)
from costplan.cli.parameters import Argument, Option
from costplan.cli.paths import file_named
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

PlotOption = Annotated[
    Path | None,
    Option(("--plot",), metavar="FILE", help="Draw the ratios as FILE.svg or FILE.png.", reads=file_named),
]


def compare_bench(
    files: Annotated[
        list[Path] | None,
        Argument(
            metavar="[FILE]...",
            help="Results to compare with the first; journals too, and runs of `bench list`.",
            completes=completions.runs,
        ),
    ] = None,
    model: Annotated[
        list[Path] | None,
        Option(("--model",), metavar="FILE", help="An ONNX model to run in turns with others. Repeatable."),
    ] = None,
    target: Annotated[
        list[str] | None,
        Option(
            ("--target",), metavar="NAME", help="As of `bench`. Repeatable.", completes=completions.targets
        ),
    ] = None,
    address: Annotated[
        list[str] | None, Option(("--address",), metavar="URL", help="A running server. Repeatable.")
    ] = None,
    model_name: Annotated[
        list[str] | None,
        Option(("--model-name",), metavar="NAME", help="The model's name on the server. Repeatable."),
    ] = None,
    threads: Annotated[
        list[str] | None,
        Option(("--threads",), metavar="N", help="Threads of ONNX Runtime. Repeatable."),
    ] = None,
    sessions: Annotated[
        list[str] | None,
        Option(("--sessions",), metavar="N", help="Sessions of ONNX Runtime at once. Repeatable."),
    ] = None,
    provider: Annotated[
        list[str] | None,
        Option(("--provider",), metavar="NAME", help="What ONNX Runtime computes with. Repeatable."),
    ] = None,
    rounds: Annotated[
        str | None, Option(("--rounds",), metavar="N", help="Runs of each, in turns; 5.")
    ] = None,
    shape: ShapeOption = None,
    inputs: InputsOption = None,
    preprocess: PreprocessOption = None,
    slo: Annotated[
        str | None, Option(("--slo",), metavar="SLO", help="Percentile and bound; p99:100ms.")
    ] = None,
    duration: Annotated[
        str | None, Option(("--duration",), metavar="TIME", help="Duration of each load point; 1 s.")
    ] = None,
    budget: Annotated[
        str | None, Option(("--budget",), metavar="TIME", help="Time limit of the search in a run; 15 s.")
    ] = None,
    seed: Annotated[
        str | None, Option(("--seed",), metavar="N", help="Seed of schedules and inputs; 1.")
    ] = None,
    instances: InstancesOption = None,
    assume_same_speed: AssumeOption = False,
    assume: SpeedOption = None,
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
    [dim]costplan bench compare --model fp32.onnx --model int8.onnx --slo p99:50ms[/dim]
    [dim]costplan bench compare --model mine.onnx --threads 1 --threads 4[/dim]
    """
    from costplan.cli.bench.compare import AnswerWords, answer, compared_files
    from costplan.cli.bench.options import BenchWords
    from costplan.cli.extras import needs_extra
    from costplan.cli.output import check_places

    check_places(form, output, plot, force=force)
    several = {
        "model": model, "target": target, "address": address, "model_name": model_name, "threads": threads,
        "sessions": sessions, "provider": provider,
    }  # fmt: skip
    words = BenchWords(
        shape=tuple(shape or ()), inputs=inputs, preprocess=preprocess, slo=slo,
        duration=duration, budget=budget, seed=seed,
        instances=instances, assume_same_speed=assume_same_speed,
        assume=tuple(assume or ()),
        calibration=tuple(calibration or ()), currency=currency, as_of=as_of, catalog=catalog,
        overlay=tuple(overlay or ()),
    )  # fmt: skip
    written = AnswerWords(form, output, plot, force)
    if files or not any(several.values()):
        _refuse_what_only_runs_take({**words._asdict(), **several, "rounds": rounds})
        return answer(compared_files(files or (), words.costs()), written)
    with needs_extra("costplan bench compare --model"):
        from costplan.cli.bench.turns import compared_in_turns, variants_of

        given = {name: values or () for name, values in several.items()}
        return answer(compared_in_turns(variants_of(words, given), rounds), written)


_ONLY_OF_RUNS = (
    "model", "target", "address", "model_name", "threads", "sessions", "provider", "rounds", "shape",
    "inputs", "preprocess", "slo", "duration", "budget", "seed",
)  # fmt: skip


def _refuse_what_only_runs_take(given: Mapping[str, object]) -> None:
    """Refuse options about runs beside saved results: they would be dropped.

    Raises:
        InputError: One was given.
    """
    named = next((name for name in _ONLY_OF_RUNS if given[name]), None)
    if named is not None:
        raise InputError(
            Reason("--{option}: saved results are not measured again", named.replace("_", "-")),
            hint="name files, or give --model twice",
        )
