"""`costplan bench export` and `calibrate`: what servers and other measurements need of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from costplan.cli import options
from costplan.cli.commands.bench import ModelOption, ShapeOption
from costplan.cli.parameters import Argument, Option


def export_bench(
    model: ModelOption = None,
    triton: Annotated[
        Path | None,
        Option(("--triton",), metavar="DIR", help="Write a Triton model repository to this folder."),
    ] = None,
    tfserving: Annotated[
        Path | None,
        Option(("--tfserving",), metavar="DIR", help="Write a TensorFlow Serving layout to this folder."),
    ] = None,
    saved_model: Annotated[
        Path | None, Option(("--saved-model",), metavar="DIR", help="The SavedModel for --tfserving.")
    ] = None,
    name: Annotated[
        str | None, Option(("--name",), metavar="NAME", help="The model's name on the server.")
    ] = None,
    backend: Annotated[
        str | None,
        Option(
            ("--backend",),
            metavar="NAME",
            help="Backend of Triton: onnxruntime, or python where that is all there is (CPU only).",
        ),
    ] = None,
    gpu: Annotated[
        bool, Option(("--gpu",), help="Run it on every GPU of the server (KIND_GPU); else on the CPU.")
    ] = False,
    gpu_ids: Annotated[
        str | None, Option(("--gpu-ids",), metavar="LIST", help="Run it on these GPUs only: 0,1.")
    ] = None,
    provider: Annotated[
        str | None,
        Option(
            ("--provider",),
            metavar="NAME",
            help="What ONNX Runtime computes with: cpu or openvino; with --gpu, cuda or tensorrt.",
        ),
    ] = None,
    instances: Annotated[
        str | None,
        Option(("--instances",), metavar="N", help="Copies that run at once, on each GPU; 1."),
    ] = None,
    threads: Annotated[
        str | None, Option(("--threads",), metavar="N", help="Threads of each copy on a CPU; 1.")
    ] = None,
    max_batch_size: Annotated[
        str | None,
        Option(
            ("--max-batch-size",),
            metavar="N",
            help="Largest batch of a request; its first dimension is then the server's. 0: none.",
        ),
    ] = None,
    dynamic_batching: Annotated[
        bool,
        Option(("--dynamic-batching",), help="Let Triton join waiting requests, up to --max-batch-size."),
    ] = False,
    preferred_batch_size: Annotated[
        str | None,
        Option(("--preferred-batch-size",), metavar="LIST", help="Sizes that it sends on at once: 4,8."),
    ] = None,
    max_queue_delay: Annotated[
        str | None,
        Option(
            ("--max-queue-delay",),
            metavar="TIME",
            help="How long a request may wait for others, a part of your SLO; else it does not wait.",
        ),
    ] = None,
    shape: ShapeOption = None,
    force: options.ForceOption = False,
) -> int | None:
    """Write the files that Triton or TensorFlow Serving expects.

    [dim]costplan bench export --triton models --model digits.onnx[/dim]
    [dim]costplan bench export --triton models --gpu --max-batch-size 8 --dynamic-batching[/dim]
    """
    from costplan.cli.extras import needs_extra

    with needs_extra():
        from costplan.cli.bench.export import ExportWords, export_model

        words = ExportWords(
            model=model, triton=triton, tfserving=tfserving, saved_model=saved_model, name=name,
            backend=backend, gpu=gpu, gpu_ids=gpu_ids, provider=provider, instances=instances,
            threads=threads, max_batch_size=max_batch_size, dynamic_batching=dynamic_batching,
            preferred_batch_size=preferred_batch_size, max_queue_delay=max_queue_delay,
            shape=tuple(shape or ()), force=force,
        )  # fmt: skip
        return export_model(words)


def calibrate_bench(
    platform: Annotated[str, Argument(metavar="PLATFORM", help="Platform of this machine in the catalog.")],
    output: options.OutputOption = None,
    force: Annotated[
        bool,
        Option(
            ("--force",),
            help="Replace the file; write results of a wrong processor or a busy machine too, marked so.",
        ),
    ] = False,
) -> int | None:
    """Measure this machine as a reference that others are scaled by.

    [dim]costplan bench calibrate standard-v3 -o standard-v3.json[/dim]
    """
    from costplan.cli.extras import needs_extra

    with needs_extra():
        from costplan.cli.bench.export import calibrate_machine

        return calibrate_machine(platform, output, force)
