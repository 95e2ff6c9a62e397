"""`costplan bench`: measure a model on a server, and what a million requests cost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from costplan.cli import completions, options
from costplan.cli.parameters import Argument, Option
from costplan.cli.paths import file_named

PlotOption = Annotated[
    Path | None,
    Option(
        ("--plot",),
        metavar="FILE",
        help="Draw latency and throughput as FILE.svg or FILE.png.",
        reads=file_named,
    ),
]
InstancesOption = Annotated[
    str | None,
    Option(
        ("--instances",), metavar="LIST", help="Price these, vCPU x GB: standard-v3:2x4, with commas between."
    ),
]
UtilisationOption = Annotated[
    str | None,
    Option(("--utilisation",), metavar="SHARE", help="Planned mean load, a share of capacity; 60%."),
]
AssumeOption = Annotated[
    bool,
    Option(("--assume-same-speed",), help="Assume that other machines are as fast as this one."),
]
VerboseOption = Annotated[
    bool,
    Option(("--verbose", "-v"), help="Show load points, distribution, reasons, all costs and the machine."),
]
SpeedOption = Annotated[
    list[str] | None,
    Option(
        ("--assume",),
        metavar="MACHINE=TIMES",
        help="Price a machine as so many times as fast as this one: t4=10x. Repeatable.",
    ),
]
ModelOption = Annotated[
    Path | None,
    Option(("--model",), metavar="FILE", help="An ONNX model, or a shipped one: digits, resnet50."),
]
ShapeOption = Annotated[
    list[str] | None,
    Option(("--shape",), metavar="NAME:SIZES", help="Size of an input: image:1,3,224,224. Repeatable."),
]
InputsOption = Annotated[
    Path | None,
    Option(
        ("--inputs", "--npz"),
        metavar="PATH",
        help="Real inputs: the arrays of one request (.npz), or a folder of files that are sent in turn.",
    ),
]
PreprocessOption = Annotated[
    str | None,
    Option(
        ("--preprocess",),
        metavar="HOW",
        help="What makes inputs of those files: `image`, or hook.py with your `preprocess(path)`.",
    ),
]
CalibrationOption = Annotated[
    list[Path] | None,
    Option(("--calibration",), metavar="FILE", help="Reference of `bench calibrate`. Repeatable."),
]


def bench(
    scenario: Annotated[
        str | None,
        Argument(
            metavar="[SCENARIO]",
            help="What is planned: its machines are priced. Or give --model.",
            completes=completions.scenarios_and_bench,
        ),
    ] = None,
    model: ModelOption = None,
    target: Annotated[
        str | None,
        Option(
            ("--target",),
            metavar="NAME",
            help="service, onnxruntime, triton-http, triton-grpc, tfserving-grpc or tfserving-rest.",
            completes=completions.targets,
        ),
    ] = None,
    address: Annotated[
        str | None, Option(("--address",), metavar="URL", help="Where a running server is.")
    ] = None,
    model_name: Annotated[
        str | None, Option(("--model-name",), metavar="NAME", help="The model's name on the server.")
    ] = None,
    model_version: Annotated[
        str | None,
        Option(("--model-version",), metavar="V", help="Its version there; the server's choice if left out."),
    ] = None,
    signature: Annotated[
        str | None,
        Option(("--signature",), metavar="NAME", help="TensorFlow Serving: what to call; serving_default."),
    ] = None,
    shape: ShapeOption = None,
    inputs: InputsOption = None,
    preprocess: PreprocessOption = None,
    expected: Annotated[
        Path | None, Option(("--expected",), metavar="FILE", help="Expected answers to an .npz, by name.")
    ] = None,
    batch: Annotated[str | None, Option(("--batch",), metavar="N", help="Items in each request; 1.")] = None,
    slo: Annotated[
        str | None,
        Option(("--slo",), metavar="SLO", help="Percentile and bound; the scenario's, else p99:100ms."),
    ] = None,
    mode: Annotated[
        str | None,
        Option(("--mode",), metavar="MODE", help="slo (finds the capacity), single, closed, open or batch."),
    ] = None,
    rate: Annotated[
        str | None, Option(("--rate",), metavar="R", help="Requests per second of --mode open.")
    ] = None,
    concurrency: Annotated[
        str | None, Option(("--concurrency",), metavar="N", help="Requests in flight, connections; 8.")
    ] = None,
    arrivals: Annotated[
        str | None,
        Option(("--arrivals",), metavar="KIND", help="poisson, constant, or a file of recorded offsets."),
    ] = None,
    duration: Annotated[
        str | None, Option(("--duration",), metavar="TIME", help="Of each load point; else as answers need.")
    ] = None,
    budget: Annotated[
        str | None, Option(("--budget",), metavar="TIME", help="Time for all load points; 45 s.")
    ] = None,
    quick: Annotated[
        bool, Option(("--quick",), help="The whole run in about 20 s: wider intervals, the same verdicts.")
    ] = False,
    timeout: Annotated[
        str | None, Option(("--timeout",), metavar="TIME", help="Timeout of one request; 10 s.")
    ] = None,
    seed: Annotated[
        str | None, Option(("--seed",), metavar="N", help="Seed of schedules and inputs; 1.")
    ] = None,
    threads: Annotated[
        str | None,
        Option(
            ("--threads",),
            metavar="N",
            help="Threads of ONNX Runtime; `sweep` tries 1, half and all, in one session and in several.",
        ),
    ] = None,
    sessions: Annotated[
        str | None,
        Option(("--sessions",), metavar="N", help="Sessions of ONNX Runtime that answer at the same time."),
    ] = None,
    provider: Annotated[
        str | None,
        Option(
            ("--provider",),
            metavar="NAME",
            help="What ONNX Runtime computes with: cpu, cuda, tensorrt or openvino, where installed; cpu.",
        ),
    ] = None,
    quantise: Annotated[
        str | None,
        Option(
            ("--quantise",),
            metavar="KIND",
            help="int8: compare with the model in 8-bit weights; static with --inputs, else dynamic.",
        ),
    ] = None,
    save_quantised: Annotated[
        Path | None,
        Option(("--save-quantised",), metavar="FILE", help="Keep that model.", reads=file_named),
    ] = None,
    json_tensors: Annotated[
        bool, Option(("--json-tensors",), help="Send tensors as JSON (gRPC: typed), not as raw bytes.")
    ] = False,
    backend: Annotated[
        str | None,
        Option(
            ("--backend",),
            metavar="NAME",
            help="Model server behind --target service, by its protocol: triton-grpc, ...",
        ),
    ] = None,
    backend_address: Annotated[
        str | None, Option(("--backend-address",), metavar="ADDRESS", help="Where it runs, host:port.")
    ] = None,
    instances: InstancesOption = None,
    utilisation: UtilisationOption = None,
    assume_same_speed: AssumeOption = False,
    assume: SpeedOption = None,
    calibration: CalibrationOption = None,
    currency: options.CurrencyOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = None,
    output: options.OutputOption = None,
    force: options.ForceOption = False,
    journal: Annotated[
        Path | None, Option(("--journal",), metavar="FILE", help="Write samples to this file as they come.")
    ] = None,
    plot: PlotOption = None,
    verbose: VerboseOption = False,
    allow_public: Annotated[
        bool,
        Option(("--allow-public", "--allow-public-target"), help="The public host that is loaded is mine."),
    ] = False,
    catalog: options.CatalogOption = None,
    overlay: options.OverlayOption = None,
) -> int | None:
    """Measured latency, capacity at an SLO, and the cost of a million requests.

    [dim]costplan bench stage1[/dim]
    [dim]costplan bench --model resnet.onnx --shape input:1,3,224,224 --slo p99:200ms[/dim]
    [dim]costplan bench --model resnet.onnx --quantise int8[/dim]
    [dim]costplan bench stage2 --target triton-grpc --address 10.0.0.5:8001 --model-name digits[/dim]
    """
    from costplan.cli.bench.options import BenchWords
    from costplan.cli.extras import needs_extra

    with needs_extra():
        from costplan.cli.bench.run import run_bench

        words = BenchWords(
            scenario=scenario, model=model, target=target, address=address, model_name=model_name,
            model_version=model_version, signature=signature,
            shape=tuple(shape or ()), inputs=inputs, preprocess=preprocess, expected=expected, batch=batch,
            slo=slo, mode=mode, rate=rate,
            concurrency=concurrency, arrivals=arrivals, duration=duration, budget=budget, timeout=timeout,
            seed=seed, threads=threads, sessions=sessions, provider=provider, json_tensors=json_tensors,
            backend=backend,
            backend_address=backend_address, instances=instances, utilisation=utilisation,
            assume_same_speed=assume_same_speed, assume=tuple(assume or ()),
            calibration=tuple(calibration or ()), currency=currency, as_of=as_of, form=form, output=output,
            force=force, journal=journal, plot=plot, allow_public=allow_public, catalog=catalog,
            overlay=tuple(overlay or ()), verbose=verbose, quick=quick,
        )  # fmt: skip
        if quantise is not None or save_quantised is not None:
            from costplan.cli.bench.quantised import run_quantised

            return run_quantised(words, quantise, save_quantised)
        return run_bench(words)


def show_bench(
    file: Annotated[
        Path,
        Argument(
            metavar="FILE", help="A result, or the journal of a run, even killed.", completes=completions.runs
        ),
    ],
    instances: InstancesOption = None,
    utilisation: UtilisationOption = None,
    assume_same_speed: AssumeOption = False,
    assume: SpeedOption = None,
    calibration: CalibrationOption = None,
    currency: options.CurrencyOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = None,
    output: options.OutputOption = None,
    force: options.ForceOption = False,
    plot: PlotOption = None,
    verbose: VerboseOption = False,
    catalog: options.CatalogOption = None,
    overlay: options.OverlayOption = None,
) -> int | None:
    """Show a result again, price it anew, or sum up a killed run.

    [dim]costplan bench show run.jsonl -o result.json[/dim]
    [dim]costplan bench show result.json --instances standard-v3:4x8 --currency USD[/dim]
    [dim]costplan bench show result.json --calibration standard-v3.json[/dim]
    """
    from costplan.cli.bench.output import CostWords, priced, read_result, write_result
    from costplan.cli.output import check_places

    check_places(form, output, plot, force=force)
    measured = read_result(file)
    words = CostWords(
        None, instances, utilisation, assume_same_speed, tuple(calibration or ()), currency, as_of, catalog,
        tuple(overlay or ()), tuple(assume or ()),
    )  # fmt: skip
    if not measured.cost or any(words):
        measured = priced(measured, words)
    write_result(measured, form, output, plot, force=force, is_detailed=verbose)
    return None
