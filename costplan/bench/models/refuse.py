"""Files that are no ONNX model, told by name and by their first bytes, before anything opens them.

A pickle runs code when it is read, so files that are, or may hold, one are refused twice: by suffix, and by
content whatever the suffix says.
"""

from __future__ import annotations

import stat
from pathlib import Path

from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason

MAX_MODEL_BYTES = 2 << 30
"""Protobuf's own limit for one message; larger models keep their weights in external data."""

_PICKLE_SUFFIXES = frozenset(
    {".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".dill", ".npy", ".skops"}
)
_OTHER_SUFFIXES = {
    ".h5": Reason("a Keras file"),
    ".keras": Reason("a Keras file"),
    ".pb": Reason("a TensorFlow graph"),
    ".tflite": Reason("a TensorFlow Lite file"),
    ".safetensors": Reason("a file of weights without a graph"),
    ".gguf": Reason("a llama.cpp file"),
    ".ort": Reason("an ONNX Runtime format file"),
    ".engine": Reason("a TensorRT plan"),
    ".plan": Reason("a TensorRT plan"),
}
_SIGNATURES = (
    (b"PK\x03\x04", Reason("a zip archive, as PyTorch and Keras write it; it may hold a pickle")),
    (b"PK\x05\x06", Reason("an empty zip archive")),
    (b"\x1f\x8b", Reason("gzip data, which may hold a pickle")),
    (b"BZh", Reason("bzip2 data, which may hold a pickle")),
    (b"\xfd7zXZ", Reason("xz data, which may hold a pickle")),
    (b"\x04\x22\x4d\x18", Reason("lz4 data, which may hold a pickle")),
    (b"x\x01", Reason("zlib data, which may hold a pickle")),
    (b"x\x9c", Reason("zlib data, which may hold a pickle")),
    (b"x\xda", Reason("zlib data, which may hold a pickle")),
    (b"\x93NUMPY", Reason("a numpy file")),
    (b"\x89HDF", Reason("an HDF5 file")),
    (b"\x7fELF", Reason("a program")),
    (b"GGUF", Reason("a llama.cpp file")),
    (b"version https://git-lfs", Reason("a pointer of Git LFS, not the file itself; run `git lfs pull`")),
)
_EXPORT_HINT = "export the model to ONNX where it was trained, and give the .onnx file"


def check_model_file(path: Path) -> None:
    """Refuse a path that is not a plain file with an ONNX model in it, without opening it as one.

    Raises:
        InputError: It is missing, no plain file, empty, too large, a pickle or of another format.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(
            Reason("{path}: cannot be read: {why}", path, reason_of(error)), hint="check the path of --model"
        ) from None
    if not stat.S_ISREG(status.st_mode):
        raise InputError(Reason("{path}: is not a plain file", path))
    suffix = path.suffix.lower()
    if suffix in _PICKLE_SUFFIXES:
        raise InputError(
            Reason("{path}: `{suffix}` files may hold a pickle, which is never read", path, suffix),
            hint=_EXPORT_HINT,
        )
    if suffix in _OTHER_SUFFIXES:
        raise InputError(
            Reason("{path}: is {kind}, not an ONNX model", path, _OTHER_SUFFIXES[suffix]),
            hint=_EXPORT_HINT,
        )
    if status.st_size == 0:
        raise InputError(Reason("{path}: is empty", path))
    if status.st_size > MAX_MODEL_BYTES:
        raise InputError(
            Reason(
                "{path}: {size} bytes; one ONNX file holds at most {most}",
                path,
                str(status.st_size),
                str(MAX_MODEL_BYTES),
            ),
            hint="save the model with external data",
        )
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise InputError(Reason("{path}: cannot be read: {why}", path, reason_of(error))) from None
    found = _foreign_format(head)
    if found:
        raise InputError(
            Reason("{path}: is {found}", path, found), hint=None if "git lfs" in found else _EXPORT_HINT
        )


def _foreign_format(head: bytes) -> str | None:
    if len(head) > 1 and head[0] == 0x80 and 1 <= head[1] <= 5:
        return Reason("a pickle, which is never read")
    if head[:1] in (b"(", b"]", b"}") or head[:2] in (b"c_", b"cn", b"cs", b"cc"):
        return Reason("a pickle of the old text form, which is never read")
    if head[4:8] == b"ORTM":
        return Reason("an ONNX Runtime format file")
    return next((what for start, what in _SIGNATURES if head.startswith(start)), None)
