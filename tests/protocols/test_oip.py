"""Open Inference Protocol v2: what is written is read back, and what is wrong is refused with its reason."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from costplan.protocols import oip
from costplan.protocols.elements import from_raw, to_raw
from costplan.protocols.oip import ProtocolError, Tensor, TensorSpec


def tensors_of(datatype: str) -> st.SearchStrategy[Tensor]:
    """Any small tensor of a datatype, without NaN and infinities, which JSON cannot carry."""
    shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
    if datatype == "BYTES":
        arrays = hnp.arrays(
            np.object_,
            shapes,
            elements=st.text(max_size=8, alphabet=st.characters(exclude_categories=["Cs"])),
        )
    elif datatype == "BF16":
        arrays = hnp.arrays(np.uint16, shapes).map(
            lambda bits: (bits.astype(np.uint32) << 16).view(np.float32)
        )
        arrays = arrays.map(lambda a: np.where(np.isfinite(a), a, np.float32(0)))
    else:
        dtype = oip.DATATYPES[datatype]
        options = {"allow_nan": False, "allow_infinity": False} if dtype.kind == "f" else {}
        arrays = hnp.arrays(dtype, shapes, elements=hnp.from_dtype(dtype, **options))
    return arrays.map(lambda array: oip.tensor("x", array, datatype))


@pytest.mark.parametrize("binary", [True, False], ids=["binary", "json"])
@pytest.mark.parametrize("datatype", list(oip.DATATYPES))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_request_is_read_back_as_it_was_written(data: st.DataObject, datatype: str, binary: bool) -> None:
    sent = data.draw(tensors_of(datatype))
    headers, body = oip.encode_request([sent], binary=binary, outputs=["y"], request_id="7")
    request = oip.decode_request(headers, body)
    (got,) = request.inputs
    assert (got.name, got.datatype, got.shape) == (sent.name, sent.datatype, sent.shape)
    assert got.data.dtype == sent.data.dtype
    assert got.data.tobytes() == sent.data.tobytes() or got.data.tolist() == sent.data.tolist()
    assert (request.id, request.outputs, request.wants_binary("y")) == ("7", ["y"], binary)


@pytest.mark.parametrize("binary", [True, False], ids=["binary", "json"])
def test_a_reply_is_read_back_as_it_was_written(binary: bool) -> None:
    outputs = [
        oip.tensor("a", np.array([[1.5, -2]], np.float32)),
        oip.tensor("b", np.array(["é", b"x"], object)),
    ]
    headers, body = oip.encode_response("m", outputs, binary=binary, model_version="1", request_id="9")
    reply = oip.decode_response(headers, body)
    assert (reply.model_name, reply.model_version, reply.id) == ("m", "1", "9")
    assert reply.outputs[0].data.tolist() == [[1.5, -2.0]]
    assert reply.outputs[1].data.tolist() == ["é".encode(), b"x"]


SPECS = [TensorSpec("x", "FP32", (-1, 3)), TensorSpec("n", "INT64", (1,))]


def json_request(**changes: object) -> bytes:
    """Build a right request for `SPECS`, with entries of its first input changed; None takes one away."""
    first: dict[str, object] = {"name": "x", "datatype": "FP32", "shape": [1, 3], "data": [1, 2.5, 3]}
    first |= changes
    second = {"name": "n", "datatype": "INT64", "shape": [1], "data": [7]}
    return json.dumps({"inputs": [{k: v for k, v in first.items() if v is not None}, second]}).encode()


def test_the_right_request_of_these_cases_is_read() -> None:
    x, n = oip.decode_request({}, json_request(), specs=SPECS).inputs
    assert x.data.tolist() == [[1.0, 2.5, 3.0]]
    assert n.data.tolist() == [7]
    nested = oip.decode_request({}, json_request(shape=[2, 3], data=[[1, 2, 3], [4, 5, 6]]), specs=SPECS)
    assert nested.inputs[0].data.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "y"}, "unknown input `y`"),
        ({"name": "n"}, "`n` is given twice"),
        ({"name": ""}, "a name in `inputs` must be a text"),
        ({"datatype": "FP64"}, "input `x` must be FP32, got FP64"),
        ({"datatype": "FLOAT"}, "unknown datatype"),
        ({"datatype": 5}, "datatype must be a text"),
        ({"shape": [3]}, r"must have shape \[-1, 3\], got \[3\]"),
        ({"shape": [1, 4], "data": [1, 2, 3, 4]}, r"must have shape \[-1, 3\], got \[1, 4\]"),
        ({"shape": [2, 3]}, r"shape \[2, 3\] takes 6 elements, got 3"),
        ({"shape": [-1, 3]}, "whole numbers of at least 0"),
        ({"shape": [True, 3]}, "whole numbers of at least 0"),
        ({"shape": "1,3"}, "whole numbers of at least 0"),
        ({"shape": [10**30]}, "more than"),
        ({"shape": [1] * 40}, "40 dimensions"),
        ({"shape": [1 << 20, 1 << 20]}, "more than"),
        ({"data": None}, "either `data` or `binary_data_size`"),
        ({"data": "123"}, "data must be a list"),
        ({"data": [1, 2, "3"]}, "'3' is not FP32"),
        ({"data": [1, 2, True]}, "True is not FP32"),
        ({"data": [1, 2, None]}, "None is not FP32"),
        ({"data": [1, 2, 1e39]}, "does not fit FP32"),
        ({"data": [1, 2, 10**400]}, "does not fit FP32"),
        ({"data": [[1, 2], [3]]}, "nested data does not have shape"),
        ({"data": [[1, 2, 3], 4]}, "nested data does not have shape"),
        ({"data": [[[1, 2, 3]]]}, "nested data does not have shape"),
        ({"parameters": {"binary_data_size": 12}}, "either `data` or `binary_data_size`"),
        ({"data": None, "parameters": {"binary_data_size": 12}}, "0 bytes are left"),
        ({"parameters": []}, "parameters must be an object"),
    ],
)
def test_a_wrong_request_is_refused_with_its_reason(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ProtocolError, match=message):
        oip.decode_request({}, json_request(**changes), specs=SPECS)


@pytest.mark.parametrize(
    ("datatype", "data", "message"),
    [
        ("UINT8", [256], "256 does not fit UINT8"),
        ("UINT8", [-1], "-1 does not fit UINT8"),
        ("INT64", [1 << 63], "does not fit INT64"),
        ("INT64", [1.0], "1.0 is not INT64"),
        ("INT64", [10**100], "a number of 333 bits does not fit INT64"),
        ("BOOL", [1], "1 is not BOOL"),
        ("BYTES", [1], "1 is not BYTES"),
        ("BYTES", ["\ud800"], "lone surrogate"),
        ("FP16", [70000], "does not fit FP16"),
    ],
)
def test_a_value_out_of_its_type_is_refused(datatype: str, data: list[object], message: str) -> None:
    entry = {"name": "x", "datatype": datatype, "shape": [1], "data": data}
    with pytest.raises(ProtocolError, match=message):
        oip.decode_request({}, json.dumps({"inputs": [entry]}).encode())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "must be a JSON object"),
        (b"{}", "`inputs` must be a list of objects"),
        (b'{"inputs": [1]}', "`inputs` must be a list of objects"),
        (b'{"inputs": [], "outputs": [{"name": "y"}, {"name": "y"}]}', "asked for twice"),
        (
            b'{"inputs": [], "outputs": [{"name": "y", "parameters": {"classification": 3}}]}',
            "classification",
        ),
        (b'{"inputs": [], "parameters": {"binary_data_output": 1}}', "must be true or false"),
        (b'{"inputs": [{"name": "x", "data": [NaN]}]}', "NaN is no JSON number"),
        (b'{"inputs": ' + b"[" * 100_000, "nested too deeply|is not JSON"),
        (b'{"inputs": [' + b'{"name": "x"},' * 300 + b'{"name": "x"}]}', "301 entries, at most 256"),
        (b'{"inputs": [], "id": {}}', "`id` must be a text"),
    ],
    ids=lambda v: v[:40].decode(errors="replace") if isinstance(v, bytes) else "",
)
def test_a_body_that_is_no_request_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(ProtocolError, match=message):
        oip.decode_request({}, body)


def test_a_body_above_the_cap_is_refused_before_it_is_read() -> None:
    with pytest.raises(ProtocolError, match="101 bytes, at most 100"):
        oip.decode_request({}, b" " * 101, max_bytes=100)


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "", "99999", "0x10", "9" * 5000])
def test_a_wrong_header_length_is_refused(length: str) -> None:
    with pytest.raises(ProtocolError, match="must be a number from 0 to"):
        oip.decode_request({"inference-header-content-length": length}, b'{"inputs": []}')


def binary_request(
    datatype: str, shape: list[int], raw: bytes, size: int | None = None, tail: bytes = b""
) -> Any:
    """Decode a request whose only input is raw."""
    parameters = {"binary_data_size": len(raw) if size is None else size}
    entry = {"name": "x", "datatype": datatype, "shape": shape, "parameters": parameters}
    head = json.dumps({"inputs": [entry]}).encode()
    return oip.decode_request({oip.HEADER_LENGTH: str(len(head))}, head + raw + tail)


@pytest.mark.parametrize(
    ("datatype", "shape", "raw", "size", "tail", "message"),
    [
        ("FP32", [2], b"\0" * 7, None, b"", "takes 8 bytes, got 7"),
        ("FP32", [1], b"\0" * 4, None, b"!", "1 bytes follow the last binary tensor"),
        ("FP32", [1], b"\0" * 4, 5, b"", "4 bytes are left"),
        ("FP32", [1], b"\0" * 4, -4, b"", "binary_data_size -4"),
        ("BOOL", [2], b"\1\2", None, b"", "a BOOL byte must be 0 or 1, got 2"),
        ("BYTES", [2], struct.pack("<I", 1) + b"a", None, b"", "take at least 8 bytes, got 5"),
        ("BYTES", [1], struct.pack("<I", 9) + b"a", None, b"", "runs past the end"),
        ("BYTES", [1], struct.pack("<I", 1) + b"ab", None, b"", "1 bytes too many"),
        ("BYTES", [1 << 28], b"", None, b"", "take at least"),
    ],
)
def test_raw_bytes_that_do_not_fit_are_refused(
    datatype: str, shape: list[int], raw: bytes, size: int | None, tail: bytes, message: str
) -> None:
    with pytest.raises(ProtocolError, match=message):
        binary_request(datatype, shape, raw, size, tail)


def test_bytes_are_written_as_the_extension_says() -> None:
    written = to_raw(oip.tensor("s", np.array(["é", ""], object)))
    assert written == struct.pack("<I", 2) + "é".encode() + struct.pack("<I", 0)
    assert from_raw("s", "BYTES", (2,), written).data.tolist() == ["é".encode(), b""]


@pytest.mark.parametrize(
    ("number", "bits"),
    [(1.0, 0x3F80), (-2.0, 0xC000), (1 + 2**-8, 0x3F80), (1 + 3 * 2**-8, 0x3F82), (3.4e38, 0x7F80)],
    ids=["one", "minus two", "tie to even below", "tie to even above", "rounds to infinity"],
)
def test_bf16_rounds_to_the_nearest_even(number: float, bits: int) -> None:
    assert to_raw(oip.tensor("x", np.array([number]), "BF16")) == struct.pack("<H", bits)


def test_a_reply_with_an_error_or_a_missing_part_is_refused() -> None:
    with pytest.raises(ProtocolError, match="the server says: 'no such model'"):
        oip.decode_response({}, b'{"error": "no such model"}')
    with pytest.raises(ProtocolError, match="`outputs` must be a list"):
        oip.decode_response({}, b'{"model_name": "m"}')
    with pytest.raises(ProtocolError, match="NaN and infinities cannot go as JSON"):
        oip.encode_response("m", [oip.tensor("y", np.array([np.nan]))])
    with pytest.raises(ProtocolError, match="not UTF-8 cannot go as JSON"):
        oip.encode_response("m", [oip.tensor("y", np.array([b"\xff"], object))])


def test_the_header_of_a_reply_is_found_without_its_http_header() -> None:
    outputs = [
        oip.tensor('y"}', np.frombuffer(b'{"}[]\\"' + b"\x00" * 8, np.uint8)),
        oip.tensor("é", np.ones(2)),
    ]
    headers, body = oip.encode_response("m", outputs, binary=True)
    assert str(oip.header_length(body)) == headers[oip.HEADER_LENGTH]
    with pytest.raises(ProtocolError, match="does not begin with a JSON header"):
        oip.header_length(b"\x00{")


def test_the_outputs_wanted_as_raw_bytes_are_read_one_by_one() -> None:
    wanted = [{"name": "a"}, {"name": "b", "parameters": {"binary_data": False}}]
    head = {"inputs": [], "outputs": wanted, "parameters": {"binary_data_output": True}}
    request = oip.decode_request({}, json.dumps(head).encode())
    assert [request.wants_binary(name) for name in request.outputs] == [True, False]


def test_metadata_is_read_back_and_text_sizes_are_numbers() -> None:
    metadata = oip.ModelMetadata("m", SPECS, [TensorSpec("y", "BYTES", ())], ["1", "2"], "onnx")
    assert oip.decode_metadata(oip.encode_metadata(metadata)) == metadata
    body = b'{"name":"m","inputs":[{"name":"x","datatype":"FP32","shape":["-1",3]}],"outputs":[]}'
    assert oip.decode_metadata(body).inputs == [TensorSpec("x", "FP32", (-1, 3))]


def test_arrays_that_the_protocol_has_no_type_for_are_refused() -> None:
    with pytest.raises(ProtocolError, match="no datatype of the protocol holds complex64"):
        oip.tensor("x", np.ones(1, np.complex64))
