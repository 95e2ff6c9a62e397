"""Writing what a model server wants to find on disk: a Triton model repository, a TensorFlow Serving layout.

Nothing is written outside the chosen folder, no symbolic link is followed, no file is replaced unless asked.

Source: triton-inference-server/server, `docs/user_guide/{model_repository,model_configuration}.md`;
tensorflow/serving, `tensorflow_serving/g3doc/serving_config.md`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Literal

from costplan.bench.models.facts import ModelFacts, ModelPort
from costplan.bench.servers._triton_python_model import PYTHON_MODEL
from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason

TritonBackend = Literal["onnxruntime", "python"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
_MAX_SAVED_MODEL_FILES = 10_000


def export_triton(
    facts: ModelFacts,
    folder: Path,
    name: str,
    *,
    backend: TritonBackend = "onnxruntime",
    max_batch_size: int = 0,
    instances: int = 1,
    threads: int = 1,
    dynamic_batching: bool = False,
    force: bool = False,
) -> list[Path]:
    """Write a model repository: `NAME/config.pbtxt`, `NAME/1/model.onnx`, perhaps `NAME/1/model.py`.

    Args:
        facts: Of a model that passed `inspect_model`.
        folder: The repository; made if it does not exist.
        name: The model's name on the server.
        backend: `onnxruntime`, or `python` for a Triton that has only that one, as in the package from PyPI.
        max_batch_size: 0: the server does not batch, shapes are whole. Else the first dimension of every
            input and output must be open and is the server's.
        instances: Copies of the model that run at once.
        threads: Intra-op threads of each.
        dynamic_batching: Let the server join requests into batches; needs `max_batch_size`.
        force: Replace files that are already there.

    Returns:
        The files written.

    Raises:
        InputError: The model cannot be served so, the name is no name, or a file is in the way.
    """
    _check_name(name)
    if max_batch_size < 0 or instances < 1 or threads < 1 or (dynamic_batching and max_batch_size == 0):
        raise InputError(
            "max_batch_size must be at least 0, and above 0 for dynamic batching; counts at least 1"
        )
    config = triton_config(
        facts, name, backend, max_batch_size, instances=instances, threads=threads, batching=dynamic_batching
    )
    source = Path(facts.path)
    files: list[tuple[PurePosixPath, bytes | Path]] = [
        (PurePosixPath(name, "config.pbtxt"), config.encode()),
        (PurePosixPath(name, "1", "model.onnx"), source),
        *(
            (PurePosixPath(name, "1", location), source.parent / location)
            for location in facts.external_files
        ),
    ]
    if backend == "python":
        files.append((PurePosixPath(name, "1", "model.py"), PYTHON_MODEL.encode()))
    return _write_all(folder, files, force)


def triton_config(
    facts: ModelFacts,
    name: str,
    backend: TritonBackend,
    max_batch_size: int,
    *,
    instances: int,
    threads: int,
    batching: bool,
) -> str:
    """Return the text of `config.pbtxt`; outputs that are no tensors are left out."""
    for port in facts.inputs:
        if port.container in ("seq", "map"):
            raise InputError(
                Reason(
                    "input `{name}` is a {container}; Triton takes tensors only", port.name, port.container
                )
            )
    outputs = [port for port in facts.outputs if not port.container and port.datatype]
    if not outputs:
        raise InputError(
            "the model has no output that is a tensor",
            hint="export it without ZipMap (zipmap=False in skl2onnx)",
        )
    is_batched = max_batch_size > 0
    lines = [f'name: "{name}"', f'backend: "{backend}"', f"max_batch_size: {max_batch_size}"]
    for kind, ports in (("input", facts.inputs), ("output", outputs)):
        entries = ",\n".join(_config_entry(port, is_batched) for port in ports)
        lines.append(f"{kind} [\n{entries}\n]" if ports else f"{kind} []")
    lines.append(f"instance_group [ {{ kind: KIND_CPU count: {instances} }} ]")
    if batching:
        lines.append("dynamic_batching {}")
    key = "threads" if backend == "python" else "intra_op_thread_count"
    lines.append(f'parameters {{ key: "{key}" value: {{ string_value: "{threads}" }} }}')
    return "\n".join(lines) + "\n"


def export_tfserving(
    folder: Path, name: str, *, saved_model: Path | None = None, force: bool = False
) -> list[Path]:
    """Write a TensorFlow Serving layout: `NAME/1/` with a SavedModel, and `models.config`.

    Args:
        folder: Where to write; made if it does not exist.
        name: The model's name on the server.
        saved_model: Folder with `saved_model.pb`, converted from the ONNX model in advance.
        force: Replace files that are already there.

    Raises:
        InputError: No SavedModel was given. TensorFlow Serving cannot load ONNX; converting needs TensorFlow.
    """
    _check_name(name)
    if saved_model is None:
        raise InputError(
            "TensorFlow Serving loads SavedModels and cannot load an ONNX file",
            hint="convert it first (`pip install onnx2tf`, then `onnx2tf -i model.onnx -o saved_model`), "
            "and give the folder with --saved-model",
        )
    if not (saved_model / "saved_model.pb").is_file():
        raise InputError(Reason("{saved_model}: no `saved_model.pb` in this folder", saved_model))
    files: list[tuple[PurePosixPath, bytes | Path]] = [
        (PurePosixPath("models.config"), _models_config(name).encode())
    ]
    files += [(PurePosixPath(name, "1", relative), path) for relative, path in _plain_files(saved_model)]
    return _write_all(folder, files, force)


def _models_config(name: str) -> str:
    body = f'config {{ name: "{name}" base_path: "/models/{name}" model_platform: "tensorflow" }}'
    return f"model_config_list {{\n  {body}\n}}\n"


def _plain_files(folder: Path) -> Iterator[tuple[str, Path]]:
    found = sorted(folder.rglob("*"))
    if len(found) > _MAX_SAVED_MODEL_FILES:
        raise InputError(
            Reason(
                "{folder}: holds more than {most} files; is it a SavedModel?",
                folder,
                str(_MAX_SAVED_MODEL_FILES),
            )
        )
    for path in found:
        if path.is_symlink():
            raise InputError(Reason("{path}: is a symbolic link", path), hint="copy the file itself there")
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _config_entry(port: ModelPort, is_batched: bool) -> str:
    if not port.datatype or port.shape is None:
        raise InputError(Reason("`{name}` has no datatype or rank that Triton knows", port.name))
    dims = [d if isinstance(d, int) and d > 0 else -1 for d in port.shape]
    if not dims and not is_batched:
        raise InputError(
            Reason("`{name}` is a scalar, which Triton does not serve", port.name),
            hint="export the model with shape [1] there",
        )
    if is_batched:
        if not dims or dims[0] != -1:
            raise InputError(
                Reason("`{name}`: its first dimension is not open, so the server cannot batch", port.name),
                hint="export with a max_batch_size of 0",
            )
        dims = dims[1:]
    kind = "STRING" if port.datatype == "BYTES" else port.datatype
    name = port.name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    reshape = "" if dims else " reshape { shape: [] }"
    shown = ", ".join(map(str, dims or [1]))
    return f'  {{ name: "{name}" data_type: TYPE_{kind} dims: [ {shown} ]{reshape} }}'


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(
            Reason("`{name}` is no name for a model on a server", name[:80]),
            hint="use letters, digits, `_`, `-` and `.`",
        )


def _write_all(folder: Path, files: Sequence[tuple[PurePosixPath, bytes | Path]], force: bool) -> list[Path]:
    """Write all files or, when one is in the way, none."""
    targets = [(folder / relative, content) for relative, content in files]
    for target, _ in targets:
        _check_free(folder, target, force)
    for target, content in targets:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, content, force)
    return [target for target, _ in targets]


def _check_free(folder: Path, target: Path, force: bool) -> None:
    for part in (target, *target.parents):
        if part == folder:
            break
        if part.is_symlink():
            raise InputError(Reason("{part}: is a symbolic link, which is not written through", part))
        if part != target and part.exists() and not part.is_dir():
            raise InputError(Reason("{part}: is in the way of a folder", part))
    if target.exists() and not (force and target.is_file()):
        raise InputError(
            Reason("{target}: is already there", target), hint="choose another folder, or add --force"
        )


def _write(target: Path, content: bytes | Path, force: bool) -> None:
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | (os.O_TRUNC if force else os.O_EXCL)
    try:
        with os.fdopen(os.open(target, flags, 0o644), "wb") as out:
            if isinstance(content, bytes):
                out.write(content)
                return
            with content.open("rb") as source:
                while block := source.read(1 << 20):
                    out.write(block)
    except OSError as error:
        raise InputError(Reason("{target}: cannot be written: {why}", target, reason_of(error))) from None
