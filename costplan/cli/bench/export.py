"""What `costplan bench export` and `costplan bench calibrate` write."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from costplan.cli.bench.options import whole
from costplan.cli.language import translator
from costplan.cli.streams import complain
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible

if TYPE_CHECKING:
    from costplan.bench.servers.export import TritonBackend


def export_model(
    model: Path | None,
    triton: Path | None,
    tfserving: Path | None,
    saved_model: Path | None,
    name: str | None,
    backend: str,
    max_batch: str | None,
    copies: str | None,
    shape: Sequence[str],
    force: bool,
) -> int | None:
    """Write a model repository or a serving layout, and name the files.

    Raises:
        InputError: Nothing was asked for, or the model cannot be served so.
    """
    from costplan.bench.models.guard import inspect_model
    from costplan.bench.models.shapes import parse_shape
    from costplan.bench.servers.export import export_tfserving, export_triton
    from costplan.datafiles import data_folder
    from costplan.inputs.values import one_of

    if triton is None and tfserving is None:
        raise InputError("nothing to export", hint="give --triton DIR or --tfserving DIR")
    path = model or data_folder("models") / "digits.onnx"
    written: list[Path] = []
    if triton is not None:
        one_of("--backend", backend, ("onnxruntime", "python"))
        facts = inspect_model(path, shapes=dict(parse_shape(text) for text in shape))
        written += export_triton(
            facts,
            triton,
            name or path.stem,
            backend=cast("TritonBackend", backend),
            max_batch_size=whole("--max-batch-size", max_batch, 0, least=0),
            instances=whole("--instances", copies, 1),
            force=force,
        )
    if tfserving is not None:
        written += export_tfserving(tfserving, name or path.stem, saved_model=saved_model, force=force)
    for file in written:
        sys.stdout.write(f"{visible(str(file))}\n")
    return None


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
