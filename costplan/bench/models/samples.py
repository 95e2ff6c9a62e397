"""A folder of real inputs: which of its files are sent, and the requests that are made of them."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from costplan.bench.models.facts import ModelPort
from costplan.bench.models.hook import Preprocess, load_hook
from costplan.bench.models.inputs import Feed
from costplan.bench.models.items import batch_axes
from costplan.bench.models.npz import MAX_NPZ_BYTES, fit_feed, read_arrays
from costplan.bench.models.pictures import Pictures
from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason
from costplan.protocols.tensors import Array

MOST_REQUESTS = 64
"""Requests that are sent in turn; all of them are built before the run, and answered once before it."""
_MOST_LISTED = 10_000
_MOST_FILE_BYTES = 64 << 20


class Samples(NamedTuple):
    """Requests made of files."""

    feeds: list[Feed]
    said: str
    """Where they came from, and what was done to them."""


class SampleChoice(NamedTuple):
    """What the user chose about them."""

    path: Path
    """A folder, or one file."""
    preprocess: str = ""
    """`image`, the path of a hook, or nothing for `.npz` files."""
    shapes: Mapping[str, tuple[int, ...]] = {}
    batch: int | None = None
    seed: int = 0


def read_samples(choice: SampleChoice, inputs: Sequence[ModelPort] | None) -> Samples:
    """Make requests of the files of a folder, drawn and ordered by the seed; `batch` files are one request.

    Args:
        choice: The user's.
        inputs: As the model declares them; None where nothing does.

    Raises:
        InputError: There are no files, too many or too large ones, or one cannot be made a request.
    """
    found = list_files(choice.path)
    batch = choice.batch or 1
    chosen = random.Random(choice.seed).sample(found, min(len(found), MOST_REQUESTS * batch))  # noqa: S311
    preprocess, what = _preprocess(choice, inputs)
    feeds, total = [], 0
    for file in chosen:
        arrays = preprocess(file)
        total += sum(array.nbytes for array in arrays.values())
        if total > MAX_NPZ_BYTES:
            raise InputError(
                Reason("{path}: makes more than {most} bytes of inputs", choice.path, str(MAX_NPZ_BYTES)),
                hint="give fewer files, or smaller ones",
            )
        feeds.append(arrays if inputs is None else fit_feed(arrays, inputs, file))
    name = choice.path.resolve().name
    said = Reason("{count} of {all} files of {folder}: {what}", len(chosen), len(found), name, what)
    return Samples(_joined(feeds, batch, inputs, choice.path), said)


def list_files(path: Path) -> list[Path]:
    """Return the plain files of a folder by name, hidden ones and folders left out; of a file, itself.

    Raises:
        InputError: It cannot be read, is empty, or holds links, too many files or too large ones.
    """
    try:
        names = sorted(entry.name for entry in os.scandir(path)) if path.is_dir() else [""]
    except OSError as error:
        raise InputError(Reason("{path}: cannot be read: {why}", path, reason_of(error))) from None
    if len(names) > _MOST_LISTED:
        raise InputError(
            Reason("{path}: has {count} files, at most {most} are looked at", path, len(names), _MOST_LISTED),
            hint="put some hundred of them into a folder of their own",
        )
    files = [path / name for name in names if not name.startswith(".")]
    found = [file for file in files if file.is_symlink() or not file.is_dir()]
    for file in found:
        _check_file(file)
    if not found:
        raise InputError(Reason("{path}: has no files", path), hint="subfolders are not looked into")
    return found


def _check_file(file: Path) -> None:
    if file.is_symlink():
        raise InputError(Reason("{file}: is a symbolic link", file), hint="copy the file itself there")
    if not file.is_file():
        problem = Reason("is not a plain file") if file.exists() else Reason("is not there")
        raise InputError(Reason("{file}: {problem}", file, problem))
    if file.stat().st_size > _MOST_FILE_BYTES:
        raise InputError(Reason("{file}: has more than {most} bytes", file, str(_MOST_FILE_BYTES)))


def _preprocess(choice: SampleChoice, inputs: Sequence[ModelPort] | None) -> tuple[Preprocess, str]:
    if choice.preprocess == "image":
        if inputs is None:
            raise InputError(
                "--preprocess image: nothing says what the model takes",
                hint="give its file with --model, or write a function: --preprocess hook.py",
            )
        pictures = Pictures.of_model(inputs, choice.shapes)
        return pictures, pictures.said()
    if choice.preprocess:
        return load_hook(Path(choice.preprocess)), Path(choice.preprocess).name
    is_npz = choice.path.suffix == ".npz" or all(f.suffix == ".npz" for f in list_files(choice.path))
    if not is_npz:
        raise InputError(
            Reason("{path}: nothing says how its files become inputs", choice.path),
            hint="give --preprocess image, or --preprocess hook.py with a function `preprocess(path)`",
        )
    return read_arrays, Reason("arrays")


def _joined(feeds: list[Feed], batch: int, inputs: Sequence[ModelPort] | None, path: Path) -> list[Feed]:
    """Join `batch` files in turn to one request; the first ones fill up the last."""
    if batch == 1:
        return feeds
    axes = batch_axes(inputs, feeds[0])
    count = -(-len(feeds) // batch)
    turns = [
        [feeds[(first + n) % len(feeds)] for n in range(batch)] for first in range(0, count * batch, batch)
    ]
    return [{name: _stacked(name, turn, axes.get(name, ()), path) for name in turn[0]} for turn in turns]


def _stacked(name: str, turn: list[Feed], axes: tuple[int, ...], path: Path) -> Array:
    if not axes:
        return turn[0][name]
    try:
        return np.concatenate([feed[name] for feed in turn], axis=axes[0])
    except ValueError:
        raise InputError(
            Reason("{path}: inputs `{name}` of several files do not fit into one batch", path, name),
            hint="make them of one size, or leave --batch out",
        ) from None
