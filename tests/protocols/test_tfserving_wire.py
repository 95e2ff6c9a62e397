"""Our messages against the published ones: descriptors field by field, and bytes both ways.

The published definitions are taken from wheels that are never installed nor imported: each generated module
holds its file descriptor as a bytes literal, which is read with `ast`.
"""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import triton_env
from descriptors import compare
from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory, wrappers_pb2

from costplan.protocols import tfserving
from costplan.protocols.oip import tensor
from costplan.protocols.tensors import ProtocolError

DATATYPES = [name for name in tfserving.DTYPES if name != "BYTES"]


def wheel(prefix: str) -> Path:
    """Return a downloaded wheel, or skip."""
    return next(triton_env.part("wire-protos").glob(f"{prefix}-*.whl"))


def published_files(path: Path) -> Iterator[descriptor_pb2.FileDescriptorProto]:
    """Yield every file descriptor of a wheel's generated modules."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.endswith("_pb2.py"):
                continue
            for node in ast.walk(ast.parse(archive.read(name))):
                is_call = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "AddSerializedFile"
                if is_call and isinstance(node.args[0], ast.Constant):
                    yield descriptor_pb2.FileDescriptorProto.FromString(node.args[0].value)


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    """Message classes of ovmsclient's compiled copy, which renames `tensorflow` to `ovmsclient`."""
    files = {f.name: f for f in published_files(wheel("ovmsclient"))}
    pool = descriptor_pool.DescriptorPool()
    for module in (any_pb2, wrappers_pb2):
        pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)

    def add(name: str) -> None:
        if name in files:
            file = files.pop(name)
            for needed in file.dependency:
                add(needed)
            pool.Add(file)

    root = "ovmsclient/tfs_compat/protos/tensorflow_serving/apis"
    for name in ("predict", "get_model_metadata"):
        add(f"{root}/{name}.proto")
    names = [f"ovmsclient.serving.{name}" for name in tfserving.SERVING] + ["ovmsclient.TensorProto"]
    found = {name.rpartition(".")[2]: pool.FindMessageTypeByName(name) for name in names}
    return {name: message_factory.GetMessageClass(descriptor) for name, descriptor in found.items()}


@pytest.mark.live
def test_every_field_has_its_published_number_and_type(published: dict[str, Any]) -> None:
    seen: set[str] = set()
    for name, theirs in published.items():
        ours = tfserving.SERVING.get(name) or tfserving.TENSORFLOW[name]
        compare(ours.DESCRIPTOR, theirs.DESCRIPTOR, seen)
    assert len(seen) > 12


@pytest.mark.live
def test_the_services_and_packages_are_the_official_ones() -> None:
    files = list(published_files(wheel("tensorflow_serving_api")))
    services = {f"{f.package}.{s.name}": [m.name for m in s.method] for f in files for s in f.service}
    assert {"Predict", "GetModelMetadata"} <= set(services[tfserving.SERVICE])
    messages = {f"{f.package}.{m.name}": m for f in files for m in f.message_type}
    for name in tfserving.SERVING:
        published = {field.name: field.number for field in messages[f"tensorflow.serving.{name}"].field}
        ours = {field.name: field.number for field in tfserving.SERVING[name].DESCRIPTOR.fields}
        assert ours.items() <= published.items()


@pytest.mark.live
@pytest.mark.parametrize("datatype", DATATYPES)
def test_our_request_is_read_by_the_published_messages(datatype: str, published: dict[str, Any]) -> None:
    array = np.array([[0, 1, 1], [1, 0, 1]])
    sent = tensor("x", array.astype(tfserving.DATATYPES[datatype]), datatype)
    theirs = published["PredictRequest"].FromString(tfserving.encode_predict("m", [sent], outputs=["y"]))
    assert theirs.model_spec.name == "m"
    assert theirs.model_spec.signature_name == "serving_default"
    assert list(theirs.output_filter) == ["y"]
    assert theirs.inputs["x"].dtype == tfserving.DTYPES[datatype]
    assert [d.size for d in theirs.inputs["x"].tensor_shape.dim] == [2, 3]
    assert theirs.SerializeToString(deterministic=True) == tfserving.encode_predict(
        "m", [sent], outputs=["y"]
    )


@pytest.mark.live
@pytest.mark.parametrize("is_typed", [False, True], ids=["content", "typed"])
@pytest.mark.parametrize("datatype", [*DATATYPES, "BYTES"])
def test_a_published_reply_is_read_by_ours(datatype: str, is_typed: bool, published: dict[str, Any]) -> None:
    sent = tensor("y", np.array(["a", "é"]) if datatype == "BYTES" else np.array([1, 0]), datatype)
    proto = published["TensorProto"].FromString(tfserving.to_proto(sent, typed=is_typed).SerializeToString())
    reply = published["PredictResponse"](outputs={"y": proto})
    (got,) = tfserving.decode_predict(reply.SerializeToString())
    assert (got.name, got.datatype, got.shape) == ("y", datatype, (2,))
    assert got.data.tolist() == sent.data.tolist()


@pytest.mark.live
def test_published_metadata_is_read_by_ours(published: dict[str, Any]) -> None:
    signatures = published["SignatureDefMap"]()
    signature = signatures.signature_def["serving_default"]
    signature.inputs["x"].dtype = 1
    signature.inputs["x"].tensor_shape.dim.add(size=-1)
    signature.inputs["x"].tensor_shape.dim.add(size=4)
    signature.outputs["y"].dtype = 9
    signature.outputs["y"].tensor_shape.dim.add(size=-1)
    reply = published["GetModelMetadataResponse"]()
    reply.model_spec.version.value = 3
    reply.metadata["signature_def"].Pack(signatures)
    inputs, outputs, version, name = tfserving.decode_metadata(reply.SerializeToString())
    assert [(s.name, s.datatype, s.shape) for s in inputs] == [("x", "FP32", (-1, 4))]
    assert [(s.name, s.datatype, s.shape) for s in outputs] == [("y", "INT64", (-1,))]
    assert (version, name) == ("3", "serving_default")
    with pytest.raises(ProtocolError, match="no signature `other`"):
        tfserving.decode_metadata(reply.SerializeToString(), "other")


def test_one_value_fills_a_tensor_as_tensorflow_says() -> None:
    proto = tfserving.TENSORFLOW["TensorProto"](dtype=1, float_val=[1.5, 2.5])
    proto.tensor_shape.dim.add(size=4)
    assert tfserving.from_proto("y", proto).data.tolist() == [1.5, 2.5, 2.5, 2.5]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tensor_content": b"123"}, "takes 8 bytes, got 3"),
        ({"dtype": 20}, "DataType 20 is not understood"),
        ({"float_val": [1.0] * 3}, "3 elements for shape"),
    ],
    ids=["size", "type", "too many"],
)
def test_a_reply_that_contradicts_itself_is_refused(change: dict[str, Any], message: str) -> None:
    proto = tfserving.TENSORFLOW["TensorProto"](**({"dtype": 1} | change))
    proto.tensor_shape.dim.add(size=2)
    with pytest.raises(ProtocolError, match=message):
        tfserving.from_proto("y", proto)


def test_bytes_that_are_no_message_are_refused() -> None:
    with pytest.raises(ProtocolError, match="not a PredictResponse"):
        tfserving.decode_predict(b"\xff\xff\xff")
