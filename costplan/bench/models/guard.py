"""Opening a model file that may be hostile: first in a child process with limits, and never a pickle."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from costplan.bench.models.facts import ModelFacts
from costplan.bench.models.limits import ModelLimits, gib
from costplan.bench.models.refuse import check_model_file
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

_MAX_ANSWER_BYTES = 4 << 20


def inspect_model(
    path: Path,
    *,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    npz: Path | None = None,
    batch: int | None = None,
    seed: int = 0,
    limits: ModelLimits | None = None,
    runs: bool = True,
) -> ModelFacts:
    """Open a model and run it once, in a child process under `limits`, and return what was learned.

    Args:
        path: The `.onnx` file; its external data must lie beside it.
        shapes: Shapes of inputs that the model leaves open.
        npz: Inputs to use instead of made-up ones.
        batch: Size of open batch dimensions.
        seed: For the made-up inputs.
        limits: Memory and time.
        runs: Whether to run it, beyond opening it.

    Raises:
        InputError: The file is a pickle or no ONNX model, reaches outside its folder, needs more memory or
            time than the limits, or does not run with these inputs.
    """
    limits = limits or ModelLimits()
    check_model_file(path)
    path = path.absolute()
    weights = path.stat().st_size + _folder_bytes(path)
    order = {
        "path": str(path),
        "shapes": {name: list(sizes) for name, sizes in (shapes or {}).items()},
        "npz": str(npz.absolute()) if npz else None,
        "batch": batch,
        "seed": seed,
        "runs": runs,
        "memory_bytes": limits.memory_for(weights),
        "seconds": limits.seconds,
    }
    code, answer = _ask_child(order, limits.seconds)
    if answer is None:
        raise _death(path, code, order, limits)
    if "facts" in answer:
        return ModelFacts.from_json(answer["facts"])
    message = str(answer.get("error"))
    raise InputError(
        Reason("{path}: {why}", path, Reason.of(message.removeprefix(f"{path}: "))), hint=_hint(answer)
    )


def _hint(answer: Mapping[str, Any]) -> str | None:
    """Say what helps; where the inputs do not suit the model, with the shapes that were tried."""
    if answer.get("hint") or not answer.get("tried"):
        return answer.get("hint")
    return Reason(
        "give the right shapes, or real inputs with --inputs FILE.npz; tried was {shapes}",
        str(answer["tried"])[:300],
    )


def _folder_bytes(path: Path) -> int:
    """Return the size of the files beside the model that may be its external data."""
    total = 0
    with contextlib.suppress(OSError):
        for entry in os.scandir(path.parent):
            suffix = Path(entry.name).suffix.lower()
            is_weights = entry.name.startswith(path.stem) or suffix in (".data", ".bin", ".weights")
            if is_weights and entry.name != path.name and entry.is_file():
                total += entry.stat().st_size
    return total


def _ask_child(order: Mapping[str, Any], seconds: float) -> tuple[int | None, dict[str, Any] | None]:
    """Run the probe and return its exit status (None: out of time) and its answer, if it gave one."""
    root = str(Path(__file__).parents[3])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, *filter(None, sys.path)])}
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "costplan.bench.models.probe"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        output, _ = child.communicate(json.dumps(order).encode(), timeout=seconds)
    except subprocess.TimeoutExpired:
        return None, None
    finally:
        _end(child)
    lines = output[-_MAX_ANSWER_BYTES:].decode(errors="replace").strip().splitlines()
    with contextlib.suppress(ValueError, IndexError):
        answer = json.loads(lines[-1])
        if isinstance(answer, dict):
            return child.returncode, answer
    return child.returncode, None


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.communicate(timeout=5)


def _death(path: Path, code: int | None, order: Mapping[str, Any], limits: ModelLimits) -> InputError:
    if code is None or code == -getattr(signal, "SIGXCPU", 24):
        return InputError(
            Reason(
                "{path}: opening it and running it once took more than {seconds} s",
                path,
                f"{limits.seconds:g}",
            ),
            hint="make its inputs smaller with --shape, or measure on a faster machine",
        )
    how = Reason("signal {number}", str(-code)) if code < 0 else Reason("exit status {number}", code)
    return InputError(
        Reason(
            "{path}: the process that opened it died ({how}); its memory limit was {memory}",
            path,
            how,
            gib(order["memory_bytes"]),
        ),
        hint="make its inputs smaller with --shape",
    )
