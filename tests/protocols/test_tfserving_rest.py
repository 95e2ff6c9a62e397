"""TensorFlow Serving's REST formats.

Every case here is from documentation (tensorflow/serving, `tensorflow_serving/g3doc/api_rest.md`): no
TensorFlow Serving could be had to try them against.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from costplan.protocols import tfserving
from costplan.protocols import tfserving_rest as rest
from costplan.protocols.tensors import ProtocolError, TensorSpec, check_fit, tensor
from costplan.protocols.tfserving import choose_signature

X = tensor("x", np.array([[1, 2], [3, 4]], np.int32))
S = tensor("s", np.array(["a", b"\xff"], object))


def test_the_row_format_has_one_object_per_row() -> None:
    body = json.loads(rest.encode_predict([X, S], signature="other"))
    assert body == {
        "signature_name": "other",
        "instances": [{"x": [1, 2], "s": {"b64": "YQ=="}}, {"x": [3, 4], "s": {"b64": "/w=="}}],
    }


def test_the_column_format_has_whole_inputs() -> None:
    body = json.loads(rest.encode_predict([X, S], layout="column"))
    assert body["inputs"] == {"x": [[1, 2], [3, 4]], "s": [{"b64": "YQ=="}, {"b64": "/w=="}]}


def test_rows_need_a_common_first_dimension() -> None:
    for other in (tensor("y", np.ones(3)), tensor("y", np.array(1.0))):
        with pytest.raises(ProtocolError, match="same first dimension"):
            rest.encode_predict([X, other])
    assert b'"y":1.0' in rest.encode_predict([X, tensor("y", np.array(1.0))], layout="column")


@pytest.mark.parametrize(
    ("body", "specs", "expected"),
    [
        ('{"predictions": [[1, 2.5], [3, 4]]}', [], {"output": ("FP64", [[1.0, 2.5], [3.0, 4.0]])}),
        ('{"predictions": [1, 2]}', [("y", "INT32", (-1,))], {"y": ("INT32", [1, 2])}),
        (
            '{"predictions": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]}',
            [("a", "INT64", (-1,)), ("b", "BYTES", (-1,))],
            {"a": ("INT64", [1, 2]), "b": ("BYTES", [b"x", b"y"])},
        ),
        ('{"predictions": [{"b64": "/w=="}]}', [("y", "BYTES", (-1,))], {"y": ("BYTES", [b"\xff"])}),
        ('{"outputs": [[1.0]]}', [("y", "FP32", (-1, 1))], {"y": ("FP32", [[1.0]])}),
        ('{"outputs": {"a": [true], "b": [1]}}', [], {"a": ("BOOL", [True]), "b": ("INT64", [1])}),
        ('{"outputs": 3.5}', [("y", "FP32", ())], {"y": ("FP32", 3.5)}),
    ],
    ids=["one output", "typed", "several outputs", "b64", "column", "column named", "scalar"],
)
def test_replies_in_both_formats_are_read(
    body: str, specs: list[tuple[str, str, tuple[int, ...]]], expected: dict[str, tuple[str, object]]
) -> None:
    outputs = rest.decode_predict(body.encode(), [TensorSpec(*s) for s in specs])
    assert {t.name: (t.datatype, t.data.tolist()) for t in outputs} == expected


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"error": "Servable not found"}', "the server says: 'Servable not found'"),
        ('{"predictions": [1], "outputs": [1]}', "either `predictions` or `outputs`"),
        ("{}", "either `predictions` or `outputs`"),
        ('{"predictions": 3}', "must be a list"),
        ('{"predictions": [{"a": 1}, {"b": 1}]}', "differ in their outputs"),
        ('{"predictions": [[1, 2], [3]]}', "nested data does not have shape"),
        ('{"predictions": [{"b64": "***"}]}', "is not base64"),
        ('{"predictions": ["a", 1]}', "neither a text nor a `b64` object"),
        ('{"predictions": [NaN]}', "NaN is no JSON number"),
        ('{"predictions": ' + "[" * 30 + "]" * 30 + "}", "nested too deeply"),
        ("<html>", "is not JSON"),
    ],
)
def test_a_wrong_reply_is_refused_with_its_reason(body: str, message: str) -> None:
    with pytest.raises(ProtocolError, match=message):
        rest.decode_predict(body.encode())


def metadata(info: object) -> bytes:
    """Build the body of a metadata reply with one input."""
    signature = {"inputs": {"x": info}, "outputs": {}, "method_name": "tensorflow/serving/predict"}
    holder = {"signature_def": {"signature_def": {"serving_default": signature}}}
    return json.dumps({"model_spec": {"name": "m", "version": "7"}, "metadata": holder}).encode()


def test_metadata_gives_names_types_shapes_and_version() -> None:
    shape = {"dim": [{"size": "-1", "name": ""}, {"size": "4"}], "unknown_rank": False}
    found = rest.decode_metadata(metadata({"dtype": "DT_INT64", "tensor_shape": shape}))
    assert found == ([TensorSpec("x", "INT64", (-1, 4))], [], "7", "serving_default")


def test_an_input_without_a_rank_is_left_to_the_user() -> None:
    found = rest.decode_metadata(metadata({"dtype": "DT_FLOAT", "tensor_shape": {"unknown_rank": True}}))
    assert found.inputs == [TensorSpec("x", "FP32", (), has_rank=False)]
    check_fit([tensor("x", np.zeros((1, 3), np.float32))], found.inputs)
    with pytest.raises(ProtocolError, match="must be FP32"):
        check_fit([tensor("x", np.zeros((1, 3), np.int64))], found.inputs)


@pytest.mark.parametrize(
    ("info", "message"),
    [
        ({"dtype": "DT_VARIANT", "tensor_shape": {}}, "'DT_VARIANT' is not understood"),
        ({"dtype": "DT_FLOAT", "tensor_shape": {"dim": [{"size": "x"}]}}, "is no dimension"),
        ([], "must be an object"),
    ],
)
def test_metadata_that_cannot_be_used_says_why(info: object, message: str) -> None:
    with pytest.raises(ProtocolError, match=message):
        rest.decode_metadata(metadata(info))


def test_a_missing_signature_names_those_that_are_there() -> None:
    with pytest.raises(ProtocolError, match="no signature `other`\n  hint: it has serving_default"):
        rest.decode_metadata(metadata({"dtype": "DT_FLOAT", "tensor_shape": {}}), "other")


@pytest.mark.parametrize(
    ("signatures", "asked", "taken"),
    [
        ({"serving_default": True, "other": True}, "", "serving_default"),
        ({"serving_default": True, "other": True}, "other", "other"),
        ({"classify_images": True, "__saved_model_init_op": False}, "", "classify_images"),
    ],
)
def test_the_signature_that_is_meant_is_taken(signatures: dict[str, bool], asked: str, taken: str) -> None:
    assert choose_signature(signatures, asked) == taken


@pytest.mark.parametrize(
    ("signatures", "asked", "why"),
    [
        ({"b": True, "a": True, "init": False}, "", "no signature `serving_default`\n  hint: it has a, b$"),
        ({"init": False}, "", "no signature `serving_default`\n  hint: it has none that takes inputs"),
        ({"serving_default": True}, "other", "no signature `other`\n  hint: it has serving_default"),
    ],
)
def test_no_signature_is_guessed(signatures: dict[str, bool], asked: str, why: str) -> None:
    with pytest.raises(ProtocolError, match=why):
        choose_signature(signatures, asked)


def test_a_version_is_a_number_and_else_a_label() -> None:
    assert rest.predict_path("m", "3") == "/v1/models/m/versions/3:predict"
    assert rest.metadata_path("m", "canary") == "/v1/models/m/labels/canary/metadata"
    spec = tfserving.parse("PredictRequest", tfserving.encode_predict("m", [], version="3")).model_spec
    assert (spec.version.value, spec.version_label) == (3, "")
    spec = tfserving.parse("GetModelMetadataRequest", tfserving.encode_metadata_request("m", "canary"))
    assert (spec.model_spec.HasField("version"), spec.model_spec.version_label) == (False, "canary")


def test_names_are_quoted_in_paths() -> None:
    assert rest.predict_path("a/b c", "2") == "/v1/models/a%2Fb%20c/versions/2:predict"
