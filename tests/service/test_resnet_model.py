"""The shipped network of ResNet-50's size is that network, and says that nobody trained it."""

from __future__ import annotations

import importlib.util
import math

import numpy as np
import onnx
import onnxruntime
from onnx import shape_inference
from service_process import ROOT

from costplan.bench.models.check import find_fault

FILE = ROOT / "models" / "resnet50.onnx"
SESSION = onnxruntime.InferenceSession(FILE, providers=["CPUExecutionProvider"])


def multiplications(model: onnx.ModelProto) -> int:
    """Count those of convolutions and of the last layer, for one image."""
    inferred = shape_inference.infer_shapes(model, strict_mode=True)
    shapes = {
        one.name: [d.dim_value for d in one.type.tensor_type.shape.dim] for one in inferred.graph.value_info
    }
    count = 0
    for node in inferred.graph.node:
        if node.op_type == "Conv":
            height, width = shapes[node.output[0]][2:]
            count += math.prod(shapes[node.input[1]]) * height * width
        elif node.op_type == "Gemm":
            count += math.prod(shapes[node.input[1]])
    return count


def test_it_is_as_large_as_resnet_50() -> None:
    """25,557,032 parameters of the original less its 26,560 pairs of batch normalisation and 1,000 biases."""
    assert SESSION.get_modelmeta().custom_metadata_map == {
        "weights": str(25_557_032 - 2 * 26_560 - 1_000),
        "trained": "no",
    }
    # 4,087,136,256 of the convolutions, 2048 x 1000 of the last layer.
    assert multiplications(onnx.load(FILE)) == 4_087_136_256 + 2_048_000
    assert FILE.stat().st_size < 100_000


def test_it_takes_the_pixels_of_a_picture_and_tells_pictures_apart() -> None:
    [given] = SESSION.get_inputs()
    assert (given.name, given.type, given.shape) == ("image", "tensor(uint8)", ["batch", 224, 224, 3])
    pictures = np.random.default_rng(3).integers(0, 256, (2, 224, 224, 3)).astype(np.uint8)
    labels, probabilities = SESSION.run(["label", "probabilities"], {"image": pictures})
    assert probabilities.shape == (2, 1000)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert (probabilities.argmax(axis=1) == labels).all()


def test_what_it_says_of_two_pictures_differs_by_more_than_a_check_of_answers_lets_pass() -> None:
    dark, light = (np.full((1, 224, 224, 3), value, np.uint8) for value in (60, 180))
    told = [SESSION.run(["probabilities"], {"image": picture})[0] for picture in (dark, light)]
    assert find_fault(told[0], told[1], "probabilities") is not None
    assert find_fault(told[0], told[0], "probabilities") is None


def test_the_script_writes_the_file_that_is_shipped() -> None:
    found = importlib.util.spec_from_file_location("make_resnet50", ROOT / "models" / "make_resnet50.py")
    assert found is not None
    assert found.loader is not None
    script = importlib.util.module_from_spec(found)
    found.loader.exec_module(script)
    made = script.network(random_weights=False).SerializeToString(deterministic=True)
    assert made == FILE.read_bytes()
