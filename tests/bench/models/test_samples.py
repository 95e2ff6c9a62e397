"""Folders of real inputs: which files are sent, pictures, the user's own function, batches of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx_zoo as zoo
import pytest
from PIL import Image

from costplan.bench.models import samples
from costplan.bench.models.facts import ModelPort
from costplan.bench.models.hook import load_hook
from costplan.bench.models.pictures import Pictures
from costplan.bench.models.samples import SampleChoice, list_files, read_samples
from costplan.bench.models.workload import InputChoice
from costplan.bench.targets import open_target
from costplan.bench.targets.options import TargetOptions
from costplan.messages.errors import InputError

PICTURE = ModelPort("image", "FP32", ("N", 3, 2, 4))
RED = (255, 0, 51)


def photos(folder: Path, count: int, colour: tuple[int, int, int] = RED) -> Path:
    """Make pictures of one colour, larger than the model takes them."""
    folder.mkdir()
    for number in range(count):
        Image.new("RGB", (8, 6), colour).save(folder / f"{number}.png")
    return folder


def hook(folder: Path, text: str) -> Path:
    path = folder / "hook.py"
    path.write_text(text)
    return path


def test_a_picture_is_made_what_the_model_takes(tmp_path: Path) -> None:
    file = next(photos(tmp_path / "p", 1).iterdir())
    cases: list[tuple[ModelPort, tuple[int, ...], Any]] = [
        (PICTURE, (1, 3, 2, 4), [1, 0, 0.2]),
        (ModelPort("x", "FP32", (None, 2, 4, 3)), (1, 2, 4, 3), [1, 0, 0.2]),
        (ModelPort("x", "UINT8", (3, 2, 4)), (3, 2, 4), RED),
        (ModelPort("x", "FP16", (1, 3, 2, 4)), (1, 3, 2, 4), [1, 0, 0.2]),
    ]
    for port, shape, colour in cases:
        pictures = Pictures.of_model([port], {})
        array = pictures(file)[port.name]
        assert array.shape == shape
        last = array if pictures.is_channels_last else np.moveaxis(array, -3, -1)
        assert np.allclose(last.reshape(-1, 3), colour, atol=1e-3)
    assert Pictures.of_model([PICTURE], {}).said() == (
        "decoded with Pillow, RGB, resized to 4x2 (bilinear), NCHW, /255 float32"
    )


def test_a_picture_takes_the_size_that_the_user_gives_where_the_model_leaves_it_open(tmp_path: Path) -> None:
    port = ModelPort("x", "FP32", ("N", 1, None, None))
    file = next(photos(tmp_path / "p", 1).iterdir())
    assert Pictures.of_model([port], {"x": (1, 1, 5, 7)})(file)["x"].shape == (1, 1, 5, 7)
    assert Pictures.of_model([port], {})(file)["x"].shape == (1, 1, 224, 224)


@pytest.mark.parametrize(
    ("ports", "why"),
    [
        ([PICTURE, ModelPort("size", "INT64", (2,))], "the model has 2 inputs (image, size)"),
        ([ModelPort("x", "FP32", (1, 16))], "is no picture: [1, 16]"),
        ([ModelPort("x", "INT8", (1, 3, 2, 4))], "is INT8"),
    ],
)
def test_what_takes_no_picture_is_told(ports: list[ModelPort], why: str) -> None:
    with pytest.raises(InputError) as refused:
        Pictures.of_model(ports, {})
    assert why in str(refused.value)
    assert "hook.py" in str(refused.value.faults[0].hint)


def test_a_file_that_is_no_picture_is_named(tmp_path: Path) -> None:
    folder = photos(tmp_path / "p", 2)
    (folder / "labels.txt").write_text("cat")
    with pytest.raises(InputError, match=r"labels\.txt: is no picture"):
        read_samples(SampleChoice(folder, "image"), [PICTURE])
    (folder / "labels.txt").unlink()
    (folder / "1.png").write_bytes((folder / "0.png").read_bytes()[:45])
    with pytest.raises(InputError, match=r"1\.png: (cannot be decoded|is no picture)"):
        read_samples(SampleChoice(folder, "image"), [PICTURE])


def test_only_plain_files_are_taken_and_in_the_order_of_the_seed(tmp_path: Path) -> None:
    folder = photos(tmp_path / "p", 3)
    (folder / ".hidden").write_text("")
    (folder / "sub").mkdir()
    assert [file.name for file in list_files(folder)] == ["0.png", "1.png", "2.png"]
    found = read_samples(SampleChoice(folder, "image", seed=3), [PICTURE])
    assert len(found.feeds) == 3
    assert found.said.startswith("3 of 3 files of p: decoded with Pillow")


def test_links_empty_folders_and_large_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="has no files"):
        list_files(empty)
    with pytest.raises(InputError, match="is not there"):
        list_files(tmp_path / "none")
    folder = photos(tmp_path / "p", 2)
    (folder / "link.png").symlink_to(folder / "0.png")
    with pytest.raises(InputError, match=r"link\.png: is a symbolic link"):
        list_files(folder)
    (folder / "link.png").unlink()
    monkeypatch.setattr(samples, "_MOST_FILE_BYTES", 10)
    with pytest.raises(InputError, match="more than 10 bytes"):
        list_files(folder)
    monkeypatch.setattr(samples, "_MOST_LISTED", 1)
    with pytest.raises(InputError, match="has 2 files, at most 1 are looked at"):
        list_files(folder)


def test_of_many_files_some_are_drawn_and_too_many_bytes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = photos(tmp_path / "p", 5)
    monkeypatch.setattr(samples, "MOST_REQUESTS", 2)
    found = read_samples(SampleChoice(folder, "image"), [PICTURE])
    assert len(found.feeds) == 2
    assert found.said.startswith("2 of 5 files")
    one = 3 * 2 * 4 * 4
    monkeypatch.setattr(samples, "MAX_NPZ_BYTES", 2 * one - 1)
    with pytest.raises(InputError, match="makes more than"):
        read_samples(SampleChoice(folder, "image"), [PICTURE])


def test_files_are_joined_to_a_batch_and_the_first_fill_up_the_last(tmp_path: Path) -> None:
    folder = tmp_path / "arrays"
    folder.mkdir()
    for number in range(3):
        np.savez(folder / f"{number}.npz", x=np.full((1, 2), number, np.float32))
    port = ModelPort("x", "FP32", ("N", 2))
    found = read_samples(SampleChoice(folder, batch=2, seed=1), [port])
    assert [feed["x"].shape for feed in found.feeds] == [(2, 2), (2, 2)]
    sent = [int(row[0]) for feed in found.feeds for row in feed["x"]]
    assert sorted(sent[:3]) == [0, 1, 2]
    assert sent[3] == sent[0]


def test_files_of_several_sizes_make_no_batch(tmp_path: Path) -> None:
    folder = tmp_path / "arrays"
    folder.mkdir()
    for size in (2, 3):
        np.savez(folder / f"{size}.npz", x=np.zeros((1, size), np.float32))
    port = ModelPort("x", "FP32", ("N", None))
    assert len(read_samples(SampleChoice(folder), [port]).feeds) == 2
    with pytest.raises(InputError, match="do not fit into one batch"):
        read_samples(SampleChoice(folder, batch=2), [port])


def test_files_that_nothing_makes_inputs_of_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing says how its files become inputs") as refused:
        read_samples(SampleChoice(photos(tmp_path / "p", 1)), [PICTURE])
    assert "--preprocess image" in str(refused.value.faults[0].hint)


LENGTHS = """
import numpy as np
from beside import START

