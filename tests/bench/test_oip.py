"""Open Inference Protocol v2: what is written is read back, and what is wrong is refused with its reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from costplan.protocols import oip
from costplan.protocols.oip import Tensor

NUMERIC = [name for name in oip.DATATYPES if name != "BYTES"]


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
