"""A picture as a client sends it, made into what an image classifier takes; nothing of a file is trusted."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image, UnidentifiedImageError

from costplan.messages.errors import CostplanError
from costplan.protocols.tensors import DATATYPES, Tensor, TensorSpec

MEDIA_TYPES: Final = ("image/jpeg", "image/png")
_FORMATS: Final = ("JPEG", "PNG")

MOST_SCANS: Final = 100
"""Of a JPEG. Cameras write 1 and encoders about 10; each costs a pass over all of its pixels."""

_SCAN: Final = b"\xff\xda"
"""Marker of a scan; compressed data never holds these two bytes."""

_USUAL_SIDE: Final = 224
"""Where the model leaves its size open."""

_SPARE: Final = 2
"""A large JPEG is decoded at a half, a quarter or an eighth of its size where so many times the model's side
is left, as Pillow's own `thumbnail` does: the resizing that follows hides the difference."""

_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""Orientation in the EXIF data -> what sets the picture upright."""


class NotAPictureError(CostplanError):
    """The bytes are no JPEG and no PNG."""


class DamagedPictureError(CostplanError):
    """They begin as one, and cannot be decoded."""


class PictureTooLargeError(CostplanError):
    """It would take too much memory or time to decode."""


@dataclass(frozen=True, slots=True)
class PictureInput:
    """The one input of an image classifier."""

    name: str
    datatype: str
    width: int
    height: int
    is_channels_first: bool
    """NCHW, else NHWC."""


def picture_input(inputs: Sequence[TensorSpec], outputs: Sequence[TensorSpec]) -> PictureInput | None:
    """Return the input of a model that takes one RGB picture and gives label and probabilities, else None."""
    if len(inputs) != 1 or not {"label", "probabilities"} <= {spec.name for spec in outputs}:
        return None
    [spec] = inputs
    shape = tuple(spec.shape)
    if len(shape) != 4 or shape[0] not in (-1, 1) or spec.datatype not in ("UINT8", "FP32", "FP16"):
        return None
    is_channels_first = shape[3] != 3
    if is_channels_first and shape[1] != 3:
        return None
    sides = shape[2:] if is_channels_first else shape[1:3]
    height, width = (side if side > 0 else _USUAL_SIDE for side in sides)
    return PictureInput(spec.name, spec.datatype, width, height, is_channels_first)


def decode_picture(content: bytes, wanted: PictureInput, most_pixels: int) -> Image.Image:
    """Decode a JPEG or a PNG, at once at a fraction of its size where the format can.

    Raises:
        NotAPictureError, DamagedPictureError, PictureTooLargeError: See there.
    """
    try:
        picture = Image.open(io.BytesIO(content), formats=_FORMATS)
        _check_size(picture, content, most_pixels)
        picture.draft(None, (_SPARE * wanted.width, _SPARE * wanted.height))
        picture.load()
    except UnidentifiedImageError:
        raise NotAPictureError(
            "the body is no JPEG and no PNG", hint="send the bytes of the file as they are"
        ) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(most_pixels) from None
    except (CostplanError, MemoryError):
        raise
    except Exception as error:  # a dozen kinds, each for another place at which a file is broken
        raise DamagedPictureError(f"the picture cannot be decoded: {_first_line(error)}") from None
    return picture


def picture_tensor(picture: Image.Image, wanted: PictureInput) -> Tensor:
    """Cut the middle out, resize it, set it upright: RGB, bytes of 0 to 255 or floats of 0 to 1."""
    turn = _turn_of(picture)
    is_on_its_side = turn is not None and turn not in (
        Image.Transpose.FLIP_LEFT_RIGHT,
        Image.Transpose.FLIP_TOP_BOTTOM,
        Image.Transpose.ROTATE_180,
    )
    size = (wanted.height, wanted.width) if is_on_its_side else (wanted.width, wanted.height)
    small = _plain(picture).resize(size, Image.Resampling.BILINEAR, box=_middle(picture.size, size))
    upright = small if turn is None else small.transpose(turn)
    pixels = np.asarray(upright.convert("RGB"))[np.newaxis]
    if wanted.is_channels_first:
        pixels = pixels.transpose(0, 3, 1, 2)
    made = _as_datatype(pixels, wanted.datatype)
    return Tensor(wanted.name, wanted.datatype, made.shape, np.ascontiguousarray(made))


def _as_datatype(pixels: Any, datatype: str) -> Any:
    return pixels if datatype == "UINT8" else (pixels / np.float32(255)).astype(DATATYPES[datatype])


def _check_size(picture: Image.Image, content: bytes, most_pixels: int) -> None:
    """Refuse what is large before anything is decoded; the size is known from the file's head."""
    width, height = picture.size
    if width * height > most_pixels:
        raise _too_many_pixels(most_pixels, f"{width} x {height}")
    if content.count(_SCAN) > MOST_SCANS and picture.format != "PNG":
        raise PictureTooLargeError(f"the picture has more than {MOST_SCANS} scans")


def _too_many_pixels(most: int, size: str = "") -> PictureTooLargeError:
    found = f" of {size}" if size else ""
    return PictureTooLargeError(
        f"a picture{found} has more pixels than are decoded, which is {most / 1e6:g} million",
        hint="make it smaller; the model sees a fraction of them",
    )


def _plain(picture: Image.Image) -> Image.Image:
    """Return grey or colour that can be resized: no palette, no inks, no transparency, no 16 bits."""
    if picture.mode in ("RGB", "L"):
        return picture
    if picture.mode.startswith("I"):  # 16 bits of grey
        values = np.asarray(picture).astype(np.uint32) >> 8
        return Image.fromarray(values.clip(0, 255).astype(np.uint8))
    return picture.convert("RGB")


def _middle(found: tuple[int, int], wanted: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return the largest part around the centre that has the proportions wanted."""
    scale = min(found[0] / wanted[0], found[1] / wanted[1])
    width, height = wanted[0] * scale, wanted[1] * scale
    left, top = (found[0] - width) / 2, (found[1] - height) / 2
    return (left, top, left + width, top + height)


def _turn_of(picture: Image.Image) -> Image.Transpose | None:
    """Return how to set a picture upright; EXIF data that cannot be read say nothing."""
    if "exif" not in picture.info:
        return None
    try:
        return _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # whatever a hostile file makes of it
        return None


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0][:200] if lines else type(error).__name__
