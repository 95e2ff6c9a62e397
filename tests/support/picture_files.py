"""Pictures for tests, made by hand, and a classifier small enough to answer at once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def file_of(picture: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """Return a picture as a file; a JPEG keeps full colour, so that colours come back."""
    written = io.BytesIO()
    lossless = {"quality": 95, "subsampling": 0} if form == "JPEG" else {}
    picture.save(written, form, **(lossless | options))
    return written.getvalue()


def plain(colour: Any, size: tuple[int, int] = (64, 64), mode: str = "RGB") -> Image.Image:
    """Return a picture of one colour."""
    return Image.new(mode, size, colour)


def halves(left: Any, right: Any, size: tuple[int, int] = (64, 64)) -> Image.Image:
    """Return a picture of two colours side by side."""
    made = plain(left, size)
    made.paste(plain(right, (size[0] // 2, size[1])), (size[0] // 2, 0))
    return made


def colour_model(
    path: Path, *, datatype: int = TensorProto.UINT8, channels_first: bool = False, side: int = 32
) -> Path:
    """Write a model that takes a picture and says which colour there is most of: 0 red, 1 green, 2 blue."""
    shape = ["batch", 3, side, side] if channels_first else ["batch", side, side, 3]
    axes = [2, 3] if channels_first else [1, 2]
    largest = 255.0 if datatype == TensorProto.UINT8 else 1.0
    nodes = [
        helper.make_node("Cast", ["image"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["pixels", "largest"], ["shares"]),
        helper.make_node("ReduceMean", ["shares"], ["scores"], axes=axes, keepdims=0),
        helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
        helper.make_node("ArgMax", ["probabilities"], ["label"], axis=1, keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "colour",
        [helper.make_tensor_value_info("image", datatype, shape)],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["batch"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", 3]),
        ],
        [numpy_helper.from_array(np.float32(largest), "largest")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path
