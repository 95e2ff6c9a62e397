"""A shipped model is named as it is called; a file of the user's goes before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.datafiles import data_folder, model_file


def test_a_name_is_a_shipped_model_unless_a_file_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert model_file(None) == data_folder("models") / "digits.onnx"
    assert model_file(Path("resnet50")) == data_folder("models") / "resnet50.onnx"
    for own in ("mine.onnx", "resnet50.onnx", "./digits.onnx", "folder/resnet50", "nothing", "n" * 5000):
        assert model_file(Path(own)) == Path(own)
    (tmp_path / "resnet50").write_bytes(b"mine")
    assert model_file(Path("resnet50")) == Path("resnet50")
