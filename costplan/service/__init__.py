"""The reference application of stage 1: FastAPI and ONNX Runtime behind the Open Inference Protocol."""
