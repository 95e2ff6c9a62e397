"""Writing what a model server wants to find on disk: a Triton model repository, a TensorFlow Serving layout.

Nothing is written outside the chosen folder, no symbolic link is followed, no file is replaced unless asked.

Source: triton-inference-server/server, `docs/user_guide/model_repository.md`; tensorflow/serving,
`tensorflow_serving/g3doc/serving_config.md`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from costplan.bench.models.facts import ModelFacts
from costplan.bench.servers._triton_python_model import PYTHON_MODEL
from costplan.bench.servers.triton_config import TritonSettings, triton_config
from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
_MAX_SAVED_MODEL_FILES = 10_000
_ON_CPU = TritonSettings()


def export_triton(
    facts: ModelFacts,
    folder: Path,
    name: str,
    settings: TritonSettings = _ON_CPU,
    *,
    force: bool = False,
) -> list[Path]:
    """Write a model repository: `NAME/config.pbtxt`, `NAME/1/model.onnx`, perhaps `NAME/1/model.py`.

    Args:
        facts: Of a model that passed `inspect_model`.
        folder: The repository; made if it does not exist.
        name: The model's name on the server.
        settings: Where it runs, in how many copies, and how it batches.
        force: Replace files that are already there.

    Returns:
        The files written.

    Raises:
        InputError: The model cannot be served so, the name is no name, or a file is in the way.
    """
    _check_name(name)
    config = triton_config(facts, name, settings)
    source = Path(facts.path)
    files: list[tuple[PurePosixPath, bytes | Path]] = [
        (PurePosixPath(name, "config.pbtxt"), config.encode()),
        (PurePosixPath(name, "1", "model.onnx"), source),
        *(
            (PurePosixPath(name, "1", location), source.parent / location)
            for location in facts.external_files
        ),
    ]
    if settings.backend == "python":
        files.append((PurePosixPath(name, "1", "model.py"), PYTHON_MODEL.encode()))
    return _write_all(folder, files, force)


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
