"""Write a network of ResNet-50's size as ONNX, without its weights: they are made when the file is loaded.

    python models/make_resnet50.py [--output models/resnet50.onnx] [--random-weights]

The graph is that of ResNet-50 v1.5 (He et al., arXiv 1512.03385; stride in the 3x3 convolution), batch
normalisation folded into convolutions with bias: 25.5 million weights, 4.1 GMAC an image of 224x224. Every
weight is a sine of its position, `sin(0.37 i)`, scaled as by He; a runtime folds these into constants when it
loads the file, so that 58 kB compute what 102 MB would. Nothing was trained: its answers mean nothing, and no
accuracy is claimed. `--random-weights` stores random weights instead, to compare the speed.

Pixels go in as bytes, as a decoded JPEG has them, and are normalised in the graph.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
"""ONNX Runtime has read this opset and file version since 1.12, so that older servers open the file."""
SIDE = 224
CLASSES = 1000
BLOCKS = ((3, 64), (4, 128), (6, 256), (3, 512))
"""Blocks of each stage, and the width of their inner convolutions; a block gives four times the channels."""
MEAN, DEVIATION = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
"""Of ImageNet's pixels, red, green, blue: what networks of this family are fed with."""
LOUDER = 2.0**16
"""What the scores are multiplied by. A sine has half the variance that the scale by He counts on, so that
little is left after 50 layers: without this all classes were equally likely, for each picture alike."""
STEP = 0.37
"""Between two weights, in radians: no period, so that no two filters are equal."""


class Graph:
    """Nodes and constants, as they are added."""

    def __init__(self, *, random_weights: bool) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self.weights = 0
        """How many there are."""
        self._random = np.random.default_rng(0) if random_weights else None

    def add(self, kind: str, inputs: Sequence[str], name: str, **attributes: object) -> str:
        """Add a node with one output, named as the node is."""
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, name: str, values: object, kind: type) -> str:
        """Add a constant."""
        self.constants.append(numpy_helper.from_array(np.asarray(values, kind), name))
        return name

    def weight(self, name: str, shape: Sequence[int]) -> str:
        """Add weights: a formula that loading folds into a constant, or numbers."""
        count, fan = int(np.prod(shape)), int(np.prod(shape[1:]))
        scale = np.float32(np.sqrt(2.0 / fan))
        self.weights += count
        if self._random is not None:
            drawn = self._random.standard_normal(count).astype(np.float32) * scale
            return self.constant(name, drawn.reshape(shape), np.float32)
        numbers = self.add("Range", [self.whole(0), self.whole(count), self.whole(1)], f"{name}.numbers")
        steps = self.add("Cast", [numbers], f"{name}.steps", to=TensorProto.FLOAT)
        angles = self.add("Mul", [steps, self.constant(f"{name}.step", STEP, np.float32)], f"{name}.angles")
        waves = self.add("Sin", [angles], f"{name}.waves")
        scaled = self.add("Mul", [waves, self.constant(f"{name}.scale", scale, np.float32)], f"{name}.scaled")
        return self.add("Reshape", [scaled, self.constant(f"{name}.shape", shape, np.int64)], name)

    def whole(self, number: int) -> str:
        """Return a whole number as a constant; each stands once in the file."""
        name = f"whole.{number}"
        if all(one.name != name for one in self.constants):
            self.constant(name, number, np.int64)
        return name

    def zeros(self, name: str, count: int) -> str:
        """Add a bias."""
        return self.add("ConstantOfShape", [self.constant(f"{name}.shape", [count], np.int64)], name)

    def convolution(
        self,
        of: str,
        name: str,
        channels: tuple[int, int],
        kernel: int,
        *,
        stride: int = 1,
        relu: bool = True,
    ) -> str:
        """Add a convolution with bias that keeps the size but for its stride, and what follows it."""
        inside, outside = channels
        weight = self.weight(f"{name}.weight", (outside, inside, kernel, kernel))
        bias = self.zeros(f"{name}.bias", outside)
        made = self.add(
            "Conv", [of, weight, bias], name, kernel_shape=[kernel] * 2, strides=[stride] * 2,
            pads=[kernel // 2] * 4,
        )  # fmt: skip
        return self.add("Relu", [made], f"{name}.relu") if relu else made

    def block(self, of: str, name: str, inside: int, width: int, stride: int) -> str:
        """Add a bottleneck block: 1x1 to `width`, 3x3, 1x1 to four times `width`, beside the way past it."""
        outside = 4 * width
        past = of
        if stride != 1 or inside != outside:
            past = self.convolution(of, f"{name}.past", (inside, outside), 1, stride=stride, relu=False)
        made = self.convolution(of, f"{name}.1", (inside, width), 1)
        made = self.convolution(made, f"{name}.2", (width, width), 3, stride=stride)
        made = self.convolution(made, f"{name}.3", (width, outside), 1, relu=False)
        return self.add("Relu", [self.add("Add", [made, past], f"{name}.sum")], f"{name}.relu")


def network(*, random_weights: bool) -> onnx.ModelProto:
    """Put the graph together."""
    graph = Graph(random_weights=random_weights)
    pixels = graph.add("Cast", ["image"], "pixels", to=TensorProto.FLOAT)
    centred = graph.add("Sub", [pixels, graph.constant("mean", MEAN, np.float32)], "centred")
    scaled = graph.add("Div", [centred, graph.constant("deviation", DEVIATION, np.float32)], "normalised")
    now = graph.add("Transpose", [scaled], "planes", perm=[0, 3, 1, 2])
    now = graph.convolution(now, "stem", (3, 64), 7, stride=2)
    now = graph.add("MaxPool", [now], "pool", kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    inside = 64
    for stage, (blocks, width) in enumerate(BLOCKS, start=1):
        for block in range(1, blocks + 1):
            stride = 2 if block == 1 and stage > 1 else 1
            now = graph.block(now, f"stage{stage}.{block}", inside, width, stride)
            inside = 4 * width
    now = graph.add("Flatten", [graph.add("GlobalAveragePool", [now], "mean_of_planes")], "features")
    weight = graph.weight("classes.weight", (CLASSES, inside))
    bias = graph.zeros("classes.bias", CLASSES)
    alpha = 1.0 if random_weights else LOUDER
    scores = graph.add("Gemm", [now, weight, bias], "scores", transB=1, alpha=alpha)
    graph.add("Softmax", [scores], "probabilities", axis=1)
    graph.add("ArgMax", ["probabilities"], "label", axis=1, keepdims=0)
    made = helper.make_graph(
        graph.nodes,
        "resnet50-sized",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", SIDE, SIDE, 3])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["batch"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", CLASSES]),
        ],
        graph.constants,
    )
    model = helper.make_model(
        made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="costplan"
    )
    model.doc_string = (
        "A network of ResNet-50's size; its weights were not trained and its answers mean nothing."
    )
    helper.set_model_props(model, {"weights": str(graph.weights), "trained": "no"})
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "resnet50.onnx")
    parser.add_argument("--random-weights", action="store_true", help="Store them: 100 MB.")
    given = parser.parse_args()
    model = network(random_weights=given.random_weights)
    given.output.write_bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
