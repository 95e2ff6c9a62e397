"""The shipped model is what its metadata and its README say."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
import onnxruntime
import pytest
from service_process import DIGITS, ROOT
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

SESSION = onnxruntime.InferenceSession(DIGITS, providers=["CPUExecutionProvider"])
METADATA = SESSION.get_modelmeta().custom_metadata_map


@pytest.fixture(scope="module")
def script() -> ModuleType:
    found = importlib.util.spec_from_file_location("train_demo", ROOT / "models" / "train_demo.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_stated_accuracy_is_that_of_the_file_on_the_held_out_digits() -> None:
    images, labels = load_digits(return_X_y=True)
    held, answers = train_test_split(
        images, labels, test_size=0.2, random_state=int(METADATA["seed"]), stratify=labels
    )[1::2]
    (read,) = SESSION.run(["label"], {"image": held.astype(np.float32)})
    right = int((read == answers).sum())
    assert METADATA["held_out_samples"] == str(len(answers))
    assert METADATA["held_out_right"] == str(right)
    assert METADATA["held_out_accuracy"] == f"{right / len(answers):.4f}"
    assert right / len(answers) > 0.97
    readme = (ROOT / "models" / "README.md").read_text()
    assert f"{right} of {len(answers)} right: {right / len(answers) * 100:.1f} %" in readme


def test_the_file_takes_pixels_and_gives_a_label_and_probabilities() -> None:
    inputs = [(node.name, node.type, node.shape) for node in SESSION.get_inputs()]
    outputs = [(node.name, node.type, node.shape) for node in SESSION.get_outputs()]
    assert inputs == [("image", "tensor(float)", ["batch", 64])]
    assert outputs == [
        ("label", "tensor(int64)", ["batch"]),
        ("probabilities", "tensor(float)", ["batch", 10]),
    ]
    assert DIGITS.stat().st_size < 500_000


def test_probabilities_sum_to_one_and_name_the_label() -> None:
    images = load_digits().data[:50].astype(np.float32)
    labels, probabilities = SESSION.run(None, {"image": images})
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-5)
    assert (probabilities.argmax(axis=1) == labels).all()


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_the_export_computes_what_the_trained_network_computes(script: ModuleType, tmp_path: Path) -> None:
    images, labels = load_digits(return_X_y=True)
    network = MLPClassifier((12, 7), max_iter=30, random_state=1).fit(images[:300] / 16, labels[:300])
    path = tmp_path / "small.onnx"
    onnx.save(script.as_onnx(network, {"seed": "1"}), path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    label, probabilities = session.run(None, {"image": images[300:400].astype(np.float32)})
    np.testing.assert_allclose(probabilities, network.predict_proba(images[300:400] / 16), atol=1e-5)
    assert (label == network.predict(images[300:400] / 16)).all()


def test_a_moved_image_keeps_its_ink_and_fills_with_blank(script: ModuleType) -> None:
    image = np.zeros((1, 64))
    image[0, 8 * 3 + 4] = 5.0
    assert script.moved(image, 1, -1)[0].tolist() == [5.0 if i == 8 * 4 + 3 else 0.0 for i in range(64)]


def test_the_wilson_interval_of_8_in_10_is_the_published_one(script: ModuleType) -> None:
    # Brown, Cai, DasGupta 2001 give the formula; for 8 of 10 and z = 1.96 it is 0.490 to 0.943.
    assert script.wilson_interval(8, 10) == pytest.approx((0.490, 0.943), abs=0.001)
