"""Train the demo model, a small network that reads 8x8 handwritten digits, and write it as ONNX.

    python models/train_demo.py [--output models/digits.onnx]

Data: scikit-learn's `load_digits` (UCI "Optical Recognition of Handwritten Digits", CC BY 4.0), 1,797
images that come with the library, so nothing is downloaded. A fifth, drawn by seed and stratified, is held
out before anything is learnt and is used once, for the accuracy that the file's metadata states. The rest
is repeated nine times, moved by up to a pixel each way, because a digit does not change when it moves.

The network is a perceptron 64 - 256 - 128 - 10; scaling, softmax and the choice of the digit are in the
graph, so a caller sends pixels and reads an answer. Needs scikit-learn and onnx; takes about a minute.
"""

from __future__ import annotations

import argparse
import json
import math
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import sklearn
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.neural_network import MLPClassifier

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SEED = 20240501
HELD_OUT_SHARE = 0.2
HIDDEN_LAYERS = (256, 128)
EPOCHS = 40
FOLDS = 5
BRIGHTEST_PIXEL = 16.0
"""Pixels of this data set run from 0 to 16."""
OPSET = 17
IR_VERSION = 8
"""ONNX Runtime has read this opset and file version since 1.12, so that older servers open the file."""


def moved(images: Floats, down: int, right: int) -> Floats:
    """Return images of shape (n, 64) moved by whole pixels; what enters at an edge is blank."""
    padded = np.pad(images.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    return padded[:, 1 - down : 9 - down, 1 - right : 9 - right].reshape(-1, 64)


def augmented(images: Floats, labels: Ints) -> tuple[Floats, Ints]:
    """Return the images and their eight neighbours one pixel away."""
    moves = [(down, right) for down in (0, -1, 1) for right in (0, -1, 1)]
    return np.concatenate([moved(images, *move) for move in moves]), np.tile(labels, len(moves))


def trained(images: Floats, labels: Ints) -> MLPClassifier:
    """Fit the network for a fixed number of epochs."""
    network = MLPClassifier(
        HIDDEN_LAYERS, alpha=1e-3, batch_size=128, max_iter=EPOCHS, random_state=SEED, n_iter_no_change=EPOCHS
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is the plan, not a failure
        network.fit(*augmented(images / BRIGHTEST_PIXEL, labels))
    return network


def cross_validated(images: Floats, labels: Ints) -> list[float]:
    """Return the accuracy of each fold of the training part; the held-out part is not looked at."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(images, labels)
    return [
        float(trained(images[fit], labels[fit]).score(images[check] / BRIGHTEST_PIXEL, labels[check]))
        for fit, check in folds
    ]


def wilson_interval(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    share, spread = right / total, z * z / total
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return centre - half, centre + half


def as_onnx(network: MLPClassifier, metadata: dict[str, str]) -> onnx.ModelProto:
    """Write the trained weights as a graph: `image` -> `label`, `probabilities`."""
    weights = [numpy_helper.from_array(np.float32(BRIGHTEST_PIXEL), "brightest_pixel")]
    nodes = [helper.make_node("Div", ["image", "brightest_pixel"], ["layer_0"], "scale")]
    layers = list(zip(network.coefs_, network.intercepts_, strict=True))
    for number, (matrix, bias) in enumerate(layers, start=1):
        names = [f"layer_{number - 1}", f"weight_{number}", f"bias_{number}"]
        weights.append(numpy_helper.from_array(matrix.astype(np.float32), names[1]))
        weights.append(numpy_helper.from_array(bias.astype(np.float32), names[2]))
        is_last = number == len(layers)
        sums = "scores" if is_last else f"sums_{number}"
        nodes.append(helper.make_node("Gemm", names, [sums], f"gemm_{number}"))
        if not is_last:
            nodes.append(helper.make_node("Relu", [sums], [f"layer_{number}"], f"relu_{number}"))
    nodes.append(helper.make_node("Softmax", ["scores"], ["probabilities"], "softmax", axis=1))
    nodes.append(helper.make_node("ArgMax", ["scores"], ["label"], "choose", axis=1, keepdims=0))
    graph = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 64])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["batch"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", 10]),
        ],
        weights,
    )
    model = helper.make_model(
        graph,
        producer_name="costplan models/train_demo.py",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
        doc_string="Reads one handwritten digit from 8x8 grey pixels, 0 (blank) to 16 (ink).",
    )
    helper.set_model_props(model, metadata)
    onnx.checker.check_model(model, full_check=True)
    return model


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("digits.onnx"))
    options = parser.parse_args(arguments)
    images, labels = load_digits(return_X_y=True)
    images, held_images, labels, held_labels = train_test_split(
        images, labels, test_size=HELD_OUT_SHARE, random_state=SEED, stratify=labels
    )
    folds = cross_validated(images, labels)
    network = trained(images, labels)
    right = int((network.predict(held_images / BRIGHTEST_PIXEL) == held_labels).sum())
    low, high = wilson_interval(right, len(held_labels))
    metadata = {
        "data": "scikit-learn load_digits (UCI Optical Recognition of Handwritten Digits, CC BY 4.0)",
        "license": "Apache-2.0",
        "seed": str(SEED),
        "hidden_layers": json.dumps(HIDDEN_LAYERS),
        "epochs": str(EPOCHS),
        "scikit_learn": sklearn.__version__,
        "training_samples": str(len(labels)),
        "held_out_samples": str(len(held_labels)),
        "held_out_right": str(right),
        "held_out_accuracy": f"{right / len(held_labels):.4f}",
        "cross_validated_accuracy": f"{sum(folds) / FOLDS:.4f}",
    }
    content = as_onnx(network, metadata).SerializeToString(deterministic=True)
    options.output.write_bytes(content)
    print(f"held out: {right} of {len(held_labels)} right, {low:.1%} to {high:.1%} (95 %)")
    print(f"cross-validated on the rest: {', '.join(f'{fold:.1%}' for fold in folds)}")
    print(f"{options.output.name}: {len(content)} bytes")


if __name__ == "__main__":
    main()
