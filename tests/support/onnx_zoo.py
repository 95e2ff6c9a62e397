"""Small ONNX models of many kinds, made for the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper, save_model

F, H, I64, I32, B, S = (
    TensorProto.FLOAT,
    TensorProto.FLOAT16,
    TensorProto.INT64,
    TensorProto.INT32,
    TensorProto.BOOL,
    TensorProto.STRING,
)
Shape = list[int | str | None]


def value(name: str, kind: int, shape: Shape | None) -> Any:
    """Declare an input or output."""
    return helper.make_tensor_value_info(name, kind, shape)


def model(
    nodes: list[Any], inputs: list[Any], outputs: list[Any], opset: int = 17, **weights: Any
) -> ModelProto:
    """Make a model; keyword arguments are its weights."""
    tensors = [numpy_helper.from_array(np.asarray(array), name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "g", inputs, outputs, tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def token_encoder() -> ModelProto:
    """Three int64 inputs with two open dimensions, as language models have; tables of 11 and 2 rows."""
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["w"]),
        helper.make_node("Gather", ["segments", "token_type_ids"], ["t"]),
        helper.make_node("Add", ["w", "t"], ["e"]),
        helper.make_node("Cast", ["attention_mask"], ["m"], to=F),
        helper.make_node("Unsqueeze", ["m", "axis"], ["m3"]),
        helper.make_node("Mul", ["e", "m3"], ["y"]),
    ]
    dims: Shape = ["batch_size", "sequence_length"]
    names = ("input_ids", "attention_mask", "token_type_ids")
    tables = {"words": np.ones((11, 4), np.float32), "segments": np.ones((2, 4), np.float32)}
    return model(nodes, [value(n, I64, dims) for n in names], [value("y", F, [*dims, 4])], axis=[2], **tables)


def half_image() -> ModelProto:
    """A float16 image with open batch, height and width."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["image"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["y"]),
    ]
    return model(nodes, [value("image", H, ["N", 3, "height", "width"])], [value("y", H, ["N", 3])])


def boolean() -> ModelProto:
    """A bool input."""
    return model(
        [helper.make_node("Not", ["flag"], ["y"])], [value("flag", B, [None, 4])], [value("y", B, [None, 4])]
    )


def text() -> ModelProto:
    """A string input, joined to itself."""
    nodes = [helper.make_node("StringConcat", ["text", "text"], ["y"])]
    return model(nodes, [value("text", S, ["words"])], [value("y", S, ["words"])], 20)


def scalar() -> ModelProto:
    """A scalar beside a vector."""
    nodes = [helper.make_node("Mul", ["x", "factor"], ["y"])]
    return model(nodes, [value("x", F, ["n", 5]), value("factor", F, [])], [value("y", F, ["n", 5])])


def scalar_flag() -> ModelProto:
    """A bool without dimensions that chooses a branch."""
    yes = helper.make_graph([helper.make_node("Identity", ["x"], ["a"])], "yes", [], [value("a", F, [2])])
    no = helper.make_graph([helper.make_node("Neg", ["x"], ["b"])], "no", [], [value("b", F, [2])])
    nodes = [helper.make_node("If", ["use_gpu"], ["y"], then_branch=yes, else_branch=no)]
    return model(nodes, [value("use_gpu", B, []), value("x", F, [2])], [value("y", F, [2])])


def empty_cache() -> ModelProto:
    """A past of no steps, as language models take it first, before one step."""
    nodes = [helper.make_node("Concat", ["past", "x"], ["y"], axis=1)]
    return model(nodes, [value("past", F, [1, 0, 4]), value("x", F, [1, 1, 4])], [value("y", F, [1, 1, 4])])


def noise() -> ModelProto:
    """Draws its answer anew each time, in the shape of its input."""
    nodes = [helper.make_node("RandomNormalLike", ["x"], ["y"])]
    return model(nodes, [value("x", F, [1, 3])], [value("y", F, [1, 3])])


def memory_reader() -> ModelProto:
    """An input and a node called memory; only 64 x 64 numbers fit, which it does not say."""
    nodes = [helper.make_node("Reshape", ["memory", "shape"], ["y"], name="/memory_attention/Reshape")]
    return model(nodes, [value("memory", F, ["b", "n", None])], [value("y", F, None)], shape=[1, 64, 64])


def recurrent() -> ModelProto:
    """An LSTM that takes and gives its state."""
    size = 3
    weights = {
        "w": np.full((1, 4 * size, 2), 0.1, np.float32),
        "r": np.full((1, 4 * size, size), 0.1, np.float32),
    }
    nodes = [
        helper.make_node("LSTM", ["x", "w", "r", "", "", "h0", "c0"], ["y", "hn", "cn"], hidden_size=size)
    ]
    state: Shape = [1, "batch", size]
    inputs = [value("x", F, ["time", "batch", 2]), value("h0", F, state), value("c0", F, state)]
    outputs = [value("y", F, None), value("hn", F, state), value("cn", F, state)]
    return model(nodes, inputs, outputs, **weights)


