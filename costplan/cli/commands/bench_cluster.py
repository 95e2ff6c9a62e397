"""`costplan bench worker`, `cluster` and `merge`: load from several generators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from costplan.cli import completions, options
from costplan.cli.commands.bench import (
    InputsOption,
    PlotOption,
    PreprocessOption,
    ShapeOption,
    VerboseOption,
)
from costplan.cli.parameters import Argument, Option
from costplan.cli.paths import file_named

if TYPE_CHECKING:
    from costplan.cli.bench.options import BenchWords


class SharedLoadWords(NamedTuple):
    """The load that workers share; all of them are given the same."""

    target: Annotated[
        str | None,
        Option(
            ("--target",),
            metavar="NAME",
            help="triton-http, triton-grpc, tfserving-grpc or tfserving-rest.",
            completes=completions.targets,
        ),
    ] = None
    address: Annotated[
        str | None, Option(("--address",), metavar="URL", help="Where the running server is.")
    ] = None
    model_name: Annotated[
        str | None, Option(("--model-name",), metavar="NAME", help="The model's name on the server.")
    ] = None
    shape: ShapeOption = None
    inputs: InputsOption = None
    preprocess: PreprocessOption = None
    batch: Annotated[str | None, Option(("--batch",), metavar="N", help="Items in each request; 1.")] = None
    slo: Annotated[str | None, Option(("--slo",), metavar="SLO", help="Percentile and bound; p99:100ms.")] = (
        None
    )
    rate: Annotated[
        str | None, Option(("--rate",), metavar="R", help="Requests per second of all workers together.")
    ] = None
    concurrency: Annotated[
        str | None,
        Option(("--concurrency",), metavar="N", help="Requests in flight of all together; without --rate."),
    ] = None
    arrivals: Annotated[
        str | None, Option(("--arrivals",), metavar="KIND", help="poisson or constant; poisson.")
    ] = None
    duration: Annotated[
        str | None, Option(("--duration",), metavar="TIME", help="Duration of the load; 10 s.")
    ] = None
    timeout: Annotated[
        str | None, Option(("--timeout",), metavar="TIME", help="Timeout of one request; 10 s.")
    ] = None
    seed: Annotated[str | None, Option(("--seed",), metavar="N", help="Seed of the one schedule; 1.")] = None
    json_tensors: Annotated[
        bool, Option(("--json-tensors",), help="Send tensors as JSON (gRPC: typed), not as raw bytes.")
    ] = False
    allow_public: Annotated[
        bool,
        Option(("--allow-public", "--allow-public-target"), help="The public host that is loaded is mine."),
    ] = False

    def words(self) -> BenchWords:
        """Return them as those of `costplan bench`."""
        from costplan.cli.bench.options import BenchWords

        return BenchWords(**(self._asdict() | {"shape": tuple(self.shape or ())}))


WorkersOption = Annotated[str, Option(("--workers",), metavar="N", help="How many workers share the load.")]
WaitOption = Annotated[
    str | None, Option(("--wait",), metavar="TIME", help="How long a worker waits for the others; 10 min.")
]


def run_worker(
    load: SharedLoadWords,
    workers: WorkersOption,
    run_id: Annotated[
        str, Option(("--run-id",), metavar="NAME", help="Name of the run, the same for all its workers.")
    ],
    index: Annotated[
        str | None,
        Option(("--index",), metavar="I", help="Which worker, from 0; JOB_COMPLETION_INDEX if left out."),
    ] = None,
    folder: Annotated[
        Path | None,
        Option(("--folder",), metavar="DIR", help="Where samples go and workers meet; the current folder."),
    ] = None,
    start_at: Annotated[
        str | None,
        Option(
            ("--start-at",),
            metavar="MOMENT",
            help="When to start, such as 2026-11-29T12:40:00Z; else when all have come.",
        ),
    ] = None,
    wait: WaitOption = None,
    collect: Annotated[
        bool, Option(("--collect",), help="Worker 0 prints the result of all as one line of JSON.")
    ] = False,
) -> int | None:
    """One of several load generators: its part of one load, journalled.

    [dim]costplan bench worker --workers 4 --index 0 --run-id monday --rate 4000 --address 10.0.0.5:8000
    --model-name digits[/dim]
    """
    from costplan.cli.extras import needs_extra

    with needs_extra():
        from costplan.cli.bench.worker import WorkerWords
        from costplan.cli.bench.worker import run_worker as run

        words = WorkerWords(workers, run_id, index, folder or Path(), start_at, wait, collect)
        return run(load.words(), words)


def write_cluster(
    load: SharedLoadWords,
    workers: WorkersOption,
    image: Annotated[
        str,
        Option(("--image",), metavar="NAME", help="Image with costplan that the cluster can pull."),
    ] = "costplan-service",
    run_id: Annotated[
        str | None, Option(("--run-id",), metavar="NAME", help="Name of the Job; made from the time.")
    ] = None,
    claim: Annotated[
        str | None,
        Option(
            ("--claim",), metavar="NAME", help="A ReadWriteMany volume claim that is there; else a new one."
        ),
    ] = None,
    storage_class: Annotated[
        str | None, Option(("--storage-class",), metavar="NAME", help="Storage class of the new claim.")
    ] = None,
    namespace: Annotated[
        str | None, Option(("--namespace",), metavar="NAME", help="Namespace of the Job.")
    ] = None,
    cpu: Annotated[str | None, Option(("--cpu",), metavar="N", help="Processors of each worker; 2.")] = None,
    memory: Annotated[
        str | None, Option(("--memory",), metavar="SIZE", help="Memory of each worker; 1Gi.")
    ] = None,
    wait: WaitOption = None,
    run: Annotated[
        bool, Option(("--run",), help="Apply it with kubectl, wait for its end and show the result.")
    ] = False,
    dry_run: Annotated[
        bool, Option(("--dry-run",), help="Only ask the cluster, with kubectl, whether it would take it.")
    ] = False,
    context: Annotated[str | None, Option(("--context",), metavar="NAME", help="Context of kubectl.")] = None,
    output: Annotated[
        Path | None,
        Option(
            ("--output", "-o"),
            metavar="FILE",
            help="Write the manifest to FILE.yaml; with --run the result to FILE.json.",
            reads=file_named,
        ),
    ] = None,
    force: options.ForceOption = False,
) -> int | None:
    """Load from several machines: an Indexed Job for Kubernetes.

    [dim]costplan bench cluster --workers 8 --rate 20000 --address http://triton.default.svc:8000
    --model-name resnet -o job.yaml[/dim]
    """
    from costplan.cli.extras import needs_extra

    with needs_extra():
        from costplan.cli.bench.cluster import JobWords
        from costplan.cli.bench.cluster import write_cluster as write
        from costplan.cli.bench.worker import WorkerWords

        return write(
            load.words(),
            WorkerWords(workers, run_id, wait=wait),
            JobWords(image, claim, storage_class, namespace, context, cpu, memory),
            runs=run,
            dry_run=dry_run,
            output=output,
            force=force,
        )


def merge_bench(
    files: Annotated[list[Path], Argument(metavar="FILE", help="The journals of all workers of one run.")],
    form: options.FormatOption = None,
    output: options.OutputOption = None,
    force: options.ForceOption = False,
    plot: PlotOption = None,
    verbose: VerboseOption = False,
) -> int | None:
    """Join the samples of several load generators to one result.

    [dim]costplan bench merge monday-*.jsonl -o result.json[/dim]
    """
    from costplan.cli.extras import needs_extra

    with needs_extra():
        from costplan.cli.bench.cluster import merge

        return merge(files, form, output, plot, force=force, is_detailed=verbose)
