"""Inputs for any model: made up from what it declares, set by --shape, or read from a `.npz`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx_zoo as zoo
import pytest

from costplan.bench.models.facts import ModelPort
from costplan.bench.models.guard import inspect_model
from costplan.bench.models.inputs import make_feeds
from costplan.bench.models.npz import read_feed
from costplan.bench.models.shapes import made_up_sizes, parse_shape, resolve_shapes
from costplan.bench.models.workload import InputChoice
from costplan.bench.targets import open_target
from costplan.bench.targets.options import TargetOptions
from costplan.messages.errors import InputError


def port(
    name: str, shape: tuple[int | str | None, ...] | None, datatype: str = "FP32", **more: object
) -> ModelPort:
    return ModelPort(name, datatype, shape, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", zoo.RUNNABLE)
def test_a_model_runs_with_its_file_alone(kind: str, tmp_path: Path) -> None:
    path = zoo.save(zoo.RUNNABLE[kind](), tmp_path / "model.onnx")
    target = open_target("onnxruntime", TargetOptions(inputs=InputChoice(model=path, distinct=3), threads=1))
    cold = target.start()
    plan = target.plan()
    assert [plan.check(call()) for call in plan.calls] == [None] * 3
    assert cold.load_ms > 0
    assert cold.first_request_ms > 0
    target.stop()


def test_a_model_with_a_hidden_size_says_so_and_runs_with_shape(tmp_path: Path) -> None:
    path = zoo.save(zoo.needs_28(), tmp_path / "m.onnx")
    with pytest.raises(InputError, match="--shape"):
        inspect_model(path)
    facts = inspect_model(path, shapes={"x": (1, 1, 28, 28)})
    assert facts.outputs[0].shape == (1, 784)


def test_a_model_that_speaks_of_memory_is_not_taken_for_a_large_one(tmp_path: Path) -> None:
    path = zoo.save(zoo.memory_reader(), tmp_path / "m.onnx")
    with pytest.raises(InputError, match="cannot be reshaped") as refused:
        inspect_model(path)
    assert "tried was --shape memory:1,1,64" in str(refused.value.faults[0].hint)
    assert inspect_model(path, shapes={"memory": (1, 64, 64)}).outputs[0].shape == (1, 64, 64)


def test_an_input_without_rank_needs_a_shape(tmp_path: Path) -> None:
    path = zoo.save(zoo.no_rank(), tmp_path / "m.onnx")
    with pytest.raises(InputError, match="does not say how many dimensions"):
        inspect_model(path)
    assert inspect_model(path, shapes={"x": (2, 2)}).outputs[0].shape == (None, None)


def test_tokens_stay_below_the_table_they_index(tmp_path: Path) -> None:
    facts = inspect_model(zoo.save(zoo.token_encoder(), tmp_path / "m.onnx"))
    limits = {p.name: p.index_limit for p in facts.inputs}
    assert limits == {"input_ids": 11, "attention_mask": None, "token_type_ids": 2}
    (feed,) = make_feeds(facts.inputs, shapes={"input_ids": (4, 128)})
    assert feed["input_ids"].shape == feed["attention_mask"].shape == (4, 128)
    assert 0 <= feed["input_ids"].min() <= feed["input_ids"].max() < 11
    assert feed["input_ids"].max() > 5
    assert (feed["attention_mask"] == 1).all()
    assert (feed["token_type_ids"] == 0).all()


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ([port("x", ("N", 3, None, None))], [(1, 3, 224, 224)]),
        ([port("x", (None, None, None, 3))], [(1, 224, 224, 3)]),
        ([port("x", ("batch", "channels", "height", "width"))], [(1, 3, 224, 224)]),
        ([port("x", (None, 4))], [(1, 4)]),
        ([port("x", ())], [()]),
        ([port("x", (None,))], [(1,)]),
        ([port("x", ("batch", "sequence_length", 64))], [(1, 16, 64)]),
        ([port("x", ("batch", 80, "frames"))], [(1, 80, 16)]),
        ([port("wave", ("batch", "samples"))], [(1, 16_000)]),
        ([port("x", ("unk__1", "unk__2"))], [(1, 16)]),
        ([port("x", (-1, -1, 7))], [(1, 16, 7)]),
        ([port("past", (1, 0, 4))], [(1, 0, 4)]),
        ([port("state", (2, None, 128)), port("x", (2, None, 128))], [(2, 1, 128), (2, 16, 128)]),
        (
            [
                port("ids", ("batch", "seq"), "INT64"),
                port("mask", ("batch", "past + seq"), "INT64"),
                port("past.0.key", ("batch", 2, "past", 8)),
            ],
            [(1, 16), (1, 32), (1, 2, 16, 8)],
        ),
    ],
    ids=[
        "nchw",
        "nhwc",
        "named",
        "table",
        "scalar",
        "vector",
        "sequence",
        "frames",
        "audio",
        "made-up",
        "minus",
        "stated 0",
        "state",
        "cache",
    ],
)
def test_open_dimensions_get_sensible_sizes(ports: list[ModelPort], expected: list[tuple[int, ...]]) -> None:
    assert list(resolve_shapes(ports, {}).values()) == expected


def test_a_given_shape_sets_the_symbols_of_other_inputs() -> None:
    ports = [port("a", ("batch", "seq")), port("b", ("batch", "seq", 4))]
    assert resolve_shapes(ports, {"b": (2, 5, 4)}) == {"a": (2, 5), "b": (2, 5, 4)}
    assert resolve_shapes(ports, {}, batch=8)["a"] == (8, 16)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"inptu": (1, 3)}, "did you mean `input`"),
        ({"input": (1, 3, 1)}, "does not fit"),
        ({"input": (1, 4)}, r"declares \[batch, 3\]"),
    ],
    ids=["unknown name", "other rank", "other size"],
)
def test_a_shape_that_does_not_fit_is_refused(given: dict[str, tuple[int, ...]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        resolve_shapes([port("input", ("batch", 3))], given)


@pytest.mark.parametrize(
    ("ports", "given", "expected"),
    [
        ([port("x", ("N", 3, None, None))], {}, {"x": (2, 3)}),
        ([port("x", ("N", 3, None, None))], {"x": (1, 3, 640, 640)}, {}),
        ([port("x", ("N", 4))], {}, {}),
        ([port("x", (1, 3, 224, 224))], {}, {}),
        ([port("a", ("N", "seq")), port("b", ("N", "seq", 4))], {"a": (2, 9)}, {}),
        ([port("a", ("N", "seq")), port("b", ("N", None, 4))], {"a": (2, 9)}, {"b": (1,)}),
    ],
    ids=["picture", "given", "batch alone", "fixed", "symbol given elsewhere", "another one open"],
)
def test_sizes_that_nobody_said_are_known_as_made_up(
    ports: list[ModelPort], given: dict[str, tuple[int, ...]], expected: dict[str, tuple[int, ...]]
) -> None:
    assert made_up_sizes(ports, given) == expected


def test_a_made_up_size_is_doubted_and_a_given_one_is_not(tmp_path: Path) -> None:
    path = zoo.save(zoo.half_image(), tmp_path / "m.onnx")
    for shapes, doubted in (({}, True), ({"image": (1, 3, 8, 8)}, False)):
        target = open_target("onnxruntime", TargetOptions(inputs=InputChoice(model=path, shapes=shapes)))
        target.start()
        found = target.describe()
        assert found.inputs[0]["made_up"] == ((2, 3) if doubted else ())
        said = "(image 224x224 of 1x3x224x224): give yours with --shape"
        assert any(said in doubt for doubt in found.doubts) is doubted


def test_shapes_are_read_from_text() -> None:
    assert parse_shape("x:1,3,224,224") == ("x", (1, 3, 224, 224))
    assert parse_shape("serving:0:1, 2") == ("serving:0", (1, 2))
    assert parse_shape("scalar:") == ("scalar", ())


@pytest.mark.parametrize("text", ["x", ":1", "x:a", "x:-1", "x:1,,2", "x:٣", "x:1e3", "x:99999999999"])
def test_text_that_is_no_shape_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="NAME:SIZE"):
        parse_shape(text)


def test_values_suit_their_names_and_types() -> None:
    ports = [
        port("h0", (2, 1, 4)),
        port("past_key_values.0.key", (1, 2, 3, 4)),
        port("position_ids", (1, 5), "INT64"),
        port("pixels", (1, 8, 8, 3), "UINT8"),
        port("sr", (), "INT64"),
        port("use_cache_branch", (1,), "BOOL"),
        port("words", (3,), "BYTES"),
        port("image", (1, 3), "FP16"),
    ]
    feed = make_feeds(ports)[0]
    assert not feed["h0"].any()
    assert not feed["past_key_values.0.key"].any()
    assert feed["position_ids"].tolist() == [[0, 1, 2, 3, 4]]
    assert feed["pixels"].dtype == np.uint8
    assert feed["pixels"].max() > 127
    assert int(feed["sr"]) == 16_000
    assert not feed["use_cache_branch"].any()
    assert all(isinstance(word, str) for word in feed["words"])
    assert feed["image"].dtype == np.float16


def test_the_same_seed_makes_the_same_inputs_and_requests_differ() -> None:
    ports = [port("x", (2, 3))]
    first, second = (make_feeds(ports, seed=5, count=2) for _ in range(2))
    assert all(np.array_equal(a["x"], b["x"]) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(first[0]["x"], first[1]["x"])


def test_inputs_are_read_from_npz(tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", x=np.ones((2, 3), np.float32), t=np.array(["é"]))
    feed = read_feed(tmp_path / "in.npz", [port("x", ("b", 3)), port("t", (None,), "BYTES")])
    assert feed["x"].shape == (2, 3)
    assert feed["t"].tolist() == ["é"]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": np.ones((2, 3))}, "must be float32, got float64"),
        ({"x": np.ones((2, 4), np.float32)}, "must have shape"),
        ({"y": np.ones((2, 3), np.float32)}, "no input `y`"),
        ({}, "is missing"),
        ({"x": np.array([{}], object)}, "pickled objects"),
    ],
    ids=["type", "shape", "name", "missing", "pickle"],
)
def test_npz_that_does_not_fit_is_refused(
    arrays: dict[str, np.ndarray], message: str, tmp_path: Path
) -> None:
    np.savez(tmp_path / "in.npz", **arrays)
    with pytest.raises(InputError, match=message):
        read_feed(tmp_path / "in.npz", [port("x", ("b", 3))])


def test_a_file_that_is_no_npz_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in.npz").write_bytes(b"\x80\x04K\x01.")
    with pytest.raises(InputError, match=r"is no \.npz"):
        read_feed(tmp_path / "in.npz", [])
    with pytest.raises(InputError, match="no such file"):
        read_feed(tmp_path / "none.npz", [])
