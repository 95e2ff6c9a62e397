"""Inputs or expected answers that the user keeps in a `.npz` file, read without ever unpickling."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from costplan.bench.models.facts import ModelPort
from costplan.bench.models.inputs import Feed
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.protocols.tensors import DATATYPES, Array

MAX_NPZ_BYTES = 1 << 30
"""Largest sum of the arrays in a file, unpacked: a small archive may claim to unpack to anything."""


def read_arrays(path: Path) -> dict[str, Array]:
    """Read every array of a `.npz`.

    Raises:
        InputError: It is no such file, unpacks to more than `MAX_NPZ_BYTES`, or holds pickled objects.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MAX_NPZ_BYTES:
            raise InputError(
                Reason(
                    "{path}: unpacks to {size} bytes, at most {most} are read",
                    path,
                    str(size),
                    str(MAX_NPZ_BYTES),
                )
            )
        with np.load(path, allow_pickle=False) as held:
            return {name: held[name] for name in held.files}
    except FileNotFoundError:
        raise InputError(Reason("{path}: no such file", path)) from None
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        reason = (
            Reason("holds pickled objects, which are never read")
            if "pickle" in str(error).lower()
            else Reason("is no .npz")
        )
        raise InputError(
            Reason("{path}: {reason}", path, reason),
            hint="write it with numpy.savez(FILE, name=array); text as dtype U or S",
        ) from None


def read_feed(path: Path, inputs: Sequence[ModelPort]) -> Feed:
    """Read one set of inputs; names, types and shapes must be the model's.

    Raises:
        InputError: The file cannot be read, or an array is missing, unknown, or of another type or shape.
    """
    return fit_feed(read_arrays(path), inputs, path)


def write_feed(path: Path, feed: Feed) -> None:
    """Write one set of inputs under any names; `numpy.savez` takes some of them for its own parameters."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in feed.items():
            kept = array.astype(np.str_) if array.dtype.kind == "O" else array
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asanyarray(kept), allow_pickle=False)


def fit_feed(arrays: Mapping[str, Array], inputs: Sequence[ModelPort], path: Path) -> Feed:
    """Check inputs that a file holds, or that were made of it: names, types and shapes must be the model's.

    Raises:
        InputError: An array is missing, unknown, or of another type or shape.
    """
    names = [port.name for port in inputs]
    for name in arrays:
        if name not in names:
            raise InputError(
                Reason("{path}: the model has no input `{name}`", path, name), hint=did_you_mean(name, names)
            )
    return {port.name: _fitted(path, port, arrays.get(port.name)) for port in inputs}


def _fitted(path: Path, port: ModelPort, array: Array | None) -> Array:
    if array is None:
        raise InputError(Reason("{path}: input `{name}` is missing", path, port.name))
    dtype = DATATYPES.get(port.datatype)
    if dtype is not None and dtype.kind == "O" and array.dtype.kind in "US":
        text = array if array.dtype.kind == "U" else np.char.decode(array, "utf-8")
        return text.astype(np.object_)
    if dtype != array.dtype:
        raise InputError(
            Reason("{path}: input `{name}` must be {dtype}, got {found}", path, port.name, dtype, array.dtype)
        )
    shape = port.shape
    if shape is not None and (
        len(shape) != array.ndim
        or any(isinstance(d, int) and 0 <= d != size for d, size in zip(shape, array.shape, strict=True))
    ):
        raise InputError(
            Reason(
                "{path}: input `{name}` must have shape {shape}, got {found}",
                path,
                port.name,
                list(shape),
                list(array.shape),
            )
        )
    return array
