"""`--preprocess image`: pictures decoded, made as large as the model takes them, in its layout and type."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from costplan.bench.models.facts import ModelPort
from costplan.bench.models.shapes import resolve_shapes
from costplan.messages.errors import InputError, MissingExtraError, reason_of
from costplan.messages.reason import Reason
from costplan.protocols.tensors import DATATYPES, Array

_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
_MAX_PIXELS = 50_000_000
"""Of one picture: a small file may claim to be of any size."""
_MODES = {1: "L", 3: "RGB", 4: "RGBA"}
_HOOK_HINT = "write a function of your own: --preprocess hook.py"


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a model that takes one picture wants it to be."""

    name: str
    height: int
    width: int
    channels: int
    is_channels_last: bool
    has_batch: bool
    dtype: np.dtype[np.generic]

    @classmethod
    def of_model(cls, inputs: Sequence[ModelPort], given: Mapping[str, tuple[int, ...]]) -> Pictures:
        """Read size, layout and type from the model's input, and from `--shape` where it leaves them open.

        Raises:
            InputError: The model does not take one picture, or takes it in a type that has no usual scale.
        """
        if len(inputs) != 1:
            names = ", ".join(port.name for port in inputs[:5])
            raise InputError(
                Reason("--preprocess image: the model has {count} inputs ({names})", len(inputs), names),
                hint=_HOOK_HINT,
            )
        (port,) = inputs
        shape = resolve_shapes(inputs, given)[port.name]
        sizes, has_batch = (shape[1:], True) if len(shape) == 4 else (shape, False)
        if len(sizes) != 3 or not {sizes[0], sizes[2]} & set(_MODES):
            raise InputError(
                Reason("--preprocess image: input `{name}` is no picture: {shape}", port.name, list(shape)),
                hint=_HOOK_HINT,
            )
        dtype = DATATYPES[port.datatype]
        if dtype.kind != "f" and dtype != np.uint8:
            raise InputError(
                Reason("--preprocess image: input `{name}` is {type}", port.name, port.datatype),
                hint=_HOOK_HINT,
            )
        is_last = sizes[0] not in _MODES
        height, width, channels = sizes if is_last else (*sizes[1:], sizes[0])
        return cls(port.name, height, width, channels, is_last, has_batch, dtype)

    def said(self) -> str:
        """Say what is done to a picture."""
        layout = ("N" if self.has_batch else "") + ("HWC" if self.is_channels_last else "CHW")
        return Reason(
            "decoded with Pillow, {mode}, resized to {size} (bilinear), {layout}, {scale}",
            _MODES[self.channels],
            f"{self.width}x{self.height}",
            layout,
            f"/255 {self.dtype}" if self.dtype.kind == "f" else str(self.dtype),
        )

    def __call__(self, file: Path) -> dict[str, Array]:
        """Make the input of a file.

        Raises:
            InputError: It is no picture that can be read, or has too many pixels.
        """
        pixels = _decoded(file, _MODES[self.channels], (self.width, self.height))
        array = pixels.reshape(self.height, self.width, self.channels)
        if not self.is_channels_last:
            array = array.transpose(2, 0, 1)
        if self.dtype.kind == "f":
            array = (array.astype(np.float32) / 255).astype(self.dtype)
        return {self.name: np.ascontiguousarray(array[None] if self.has_batch else array)}


def _decoded(file: Path, mode: str, size: tuple[int, int]) -> Array:
    try:
        from PIL import Image, ImageFile, UnidentifiedImageError
    except ModuleNotFoundError as error:
        raise MissingExtraError(Reason("--preprocess image"), "bench") from error
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file, formats=_FORMATS) as picture:
                if picture.width * picture.height > _MAX_PIXELS:
                    raise InputError(
                        Reason("{file}: has more than {most} pixels", file, str(_MAX_PIXELS)),
                        hint="make it smaller",
                    )
                resized = picture.convert(mode).resize(size, Image.Resampling.BILINEAR)
    except UnidentifiedImageError:
        raise InputError(
            Reason("{file}: is no picture", file), hint="leave only pictures in the folder"
        ) from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        said = reason_of(error) if isinstance(error, OSError) and error.strerror else str(error)[:200]
        raise InputError(Reason("{file}: cannot be decoded: {why}", file, said)) from None
    return np.asarray(resized)
