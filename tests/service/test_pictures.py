"""What becomes of a picture between its file and the model."""

from __future__ import annotations

import numpy as np
import pytest
from picture_files import BLUE, GREEN, RED, file_of, halves, plain
from PIL import Image

from costplan.protocols.tensors import TensorSpec
from costplan.service.pictures import (
    DamagedPictureError,
    NotAPictureError,
    PictureInput,
    PictureTooLargeError,
    decode_picture,
    picture_input,
    picture_tensor,
)

MOST = 25_000_000
WANTED = PictureInput("image", "UINT8", 32, 32, is_channels_first=False)
OUTPUTS = [TensorSpec("label", "INT64", (-1,)), TensorSpec("probabilities", "FP32", (-1, 10))]


def pixels(content: bytes, wanted: PictureInput = WANTED) -> np.ndarray:
    """Return what the model gets of the one picture."""
    made = picture_tensor(decode_picture(content, wanted, MOST), wanted)
    assert made.data.shape == made.shape
    return np.asarray(made.data[0], np.float64)


def is_like(found: np.ndarray, colour: tuple[int, int, int]) -> bool:
    """A JPEG of one colour comes back within a few steps of 255."""
    return bool((abs(found - np.array(colour)) <= 6).all())


@pytest.mark.parametrize(
    "content",
    [
        file_of(plain(RED)),
        file_of(plain(RED), quality=75, subsampling=2),
        file_of(plain(RED), progressive=True),
        file_of(plain(RED), "PNG"),
        file_of(plain((*RED, 0), mode="RGBA"), "PNG"),
        file_of(plain(RED).convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
        file_of(plain(RED).convert("CMYK")),
        file_of(plain(RED, (1, 1))),
        file_of(plain(RED, (3000, 5))),
        file_of(plain(RED, (1, 999))),
        file_of(plain(RED, (1600, 1200))),
    ],
    ids=["jpeg", "usual", "progressive", "png", "alpha", "palette", "cmyk", "dot", "line", "column", "large"],
)
def test_every_kind_of_file_of_one_colour_is_that_colour(content: bytes) -> None:
    assert is_like(pixels(content), RED)


@pytest.mark.parametrize(
    "content",
    [
        file_of(plain(128, mode="L")),
        file_of(plain(128, mode="L"), "PNG"),
        file_of(Image.fromarray(np.full((8, 8), 128 * 256, np.uint16)), "PNG"),
        file_of(plain((128, 255), mode="LA"), "PNG"),
    ],
    ids=["jpeg", "png", "16 bits", "alpha"],
)
def test_grey_is_the_same_in_each_channel(content: bytes) -> None:
    assert is_like(pixels(content), (128, 128, 128))


def test_black_and_white_of_one_bit() -> None:
    assert is_like(pixels(file_of(plain(1, mode="1"), "PNG")), (255, 255, 255))


def test_the_middle_is_cut_out_and_not_squeezed() -> None:
    """Of 96 x 32 the middle 32 x 32 stays: of three equal bars the one in the middle."""
    bars = plain(RED, (96, 32))
    bars.paste(plain(GREEN, (32, 32)), (32, 0))
    bars.paste(plain(BLUE, (32, 32)), (64, 0))
    assert is_like(pixels(file_of(bars, "PNG"))[:, 4:28], GREEN)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_sets_it_upright(form: str, orientation: int) -> None:
    """Red above blue, stored as each of the eight orientations stores it.

    Source: Exif 2.32, tag Orientation: where row 0 and column 0 of the stored picture are in the upright one.
    """
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = halves(RED, BLUE).transpose(Image.Transpose.ROTATE_270)
    upright.paste(plain(GREEN, (16, 64)), (0, 0))  # at the left, so that mirrors show
    stored = upright.transpose(back[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = pixels(file_of(stored, form, exif=exif))
    assert is_like(found[2:14, 11:30], RED)
    assert is_like(found[18:30, 11:30], BLUE)
    assert is_like(found[:, 1:6], GREEN)


@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")
def test_exif_that_cannot_be_read_says_nothing() -> None:
    assert is_like(pixels(file_of(plain(RED), exif=b"Exif\0\0MM\0*\0\0\xff\xff")), RED)


def test_channels_first_and_floats() -> None:
    wanted = PictureInput("image", "FP32", 16, 8, is_channels_first=True)
    made = picture_tensor(decode_picture(file_of(plain((255, 51, 0)), "PNG"), wanted, MOST), wanted)
    assert made.shape == (1, 3, 8, 16)
    assert made.data.dtype == np.float32
    np.testing.assert_allclose(made.data[0, :, 4, 4], [1.0, 0.2, 0.0], atol=1e-6)  # 51 / 255 = 0.2


def test_a_large_jpeg_is_decoded_at_a_fraction_of_its_size() -> None:
    """Twice the model's 32 is 64; 640 / 64 = 10, and an eighth is the most that JPEG has."""
    content = file_of(halves(RED, BLUE, (640, 640)))
    assert decode_picture(content, WANTED, MOST).size == (80, 80)
    found = pixels(content)
    assert is_like(found[:, :14], RED)
    assert is_like(found[:, 18:], BLUE)
    assert decode_picture(file_of(plain(RED, (127, 127))), WANTED, MOST).size == (127, 127)


def spec(datatype: str, *shape: int) -> list[TensorSpec]:
    return [TensorSpec("x", datatype, shape)]


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (spec("UINT8", -1, 224, 200, 3), PictureInput("x", "UINT8", 200, 224, is_channels_first=False)),
        (spec("FP32", 1, 3, 224, 200), PictureInput("x", "FP32", 200, 224, is_channels_first=True)),
        (spec("FP16", -1, 3, -1, -1), PictureInput("x", "FP16", 224, 224, is_channels_first=True)),
        (spec("UINT8", -1, -1, -1, 3), PictureInput("x", "UINT8", 224, 224, is_channels_first=False)),
        (spec("INT64", -1, 224, 224, 3), None),
        (spec("UINT8", 8, 224, 224, 3), None),
        (spec("UINT8", -1, 224, 224, 1), None),
        (spec("FP32", -1, 64), None),
        (spec("UINT8", -1, 224, 224, 3) * 2, None),
    ],
)
def test_which_models_take_pictures(inputs: list[TensorSpec], expected: PictureInput | None) -> None:
    assert picture_input(inputs, OUTPUTS) == expected
    assert picture_input(inputs, OUTPUTS[:1]) is None


@pytest.mark.parametrize("content", [b"", b"hello", b"GIF89a", b"\xff\xd8", file_of(plain(RED), "BMP")])
def test_what_is_no_picture_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(NotAPictureError, match="no JPEG and no PNG"):
        decode_picture(content, WANTED, MOST)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_truncated_file_is_refused(form: str) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    whole = file_of(noise, form)
    with pytest.raises(DamagedPictureError, match="cannot be decoded"):
        decode_picture(whole[: len(whole) // 2], WANTED, MOST)


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    """The size in the head says it: 60000 x 60000 in a file of a few hundred bytes."""
    content = bytearray(file_of(plain(RED)))
    head = content.index(b"\xff\xc0")
    content[head + 5 : head + 9] = b"\xea\x60\xea\x60"
    with pytest.raises(PictureTooLargeError, match="more pixels than are decoded, which is 25 million"):
        decode_picture(bytes(content), WANTED, MOST)
    with pytest.raises(PictureTooLargeError, match="of 64 x 64 has more pixels"):
        decode_picture(file_of(plain(RED)), WANTED, 64 * 64 - 1)
    assert decode_picture(file_of(plain(RED)), WANTED, 64 * 64).size == (64, 64)


def test_too_many_scans_are_refused() -> None:
    """A progressive JPEG may have any number, each of which passes over all pixels."""
    content = file_of(plain(RED), progressive=True)
    last = content.rindex(b"\xff\xda")
    many = content[:last] + 100 * content[last:-2] + content[-2:]
    with pytest.raises(PictureTooLargeError, match="more than 100 scans"):
        decode_picture(many, WANTED, MOST)