def preprocess(path):
    print("working")
    return {"x": np.full((1, len(path.read_text())), START, np.float32)}
"""


def test_a_hook_of_the_users_makes_inputs_of_any_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A text of five letters and one of three: inputs of length 5 and 3."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("abcde")
    (folder / "b.txt").write_text("abc")
    (tmp_path / "beside.py").write_text("START = 7")
    choice = SampleChoice(folder, str(hook(tmp_path, LENGTHS)))
    feeds = read_samples(choice, [ModelPort("x", "FP32", ("N", "length"))]).feeds
    assert sorted(feed["x"].shape for feed in feeds) == [(1, 3), (1, 5)]
    assert {float(feed["x"][0, 0]) for feed in feeds} == {7.0}
    out, err = capsys.readouterr()
    assert out == ""
    assert "working" in err


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x = 1\ny = 1 / 0\n", r"hook\.py:2: ZeroDivisionError: division by zero"),
        ("def preprocess(path):\n    return {\n", r"hook\.py:2: SyntaxError"),
        ("import sys\nsys.exit(3)\n", r"hook\.py:2: SystemExit: 3"),
        ("import nowhere_to_be_found\n", r"hook\.py:1: ModuleNotFoundError"),
        ("x = 1\n", r"hook\.py: has no function `preprocess`"),
    ],
)
def test_a_hook_that_cannot_be_run_is_told_with_its_line(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=why):
        load_hook(hook(tmp_path, text))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            "help_me()\n\n\ndef help_me():\n    raise KeyError('no')",
            r"hook\.py:6: KeyError: 'no', with a\.txt",
        ),
        ("return int('x')", r"hook\.py:2: ValueError: .*, with a\.txt"),
        ("return [1]", r"preprocess\(a\.txt\) must return arrays by input name, got list"),
        ("return {'x': [1]}", r"hook\.py: preprocess\(a\.txt\) must return arrays"),
        ("return {}", r"must return arrays"),
    ],
)
def test_what_a_hook_raises_or_returns_wrongly_is_told_with_the_file(
    body: str, why: str, tmp_path: Path
) -> None:
    made = load_hook(hook(tmp_path, f"def preprocess(path):\n    {body}\n"))
    with pytest.raises(InputError, match=why):
        made(tmp_path / "a.txt")


def test_what_is_no_hook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no Python file"):
        load_hook(tmp_path / "hook.py")
    with pytest.raises(InputError, match="is no Python file"):
        load_hook(hook(tmp_path, "").rename(tmp_path / "hook.txt"))


def test_what_a_hook_makes_must_be_the_models(tmp_path: Path) -> None:
    folder = photos(tmp_path / "p", 1)
    text = "import numpy as np\ndef preprocess(path):\n    return {'image': np.zeros((1, 3, 2, 4))}\n"
    with pytest.raises(InputError, match=r"0\.png: input `image` must be float32, got float64"):
        read_samples(SampleChoice(folder, str(hook(tmp_path, text))), [PICTURE])


def test_pictures_are_sent_in_turn_and_each_answer_is_checked(tmp_path: Path) -> None:
    """The mean of each channel of a red picture is 1, 0 and 0.2, of a black one 0."""
    folder = photos(tmp_path / "p", 1)
    Image.new("RGB", (3, 3)).save(folder / "black.png")
    path = zoo.save(zoo.half_image(), tmp_path / "m.onnx")
    target = open_target(
        "onnxruntime", TargetOptions(inputs=InputChoice(model=path, folder=folder, preprocess="image"))
    )
    target.start()
    plan = target.plan()
    assert [plan.check(call()) for call in plan.calls] == [None, None]
    means = sorted(np.round(call()[1][0][0].astype(float), 3).tolist() for call in plan.calls)
    assert means == [[0, 0, 0], [1, 0, 0.2]]
    found = target.describe()
    assert found.inputs == [
        {"name": "image", "datatype": "FP16", "shape": [1, 3, 224, 224], "made_up": (2, 3)}
    ]
    assert found.inputs_from.startswith("2 of 2 files of p: decoded with Pillow, RGB, resized to 224x224")
    assert any("made up (image 224x224" in doubt for doubt in found.doubts)
