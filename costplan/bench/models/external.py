"""External data of an ONNX model: where it may lie, and how large it is."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason


def external_files(model: Any, path: Path) -> dict[str, int]:
    """Check every external tensor of the `onnx.ModelProto` in a file; return location and bytes of each file.

    A link is followed where it leads into the folder of the model file, or of the file that it is a link
    to: caches of model hubs keep both as links into one folder of blobs.

    Raises:
        InputError: A location is absolute, holds `..`, leads out of the folder through a symbolic link, or is
            no plain file.
    """
    sizes: dict[str, int] = {}
    for tensor in external_tensors(model):
        entries = {entry.key: entry.value for entry in tensor.external_data}
        location = entries.get("location", "")
        if location not in sizes:
            sizes[location] = _checked_size(path, location)
        end = _number(entries, "offset", location) + _number(entries, "length", location)
        if end > sizes[location]:
            raise InputError(
                Reason(
                    "external data `{location}` ends at {size}, a tensor needs {end}",
                    location,
                    str(sizes[location]),
                    str(end),
                )
            )
    return sizes


def external_tensors(model: Any) -> Iterator[Any]:
    """Yield every tensor whose values are kept outside the model, in subgraphs and functions too."""
    graphs, nodes = [model.graph], [node for function in model.functions for node in function.node]
    while graphs or nodes:
        if graphs:
            graph = graphs.pop()
            yield from (t for t in graph.initializer if t.data_location == t.EXTERNAL)
            for sparse in graph.sparse_initializer:
                yield from (t for t in (sparse.values, sparse.indices) if t.data_location == t.EXTERNAL)
            nodes.extend(graph.node)
            continue
        for attribute in nodes.pop().attribute:
            graphs.extend(attribute.graphs)
            if attribute.HasField("g"):
                graphs.append(attribute.g)
            held = [*attribute.tensors, *([attribute.t] if attribute.HasField("t") else [])]
            yield from (t for t in held if t.data_location == t.EXTERNAL)


def _checked_size(model: Path, location: str) -> int:
    parts = PurePosixPath(location).parts
    is_absolute = PurePosixPath(location).is_absolute() or bool(PureWindowsPath(location).anchor)
    if (
        not parts
        or is_absolute
        or ".." in parts
        or ".." in PureWindowsPath(location).parts
        or "\0" in location
    ):
        raise InputError(
            Reason(
                "external data `{location}` must lie beside the model: no absolute path, no `..`", location
            ),
            hint="save the model again with its weights in the same folder",
        )
    try:
        real = model.parent.joinpath(*parts).resolve(strict=True)
        status = real.stat()
    except (OSError, ValueError, RuntimeError):  # the last: links in a circle
        raise InputError(Reason("external data `{location}` is missing beside the model", location)) from None
    if not any(real.is_relative_to(folder) for folder in (model.parent.resolve(), model.resolve().parent)):
        raise InputError(
            Reason(
                "external data `{location}` leads out of the model's folder through a symbolic link", location
            ),
            hint="copy the file itself there",
        )
    if not stat.S_ISREG(status.st_mode):
        raise InputError(Reason("external data `{location}` is not a plain file", location))
    return status.st_size


def _number(entries: dict[str, str], key: str, location: str) -> int:
    text = entries.get(key, "0")
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise InputError(
            Reason(
                "external data `{location}`: {key} must be a whole number, got `{text}`",
                location,
                key,
                text[:40],
            )
        )
    return int(text)
