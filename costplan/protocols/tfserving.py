"""TensorFlow Serving over gRPC: `tensorflow.serving.PredictionService` with messages of our own.

No TensorFlow is needed. Only the fields that are used are declared; protobuf skips the others.

Source: names and numbers of the public wire contract in tensorflow/serving, `tensorflow_serving/apis/
{predict,get_model_metadata,model}.proto`, and tensorflow/tensorflow, `tensorflow/core/framework/{tensor,
tensor_shape,types}.proto` and `tensorflow/core/protobuf/meta_graph.proto`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from google.protobuf import any_pb2, descriptor_pool, wrappers_pb2
from google.protobuf.message import DecodeError

from costplan.protocols._messages import build_messages
from costplan.protocols.elements import from_raw, to_raw
from costplan.protocols.tensors import (
    DATATYPES,
    Array,
    ProtocolError,
    Tensor,
    TensorSpec,
    check_shape,
    tensor,
)

SERVICE = "tensorflow.serving.PredictionService"
DEFAULT_SIGNATURE = "serving_default"

DTYPES = {
    "FP32": 1,
    "FP64": 2,
    "INT32": 3,
    "UINT8": 4,
    "INT16": 5,
    "INT8": 6,
    "BYTES": 7,
    "INT64": 9,
    "BOOL": 10,
    "BF16": 14,
    "UINT16": 17,
    "FP16": 19,
    "UINT32": 22,
    "UINT64": 23,
}
"""Datatype of the Open Inference Protocol -> number in TensorFlow's DataType enum."""

DATATYPE_OF = {number: name for name, number in DTYPES.items()}

_POOL = descriptor_pool.DescriptorPool()

TENSORFLOW: dict[str, Any] = build_messages(
    "tensorflow",
    """
    message Dim { int64 size = 1; string name = 2; }
    message TensorShapeProto { repeated Dim dim = 2; bool unknown_rank = 3; }
    message TensorProto {
      int32 dtype = 1; TensorShapeProto tensor_shape = 2; bytes tensor_content = 4;
      repeated float float_val = 5; repeated double double_val = 6; repeated int32 int_val = 7;
      repeated bytes string_val = 8;
      repeated int64 int64_val = 10; repeated bool bool_val = 11; repeated int32 half_val = 13;
      repeated uint32 uint32_val = 16; repeated uint64 uint64_val = 17;
    }
    message TensorInfo { string name = 1; int32 dtype = 2; TensorShapeProto tensor_shape = 3; }
    message SignatureDef {
      map<string, TensorInfo> inputs = 1; map<string, TensorInfo> outputs = 2; string method_name = 3;
    }
    """,
    pool=_POOL,
)
"""Messages of package `tensorflow`. Enums are int32 here; `Dim` is the contract's TensorShapeProto.Dim."""

SERVING: dict[str, Any] = build_messages(
    "tensorflow.serving",
    """
    message ModelSpec {
      string name = 1; google.protobuf.Int64Value version = 2; string signature_name = 3;
      string version_label = 4;
    }
    message PredictRequest {
      ModelSpec model_spec = 1; map<string, tensorflow.TensorProto> inputs = 2;
      repeated string output_filter = 3;
    }
    message PredictResponse { map<string, tensorflow.TensorProto> outputs = 1; ModelSpec model_spec = 2; }
    message GetModelMetadataRequest { ModelSpec model_spec = 1; repeated string metadata_field = 2; }
    message GetModelMetadataResponse {
      ModelSpec model_spec = 1; map<string, google.protobuf.Any> metadata = 2;
    }
    message SignatureDefMap { map<string, tensorflow.SignatureDef> signature_def = 1; }
    """,
    pool=_POOL,
    needs=(any_pb2, wrappers_pb2),
    imports=("costplan/tensorflow.proto",),
)
"""Messages of package `tensorflow.serving`."""

_VALUES = {
    "FP32": "float_val",
    "FP64": "double_val",
    "INT8": "int_val",
    "INT16": "int_val",
    "INT32": "int_val",
    "UINT8": "int_val",
    "UINT16": "int_val",
    "INT64": "int64_val",
    "UINT32": "uint32_val",
    "UINT64": "uint64_val",
    "BOOL": "bool_val",
    "FP16": "half_val",
    "BF16": "half_val",
    "BYTES": "string_val",
}


class Signature(NamedTuple):
    """One signature of a model: what is called and with what."""

    inputs: list[TensorSpec]
    outputs: list[TensorSpec]
    version: str
    """Of the model, as the server states it."""
    name: str


def choose_signature(with_inputs: Mapping[str, bool], asked: str = "") -> str:
    """Return the signature that is meant: the one asked for, `serving_default`, or the only one with inputs.

    Args:
        with_inputs: Every signature of the model, and whether it has inputs: a model's own initialisation
            is among them and cannot be served.
        asked: The user's choice; empty: none.

    Raises:
        ProtocolError: There is no such one, or none can be taken by itself.
    """
    usable = sorted(name for name, has_inputs in with_inputs.items() if has_inputs)
    if asked in with_inputs:
        return asked
    if not asked and DEFAULT_SIGNATURE in with_inputs:
        return DEFAULT_SIGNATURE
    if not asked and len(usable) == 1:
        return usable[0]
    raise ProtocolError(
        f"the model has no signature `{asked or DEFAULT_SIGNATURE}`",
        hint=f"it has {', '.join(usable) or 'none that takes inputs'}",
    )


def method(name: str) -> str:
    """Return the full name of a method, such as `/tensorflow.serving.PredictionService/Predict`."""
    return f"/{SERVICE}/{name}"


