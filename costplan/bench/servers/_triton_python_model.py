"""The `model.py` that a Triton model repository needs for the Python backend."""

PYTHON_MODEL = '''"""Runs model.onnx beside this file with ONNX Runtime, for Triton's Python backend."""

import json
import os

import numpy as np
import onnxruntime
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    """One instance of the model."""

    def initialize(self, args):
        """Open the session; `threads` of config.pbtxt sets the intra-op threads."""
        config = json.loads(args["model_config"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(config["parameters"]["threads"]["string_value"])
        options.inter_op_num_threads = 1
        folder = os.path.join(args["model_repository"], args["model_version"])
        self.session = onnxruntime.InferenceSession(
            os.path.join(folder, "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.inputs = [entry["name"] for entry in config["input"]]
        self.outputs = [entry["name"] for entry in config["output"]]

    def execute(self, requests):
        """Answer what Triton joined by one run; where that fails, each by its own or with its own error."""
        if len(requests) > 1:
            try:
                return self.answer_together([self.feed(request) for request in requests])
            except Exception:
                pass
        return [self.answer(request) for request in requests]

    def answer(self, request):
        """Run the session once for one request."""
        try:
            values = self.session.run(self.outputs, self.feed(request))
        except Exception as error:
            return pb_utils.InferenceResponse(error=pb_utils.TritonError(str(error)))
        return self.response(values)

    def answer_together(self, feeds):
        """Run the session once for all; Triton joins requests only where the first dimension is its own."""
        sizes = [len(feed[self.inputs[0]]) for feed in feeds]
        joined = {name: np.concatenate([feed[name] for feed in feeds]) for name in self.inputs}
        values = self.session.run(self.outputs, joined)
        if any(len(value) != sum(sizes) for value in values):
            raise ValueError("an output has another first dimension than the inputs")
        ends = np.cumsum(sizes)[:-1]
        return [self.response(parts) for parts in zip(*(np.split(value, ends) for value in values))]

    def feed(self, request):
        """Return the inputs of a request by name."""
        return {name: read(pb_utils.get_input_tensor_by_name(request, name)) for name in self.inputs}

    def response(self, values):
        """Return outputs as Triton's answer."""
        tensors = [pb_utils.Tensor(name, write(value)) for name, value in zip(self.outputs, values)]
        return pb_utils.InferenceResponse(output_tensors=tensors)


def read(tensor):
    """Return a tensor as ONNX Runtime takes it; text comes as bytes."""
    array = tensor.as_numpy()
    if array.dtype.kind not in "OS":
        return array
    flat = [e.decode() if isinstance(e, bytes) else e for e in array.ravel().tolist()]
    return np.array(flat, dtype=np.object_).reshape(array.shape)


def write(value):
    """Return an output as Triton takes it; text goes as bytes."""
    array = np.asarray(value)
    if array.dtype.kind not in "OU":
        return array
    flat = [e if isinstance(e, bytes) else str(e).encode() for e in array.ravel().tolist()]
    return np.array(flat, dtype=np.object_).reshape(array.shape)
'''
