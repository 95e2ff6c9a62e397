"""Pictures made up for a measurement: JPEGs as long, and as long to decode, as small photos."""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
from PIL import Image

WIDTH: Final = 640
HEIGHT: Final = 480
_QUALITY: Final = 75
"""The usual setting of an encoder; colours at half resolution, as cameras store them."""
_COARSEST: Final = (5, 4)
_OCTAVES: Final = 7
_FALL: Final = 0.5
"""Each octave has half the amplitude of the coarser one: spectra of photos fall as one over the frequency."""
_CONTRAST: Final = 55.0
_COLOUR: Final = 0.35
"""Of the contrast: the colours of photos differ less than their brightness."""


def make_photos(count: int, seed: int) -> list[bytes]:
    """Return so many different JPEGs of 640 x 480, the same for the same seed: about 20 KB each.

    Smooth noise in octaves: clouds without a motif. What is on a picture changes nothing of what it costs to
    decode; how many bytes and pixels it has does.
    """
    generator = np.random.default_rng(seed)
    return [_encoded(_photo(generator)) for _ in range(count)]


def _photo(generator: np.random.Generator) -> Image.Image:
    light = 128 + _CONTRAST * _noise(generator, _OCTAVES)
    tints = [_COLOUR * _CONTRAST * _noise(generator, _OCTAVES - 2) for _ in range(3)]
    pixels = np.stack([light + tint for tint in tints], axis=-1)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _noise(generator: np.random.Generator, octaves: int) -> Any:
    """Return values around 0, near 1 in size at the coarsest octave."""
    total = np.zeros((HEIGHT, WIDTH), np.float32)
    for octave in range(octaves):
        width, height = (side << octave for side in _COARSEST)
        coarse = generator.standard_normal((height, width)).astype(np.float32)
        smooth = Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        total += _FALL**octave * np.asarray(smooth)
    return total


def _encoded(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=_QUALITY, subsampling="4:2:0")
    return written.getvalue()