def encode_predict(
    model: str,
    tensors: Sequence[Tensor],
    *,
    signature: str = DEFAULT_SIGNATURE,
    outputs: Sequence[str] = (),
    version: str = "",
) -> bytes:
    """Serialise a `PredictRequest`; no `outputs` means all of them, no version the server's choice."""
    message = SERVING["PredictRequest"](output_filter=outputs)
    message.model_spec.signature_name = signature
    _name_model(message.model_spec, model, version)
    for t in tensors:
        message.inputs[t.name].CopyFrom(to_proto(t))
    return bytes(message.SerializeToString(deterministic=True))


def _name_model(spec: Any, model: str, version: str) -> None:
    """Fill a ModelSpec; a version that is no number is a label."""
    spec.name = model
    if version.isdecimal():
        spec.version.value = int(version)
    elif version:
        spec.version_label = version


def decode_predict(body: bytes) -> list[Tensor]:
    """Read the outputs of a serialised `PredictResponse`, by name.

    Raises:
        ProtocolError: It is no such message, or an output's size does not fit its shape.
    """
    message = parse("PredictResponse", body)
    return [from_proto(name, message.outputs[name]) for name in sorted(message.outputs)]


def encode_metadata_request(model: str, version: str = "") -> bytes:
    """Serialise a `GetModelMetadataRequest` that asks for the signatures."""
    message = SERVING["GetModelMetadataRequest"](metadata_field=["signature_def"])
    _name_model(message.model_spec, model, version)
    return bytes(message.SerializeToString())


def decode_metadata(body: bytes, signature: str = "") -> Signature:
    """Read a signature from a serialised `GetModelMetadataResponse`; see `choose_signature`.

    Raises:
        ProtocolError: It is no such message or has no such signature.
    """
    message = parse("GetModelMetadataResponse", body)
    if "signature_def" not in message.metadata:
        raise ProtocolError(
            "the server gave no `signature_def`", hint="give the inputs with --shape or --inputs"
        )
    signatures = SERVING["SignatureDefMap"]()
    try:
        signatures.ParseFromString(message.metadata["signature_def"].value)
    except DecodeError:
        raise ProtocolError("the server's `signature_def` cannot be read") from None
    defined = signatures.signature_def
    name = choose_signature({name: bool(defined[name].inputs) for name in defined}, signature)
    chosen = defined[name]
    version = str(message.model_spec.version.value) if message.model_spec.HasField("version") else ""
    return Signature(_specs(chosen.inputs), _specs(chosen.outputs), version, name)


def to_proto(t: Tensor, *, typed: bool = False) -> Any:
    """Return a `TensorProto`; numbers as `tensor_content`, or one by one when `typed`."""
    proto = TENSORFLOW["TensorProto"](dtype=DTYPES[t.datatype])
    for size in t.shape:
        proto.tensor_shape.dim.add(size=size)
    if t.datatype == "BYTES":
        proto.string_val.extend(t.data.ravel().tolist())
    elif not typed:
        proto.tensor_content = to_raw(t)
    elif t.datatype in ("FP16", "BF16"):
        proto.half_val.extend(np.frombuffer(to_raw(t), dtype="<u2").tolist())
    else:
        getattr(proto, _VALUES[t.datatype]).extend(t.data.ravel().tolist())
    return proto


def from_proto(name: str, proto: Any) -> Tensor:
    """Read a `TensorProto`: `tensor_content`, or values one by one, where the last one fills the rest."""
    datatype = DATATYPE_OF.get(proto.dtype)
    if datatype is None:
        raise ProtocolError(f"`{name}`: TensorFlow's DataType {proto.dtype} is not understood")
    shape = check_shape(name, [d.size for d in proto.tensor_shape.dim])
    if proto.tensor_content:
        return from_raw(name, datatype, shape, proto.tensor_content)
    values, count = getattr(proto, _VALUES[datatype]), math.prod(shape)
    if len(values) > count:
        raise ProtocolError(f"`{name}`: {len(values)} elements for shape {list(shape)}")
    if datatype in ("FP16", "BF16"):
        bits = _filled(name, list(values), count, np.dtype("<u2"))
        return from_raw(name, datatype, shape, bits.tobytes())
    return tensor(name, _filled(name, list(values), count, DATATYPES[datatype]).reshape(shape), datatype)


def parse(name: str, body: bytes) -> Any:
    """Parse a serialised message of `SERVING`, or refuse it."""
    try:
        return SERVING[name].FromString(body)
    except DecodeError:
        raise ProtocolError(f"the reply is not a {name}") from None


def _filled(name: str, values: list[Any], count: int, dtype: np.dtype[Any]) -> Array:
    nothing = b"" if dtype.kind == "O" else 0
    array = np.full(count, values[-1] if values else nothing, dtype=dtype)
    try:
        array[: len(values)] = values
    except OverflowError:
        raise ProtocolError(f"`{name}`: a value does not fit {dtype}") from None
    return array


def _specs(infos: Mapping[str, Any]) -> list[TensorSpec]:
    specs = []
    for name in sorted(infos):
        shape = infos[name].tensor_shape
        datatype = DATATYPE_OF.get(infos[name].dtype)
        if datatype is None:
            raise ProtocolError(f"`{name}`: TensorFlow's DataType {infos[name].dtype} is not understood")
        sizes = tuple(max(d.size, -1) for d in shape.dim)
        specs.append(TensorSpec(name, datatype, sizes, has_rank=not shape.unknown_rank))
    return specs