def sequence_output() -> ModelProto:
    """A sequence of tensors as output."""
    nodes = [helper.make_node("SplitToSequence", ["x"], ["y"], axis=1, keepdims=1)]
    output = helper.make_tensor_sequence_value_info("y", F, None)
    return model(nodes, [value("x", F, [2, 3])], [output])


def optional_output() -> ModelProto:
    """An optional tensor as output."""
    nodes = [helper.make_node("Optional", ["x"], ["y"])]
    inner = helper.make_tensor_type_proto(F, [2])
    output = helper.make_value_info("y", helper.make_optional_type_proto(inner))
    return model(nodes, [value("x", F, [2])], [output])


def no_rank() -> ModelProto:
    """An input that does not say how many dimensions it has."""
    return model([helper.make_node("Abs", ["x"], ["y"])], [value("x", F, None)], [value("y", F, None)])


def needs_28() -> ModelProto:
    """An image model whose open sizes hide a fixed one: only 28 x 28 fits."""
    nodes = [helper.make_node("Reshape", ["x", "shape"], ["y"])]
    return model(nodes, [value("x", F, [None, 1, None, None])], [value("y", F, None)], shape=[1, 28 * 28])


def of_opset(opset: int) -> ModelProto:
    """A model of an older or newer operator set."""
    return model(
        [helper.make_node("Relu", ["x"], ["y"])], [value("x", F, ["b", 3])], [value("y", F, ["b", 3])], opset
    )


def constant_bomb() -> ModelProto:
    """Some tens of bytes that ask for a constant of 256 GiB."""
    nodes = [helper.make_node("ConstantOfShape", ["s"], ["y"])]
    return model(nodes, [], [value("y", F, None)], opset=13, s=np.array([1 << 36]))


def hidden_bomb() -> ModelProto:
    """The same through Expand and a shape that is computed, so that only running it shows the size."""
    nodes = [helper.make_node("Mul", ["s", "s"], ["big"]), helper.make_node("Expand", ["x", "big"], ["y"])]
    return model(nodes, [value("x", F, [1])], [value("y", F, None)], s=np.array([1 << 18]))


def endless_loop() -> ModelProto:
    """A loop that counts to 2^62."""
    body = helper.make_graph(
        [helper.make_node("Identity", ["cond"], ["again"]), helper.make_node("Add", ["v", "v"], ["w"])],
        "body",
        [value("i", I64, []), value("cond", B, []), value("v", F, [1])],
        [value("again", B, []), value("w", F, [1])],
    )
    nodes = [helper.make_node("Loop", ["trips", "go", "x"], ["y"], body=body)]
    weights = {"trips": np.array(1 << 62), "go": np.array(True)}
    return model(nodes, [value("x", F, [1])], [value("y", F, [1])], **weights)


def not_a_number() -> ModelProto:
    """Answers NaN, whatever is asked."""
    nodes = [helper.make_node("Sub", ["x", "x"], ["zero"]), helper.make_node("Div", ["zero", "zero"], ["y"])]
    return model(nodes, [value("x", F, [2])], [value("y", F, [2])])


def classifier(with_zipmap: bool) -> ModelProto:
    """A scikit-learn classifier; with ZipMap its probabilities are a sequence of maps."""
    from skl2onnx import to_onnx
    from sklearn.linear_model import LogisticRegression

    features = np.random.default_rng(0).random((60, 4)).astype(np.float32)
    fitted = LogisticRegression().fit(features, (features.sum(axis=1) > 2).astype(int))
    return to_onnx(fitted, features[:1], target_opset=17, options={"zipmap": with_zipmap})


RUNNABLE: dict[str, Callable[[], ModelProto]] = {
    "token encoder": token_encoder,
    "float16 image": half_image,
    "bool": boolean,
    "text": text,
    "scalar": scalar,
    "scalar flag": scalar_flag,
    "empty cache": empty_cache,
    "noise": noise,
    "recurrent": recurrent,
    "sequence output": sequence_output,
    "optional output": optional_output,
    "classifier with zipmap": lambda: classifier(True),
    "classifier without zipmap": lambda: classifier(False),
    **{f"opset {n}": (lambda n=n: of_opset(n)) for n in (7, 9, 11, 13, 15, 18, 21)},
}
"""Models that run with nothing but their file."""


def save(made: ModelProto, path: Path) -> Path:
    """Write a model and return the path."""
    path.write_bytes(made.SerializeToString())
    return path


def with_external_data(folder: Path) -> Path:
    """Write a model whose weights lie in `weights.bin` beside it."""
    made = model(
        [helper.make_node("Add", ["x", "w"], ["y"])],
        [value("x", F, [4])],
        [value("y", F, [4])],
        w=np.ones(4, np.float32),
    )
    path = folder / "m.onnx"
    save_model(made, path, save_as_external_data=True, location="weights.bin", size_threshold=0)
    return path
