"""Model files from strangers: bounded in memory and time, never a pickle, nothing outside their folder."""

from __future__ import annotations

import gzip
import os
import pickle
import zipfile
from pathlib import Path

import onnx
import onnx_zoo as zoo
import pytest
from own_time import cpu_seconds, own_seconds

from costplan.bench.models.guard import inspect_model
from costplan.bench.models.limits import ModelLimits
from costplan.bench.models.refuse import check_model_file
from costplan.messages.errors import InputError

GIB = 1 << 30
SMALL = ModelLimits(memory_bytes=2 * GIB, seconds=100)


class Trap:
    """Would leave a mark if it were ever unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (os.mkdir, (str(self.mark),))


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".PT"])
def test_a_pickle_is_refused_by_its_suffix(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"model{suffix}"
    path.write_bytes(pickle.dumps(Trap(tmp_path / "mark")))
    with pytest.raises(InputError, match="pickle, which is never read"):
        inspect_model(path)
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_is_refused_by_its_content(protocol: int, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(pickle.dumps(Trap(tmp_path / "mark"), protocol=protocol))
    with pytest.raises(InputError, match="pickle"):
        inspect_model(path)
    assert not (tmp_path / "mark").exists()


def test_archives_that_may_hold_a_pickle_are_refused_by_their_content(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}))
    with pytest.raises(InputError, match="zip archive"):
        check_model_file(path)
    path.write_bytes(gzip.compress(pickle.dumps({})))
    with pytest.raises(InputError, match="gzip"):
        check_model_file(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("m.onnx", b"", "is empty"),
        ("m.onnx", b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        ("m.onnx", b"\x89HDF\r\n\x1a\n", "HDF5"),
        ("m.onnx", b"hello, world", "not an ONNX model"),
        ("m.onnx", b"\x08\x08", "no graph"),
        ("m.onnx", b"\x00" * 100, "not an ONNX model"),
        ("m.safetensors", b"x", "weights without a graph"),
        ("m.h5", b"x", "Keras"),
        ("m.tflite", b"x", "TensorFlow Lite"),
    ],
    ids=["empty", "lfs", "hdf5", "text", "no graph", "zeros", "safetensors", "keras", "tflite"],
)
def test_files_that_are_no_onnx_model_are_named(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        inspect_model(tmp_path / name)


def test_paths_that_are_no_plain_file_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.onnx")
    for path in (tmp_path / "pipe.onnx", tmp_path, Path("/dev/zero")):
        with pytest.raises(InputError, match="not a plain file"):
            check_model_file(path)
    with pytest.raises(InputError, match="No such file"):
        check_model_file(tmp_path / "none.onnx")


def test_a_tiny_model_that_asks_for_256_gib_is_refused_with_the_size(tmp_path: Path) -> None:
    path = zoo.save(zoo.constant_bomb(), tmp_path / "m.onnx")
    assert path.stat().st_size < 80
    used = cpu_seconds()
    with pytest.raises(InputError, match=r"a constant of 256\.0 GiB, the limit is 2\.0 GiB"):
        inspect_model(path, limits=SMALL)
    assert cpu_seconds() - used < 5


def test_a_size_that_only_running_shows_is_refused_too(tmp_path: Path) -> None:
    path = zoo.save(zoo.hidden_bomb(), tmp_path / "m.onnx")
    used = cpu_seconds()
    with pytest.raises(InputError, match=r"more memory than the limit of 2\.0 GiB"):
        inspect_model(path, limits=SMALL)
    assert cpu_seconds() - used < 10


def test_a_model_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    path = zoo.save(zoo.endless_loop(), tmp_path / "m.onnx")
    with own_seconds() as seconds, pytest.raises(InputError, match="took more than 2 s"):
        inspect_model(path, limits=ModelLimits(seconds=2))
    assert seconds() < 5


def relocate(path: Path, location: str) -> None:
    """Make the model look for its weights elsewhere."""
    made = onnx.load(path, load_external_data=False)
    entry = next(e for e in made.graph.initializer[0].external_data if e.key == "location")
    entry.value = location
    path.write_bytes(made.SerializeToString())


def test_external_data_beside_the_model_is_read(tmp_path: Path) -> None:
    facts = inspect_model(zoo.with_external_data(tmp_path))
    assert facts.external_files == {"weights.bin": 16}


@pytest.mark.parametrize(
    "location", ["../secret.bin", "/etc/passwd", "a/../../secret.bin", "C:\\secret.bin", "..\\secret.bin", ""]
)
def test_external_data_outside_the_folder_is_refused(location: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(bytes(16))
    path = zoo.with_external_data(folder)
    relocate(path, location)
    with pytest.raises(InputError, match="must lie beside the model"):
        inspect_model(path)


def test_external_data_through_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    path = zoo.with_external_data(folder)
    (folder / "weights.bin").rename(tmp_path / "weights.bin")
    (folder / "weights.bin").symlink_to(tmp_path / "weights.bin")
    with pytest.raises(InputError, match="out of the model's folder through a symbolic link"):
        inspect_model(path)


def test_external_data_in_the_folder_that_a_linked_model_leads_to_is_read(tmp_path: Path) -> None:
    """Both files are links into one folder, as caches of model hubs have it."""
    blobs, snapshot = tmp_path / "blobs", tmp_path / "snapshot"
    blobs.mkdir()
    snapshot.mkdir()
    path = zoo.with_external_data(blobs)
    for name in (path.name, "weights.bin"):
        (snapshot / name).symlink_to(Path("..", "blobs", name))
    assert inspect_model(snapshot / path.name).external_files == {"weights.bin": 16}


def test_external_data_that_links_to_itself_is_missing(tmp_path: Path) -> None:
    path = zoo.with_external_data(tmp_path)
    (tmp_path / "weights.bin").unlink()
    (tmp_path / "weights.bin").symlink_to("weights.bin")
    with pytest.raises(InputError, match="missing beside the model"):
        inspect_model(path)


def test_external_data_that_is_missing_or_short_is_refused(tmp_path: Path) -> None:
    path = zoo.with_external_data(tmp_path)
    (tmp_path / "weights.bin").write_bytes(bytes(8))
    with pytest.raises(InputError, match="ends at 8, a tensor needs 16"):
        inspect_model(path)
    (tmp_path / "weights.bin").unlink()
    with pytest.raises(InputError, match="is missing"):
        inspect_model(path)


def test_an_unknown_operator_is_told_by_name(tmp_path: Path) -> None:
    made = zoo.model(
        [onnx.helper.make_node("Frobnicate", ["x"], ["y"])],
        [zoo.value("x", zoo.F, [4])],
        [zoo.value("y", zoo.F, [4])],
    )
    with pytest.raises(InputError, match="Frobnicate"):
        inspect_model(zoo.save(made, tmp_path / "m.onnx"))


def test_a_module_in_the_working_folder_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "onnx.py").write_text("import pathlib; pathlib.Path('mark').touch()")
    path = zoo.save(zoo.scalar(), tmp_path / "m.onnx")
    monkeypatch.chdir(tmp_path)
    inspect_model(path)
    assert not (tmp_path / "mark").exists()


def test_the_facts_say_what_the_model_needs(tmp_path: Path) -> None:
    facts = inspect_model(zoo.save(zoo.scalar(), tmp_path / "m.onnx"))
    assert facts.opsets == {"ai.onnx": 17}
    assert [p.name for p in facts.inputs] == ["x", "factor"]
    assert facts.file_bytes == (tmp_path / "m.onnx").stat().st_size
    assert facts.peak_memory_bytes > 10 << 20
