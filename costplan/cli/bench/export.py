"""What `costplan bench export` and `costplan bench calibrate` write."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from costplan.cli.bench.options import seconds, whole
from costplan.cli.language import translator
from costplan.cli.streams import complain
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible

if TYPE_CHECKING:
    from costplan.bench.servers.triton_config import Batching, TritonBackend, TritonProvider, TritonSettings


class ExportWords(NamedTuple):
    """The options of `costplan bench export`, as the user wrote them."""

    model: Path | None = None
    triton: Path | None = None
    tfserving: Path | None = None
    saved_model: Path | None = None
    name: str | None = None
    backend: str | None = None
    gpu: bool = False
    gpu_ids: str | None = None
    provider: str | None = None
    instances: str | None = None
    threads: str | None = None
    max_batch_size: str | None = None
    dynamic_batching: bool = False
    preferred_batch_size: str | None = None
    max_queue_delay: str | None = None
    shape: Sequence[str] = ()
    force: bool = False


_FOR_TRITON = (
    "model", "backend", "gpu", "gpu_ids", "provider", "instances", "threads", "max_batch_size",
    "dynamic_batching", "preferred_batch_size", "max_queue_delay", "shape",
)  # fmt: skip


def export_model(words: ExportWords) -> int | None:
    """Write a model repository or a serving layout, and name the files.

    Raises:
        InputError: Nothing was asked for, an option has no effect on it, or the model cannot be served so.
    """
    from costplan.bench.models.guard import inspect_model
    from costplan.bench.models.shapes import parse_shape
    from costplan.bench.servers.export import export_tfserving, export_triton
    from costplan.datafiles import model_file

    _refuse_unused(words)
    path = model_file(words.model)
    name = words.name or path.stem
    written: list[Path] = []
    if words.triton is not None:
        settings = triton_settings(words)
        settings.check()
        facts = inspect_model(path, shapes=dict(parse_shape(text) for text in words.shape))
        written += export_triton(facts, words.triton, name, settings, force=words.force)
    if words.tfserving is not None:
        written += export_tfserving(words.tfserving, name, saved_model=words.saved_model, force=words.force)
    for file in written:
        sys.stdout.write(f"{visible(str(file))}\n")
    return None


def _refuse_unused(words: ExportWords) -> None:
    """Refuse options that nothing which was asked for takes."""
    if words.triton is None and words.tfserving is None:
        raise InputError("nothing to export", hint="give --triton DIR or --tfserving DIR")
    unused = [name for name in _FOR_TRITON if words.triton is None and getattr(words, name)]
    owner = "--triton"
    if not unused and words.tfserving is None and words.saved_model is not None:
        unused, owner = ["saved_model"], "--tfserving"
    if unused:
        option = "--" + unused[0].replace("_", "-")
        raise InputError(
            Reason("{option} is for {owner}, which was not asked for", option, owner),
            hint=Reason("add {owner} DIR, or leave {option} out", owner, option),
        )


def triton_settings(words: ExportWords) -> TritonSettings:
    """Read how Triton is to serve the model.

    Raises:
        InputError: A value is none, or an option lacks the one that it belongs to.
    """
    from costplan.bench.servers.triton_config import BACKENDS, ON_GPU, PROVIDERS, TritonSettings
    from costplan.inputs.values import one_of

    on_gpu = words.gpu or words.gpu_ids is not None
    provider = one_of("--provider", words.provider or ("cuda" if on_gpu else "cpu"), PROVIDERS)
    if on_gpu != (provider in ON_GPU):
        raise InputError(
            Reason("--provider {name} runs on the CPU, not on a GPU", provider)
            if on_gpu
            else Reason("--provider {name} runs on a GPU", provider),
            hint="leave out --gpu, or take cuda or tensorrt" if on_gpu else "add --gpu",
        )
    if on_gpu and words.threads is not None:
        raise InputError("--threads are those of copies on a CPU; with --gpu they have no effect")
    backend = one_of("--backend", words.backend or "onnxruntime", BACKENDS)
    return TritonSettings(
        backend=cast("TritonBackend", backend),
        provider=cast("TritonProvider", provider),
        gpu_ids=_whole_list("--gpu-ids", words.gpu_ids, least=0),
        max_batch_size=whole("--max-batch-size", words.max_batch_size, 0, least=0),
        instances=whole("--instances", words.instances, 1),
        threads=whole("--threads", words.threads, 1),
        batching=_batching(words),
    )


def _batching(words: ExportWords) -> Batching | None:
    from costplan.bench.servers.triton_config import Batching

    if words.dynamic_batching:
        return Batching(
            _whole_list("--preferred-batch-size", words.preferred_batch_size, least=1),
            None if words.max_queue_delay is None else _microseconds(words.max_queue_delay),
        )
    for option, given in (
        ("--preferred-batch-size", words.preferred_batch_size),
        ("--max-queue-delay", words.max_queue_delay),
    ):
        if given is not None:
            raise InputError(
                Reason("{option} is part of dynamic batching", option), hint="add --dynamic-batching"
            )
    return None


def _whole_list(option: str, text: str | None, *, least: int) -> tuple[int, ...]:
    """Read whole numbers with commas between them, each once, in order."""
    if text is None:
        return ()
    return tuple(sorted({whole(option, part.strip(), least, least=least) for part in text.split(",")}))


def _microseconds(text: str) -> int:
    found = seconds("--max-queue-delay", text) * 1e6
    if round(found) < 1 or abs(found - round(found)) > 1e-3:
        raise InputError(
            Reason("--max-queue-delay: must be whole microseconds, got {text}", visible(text[:40])),
            hint="such as 500us or 2ms",
        )
    return round(found)


def calibrate_machine(platform: str, output: Path | None, force: bool) -> int | None:
    """Run the calibration set and write a reference for a platform of the catalog, with its verdict.

    Raises:
        InputError: The processor is not the platform's, or the machine was busy, and nothing forces it.
    """
    import json

    from costplan.analysis.serving.hardware_scaling import judged, other_processor
    from costplan.bench.document import plain_calibration
    from costplan.bench.machine.calibration_set import run_calibration
    from costplan.bench.machine.fingerprint import Watch, fingerprint
    from costplan.catalog.store import Catalog
    from costplan.cli.output import write
    from costplan.cli.places import refuse_file
    from costplan.inputs.values import one_of
    from costplan.measurement.model import CALIBRATION_SCHEMA, Calibration

    platforms = {found.name: found for found in Catalog.shipped().service("compute").platforms}
    one_of("PLATFORM", platform, list(platforms))
    refuse_file(output, [".json"], force=force)
    watch, environment = Watch(), fingerprint()
    known = other_processor(platforms[platform], environment.processor)
    if known is not None and not force:
        raise _no_reference(platform, [known])
    runs = run_calibration(seconds=3.0)
    environment = watch.close(environment)
    verdict, reasons = judged(platforms[platform], environment)
    if verdict != "ok" and not force:
        raise _no_reference(platform, reasons)
    today = datetime.now(UTC).date()
    found = Calibration(CALIBRATION_SCHEMA, platform, environment, runs, today, verdict, reasons)
    write(json.dumps(plain_calibration(found), indent=2) + "\n", output, force=force)
    if verdict != "ok":
        words = translator()
        said = words(
            "verdict {verdict}: nothing is scaled by this reference: {reasons}",
            verdict=verdict,
            reasons="; ".join(words.reason(reason) for reason in reasons),
        )
        complain(said + "\n")
    return None


def _no_reference(platform: str, reasons: Sequence[str]) -> InputError:
    return InputError(
        Reason("no reference of {platform} can be measured here: {reasons}", platform, "; ".join(reasons)),
        hint="measure on a quiet machine of that platform; with --force it is written, marked, and unused",
    )
