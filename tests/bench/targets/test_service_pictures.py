"""Target `service` with a model that classifies pictures: what is sent, checked and counted."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from picture_files import BLUE, GREEN, RED, colour_model, file_of, plain
from PIL import Image

from costplan.bench.models.photos import make_photos
from costplan.bench.models.workload import InputChoice
from costplan.bench.results.cpu_split import cpu_split
from costplan.bench.servers.instant_model import serving
from costplan.bench.target import HttpPlan, ServerCpu
from costplan.bench.targets import open_target
from costplan.bench.targets._metrics import read_cpu
from costplan.bench.targets._pictures import PictureAnswers
from costplan.bench.targets.options import TargetOptions
from costplan.bench.targets.service import ServiceTarget
from costplan.datafiles import data_folder
from costplan.messages.errors import InputError


def test_photos_are_those_of_their_seed_and_about_as_large_as_said() -> None:
    photos = make_photos(3, seed=1)
    assert photos == make_photos(3, seed=1)
    assert len({*photos, *make_photos(3, seed=2)}) == 6
    assert all(18_000 <= len(photo) <= 24_000 for photo in photos)
    opened = [Image.open(io.BytesIO(photo)) for photo in photos]
    assert {(one.format, one.size, one.mode) for one in opened} == {("JPEG", (640, 480), "RGB")}


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return colour_model(tmp_path_factory.mktemp("colours") / "colours.onnx")


@pytest.fixture(scope="module")
def started(colours: Path) -> Iterator[ServiceTarget]:
    target = open_target("service", TargetOptions(InputChoice(model=colours, distinct=3, seed=4), threads=1))
    assert isinstance(target, ServiceTarget)
    try:
        target.start()
        yield target
    finally:
        target.stop()


def test_jpegs_are_sent_and_said(started: ServiceTarget) -> None:
    plan = started.plan()
    assert isinstance(plan, HttpPlan)
    assert len(plan.requests) == 3
    for number, (request, photo) in enumerate(zip(plan.requests, make_photos(3, seed=4), strict=True)):
        head, _, body = request.partition(b"\r\n\r\n")
        assert body == photo
        assert head.startswith(b"POST /classify HTTP/1.1\r\n")
        assert b"Content-Type: image/jpeg" in head
        assert f"X-Request-Id: {number}".encode() in head
    settings = started.describe().settings
    assert settings["picture_pixels"] == "640x480"
    assert settings["picture_bytes"] == round(sum(map(len, make_photos(3, seed=4))) / 3)
    assert settings["backend"] == "onnxruntime"
    mean = settings["picture_bytes"]
    assert started.describe().inputs_from == f"3 made-up JPEGs of 640x480, {mean} bytes in the mean"
    assert settings["answers_checked_against"] == "ONNX Runtime on the model file"


def test_only_a_right_answer_to_this_picture_is_right(started: ServiceTarget) -> None:
    check = started.plan().check
    right = []
    for index in (0, 1):
        label, best, shares = (tensor.data.tolist() for tensor in started.ask(index))
        told = [{"label": one, "probability": share} for one, share in zip(best, shares, strict=True)]
        right.append({"id": str(index), "label": label[0], "best": told})

    def said(index: int, **changes: object) -> str | None:
        return check(200, json.dumps({**right[index], **changes}).encode())

    assert said(0) is None
    assert said(1) is None
    best = right[0]["best"]
    assert said(0, best=best[::-1]) is not None
    assert said(0, label=best[1]["label"]) is not None
    assert said(0, best=[best[0], best[2]]) is not None  # the second is left out
    assert said(0, best=[{**best[0], "probability": best[0]["probability"] + 0.01}, *best[1:]]) is not None
    assert said(0, best=[{**best[0], "label": 99}, *best[1:]], label=99) is not None
    assert said(0, best=[]) is not None
    assert said(0, best=None) is not None
    assert check(200, b"hello") is not None


def test_two_classes_that_are_equally_likely_may_change_places() -> None:
    answers = PictureAnswers([{"probabilities": np.array([[0.1, 0.45, 0.45]], np.float32)}])
    for best in ([1, 2, 0], [2, 1, 0]):
        answer = {
            "label": np.array(best[:1]),
            "best": np.array(best),
            "probability": np.array([0.45, 0.45, 0.1], np.float32),
        }
        assert answers.find_fault(0, answer) is None
    wrong = {"label": np.array([0]), "best": np.array([0]), "probability": np.array([0.1], np.float32)}
    assert answers.find_fault(0, wrong) is not None


def test_the_processor_time_is_that_of_the_requests_between(started: ServiceTarget) -> None:
    before = started.cpu()
    for _ in range(4):
        started.ask(2)
    after = started.cpu()
    found = cpu_split(before, after)
    assert found is not None
    assert found.requests == 4
    assert list(found.steps_ms) == ["decode", "preprocessing", "inference", "encoding", "rest"]
    assert min(found.steps_ms[step] for step in found.steps_ms if step != "rest") > 0
    assert found.total_ms == pytest.approx(sum(found.steps_ms.values()), abs=1e-3)


def test_a_split_by_hand() -> None:
    """10 requests: 1.5 - 1.0 = 0.5 s, 50 ms each; 0.1 s of decoding, 0.3 s of inference, 0.1 s left."""
    before = ServerCpu(5, 1.0, {"decode": 0.2, "inference": 0.4})
    after = ServerCpu(15, 1.5, {"decode": 0.3, "inference": 0.7})
    found = cpu_split(before, after)
    assert found is not None
    assert (found.requests, found.total_ms) == (10, 50.0)
    assert found.steps_ms == {"decode": 10.0, "inference": 30.0, "rest": 10.0}
    assert cpu_split(before, before) is None
    assert cpu_split(None, after) is None
    # A total that is behind its parts, as a clock of 10 ms may be, is made whole.
    behind = cpu_split(before, replace(after, total_s=1.3))
    assert behind is not None
    assert (behind.total_ms, behind.steps_ms["rest"]) == (40.0, 0.0)


def test_a_service_that_does_not_know_its_time_has_no_split() -> None:
    text = 'costplan_service_cpu_seconds_total{step="decode"} 2.0\n'
    assert read_cpu(text, "/classify", ["decode"]) is None
    found = read_cpu(
        text
        + "process_cpu_seconds_total 3.5\n"
        + 'costplan_service_requests_total{route="/classify",outcome="ok"} 7.0\n'
        + 'costplan_service_requests_total{route="/classify",outcome="client_error"} 2.0\n',
        "/classify",
        ["decode"],
    )
    assert found == ServerCpu(7, 3.5, {"decode": 2.0})


@pytest.mark.parametrize("choice", [{"batch": 2}, {"shapes": {"image": (1, 32, 32, 3)}}])
def test_tensors_are_sent_where_they_are_asked_for(choice: dict[str, object], colours: Path) -> None:
    target = open_target("service", TargetOptions(InputChoice(model=colours, **choice)))
    try:
        target.start()
        assert b"POST /v2/models/model/infer" in target.plan().requests[0]
        assert "picture_bytes" not in target.describe().settings
    finally:
        target.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two JPEGs and a PNG."""
    made = tmp_path / "pictures"
    made.mkdir()
    (made / "a.jpg").write_bytes(file_of(plain(RED, (40, 30))))
    (made / "b.jpeg").write_bytes(file_of(plain(GREEN, (80, 60))))
    (made / "c.png").write_bytes(file_of(plain(BLUE, (60, 60)), "PNG"))
    return made


def test_pictures_of_the_user_are_sent_as_they_are(folder: Path, colours: Path) -> None:
    target = open_target("service", TargetOptions(InputChoice(model=colours, folder=folder)))
    try:
        target.start()
        sent = [request.partition(b"\r\n\r\n")[2] for request in target.plan().requests]
        assert sorted(sent) == sorted(file.read_bytes() for file in folder.iterdir())
        described = target.describe()
        sizes = [len(content) for content in sent]
        said = f"3 files of the folder, 40x30 to 80x60, {round(sum(sizes) / 3)} bytes in the mean"
        assert described.inputs_from == said
        assert described.settings["request"] == "POST /classify, image/jpeg, image/png"
    finally:
        target.stop()


def test_a_picture_that_cannot_be_decoded_is_named(folder: Path, colours: Path) -> None:
    (folder / "a.jpg").write_bytes((folder / "a.jpg").read_bytes()[:-60])
    target = open_target("service", TargetOptions(InputChoice(model=colours, folder=folder)))
    with pytest.raises(InputError, match=r"a\.jpg: the picture cannot be decoded"):
        target.start()


def test_files_of_which_nothing_says_how_they_are_sent_are_refused(folder: Path, colours: Path) -> None:
    digits = data_folder("models") / "digits.onnx"
    with pytest.raises(InputError, match="only for a model that takes one"):
        open_target("service", TargetOptions(InputChoice(model=digits, folder=folder))).start()
    batch = InputChoice(model=colours, folder=folder, batch=2)
    with pytest.raises(InputError, match="nothing says how its files become inputs"):
        open_target("service", TargetOptions(batch)).start()
    (folder / "notes.txt").write_text("words")
    with pytest.raises(InputError, match="nothing says how its files become inputs"):
        open_target("service", TargetOptions(InputChoice(model=colours, folder=folder))).start()


@pytest.mark.parametrize("with_model", [False, True])
def test_a_model_server_behind_the_service(with_model: bool, colours: Path, started: ServiceTarget) -> None:
    """The service under test hands its tensors to another one, which speaks the same protocol."""
    behind = f"127.0.0.1:{started.endpoint.port}"
    options = TargetOptions(
        InputChoice(model=colours if with_model else None, distinct=2),
        model_name="model",
        backend="triton-http",
        backend_address=behind,
    )
    target = open_target("service", options)
    try:
        target.start()
        settings = target.describe().settings
        assert (settings["backend"], settings["backend_address"]) == ("triton-http", behind)
        assert "intra_op_threads" not in settings
        expected = "ONNX Runtime on the model file" if with_model else "the server's own first answers"
        assert settings["answers_checked_against"] == expected
        assert b"POST /classify" in target.plan().requests[0]
    finally:
        target.stop()


def test_a_model_server_that_answers_at_once_leaves_the_service_alone(colours: Path) -> None:
    server, port = serving(colours, "colours")
    options = TargetOptions(
        InputChoice(distinct=2),
        model_name="colours",
        backend="triton-grpc",
        backend_address=f"127.0.0.1:{port}",
    )
    target = open_target("service", options)
    try:
        target.start()
        assert target.describe().settings["backend_platform"] == "answers at once"
        label, best, shares = (tensor.data.tolist() for tensor in target.ask(1))
        assert (label, sorted(best), shares) == ([0], [0, 1, 2], [0.0, 0.0, 0.0])
    finally:
        target.stop()
        server.stop(None).wait(5)


def test_a_service_without_model_or_back_end_is_refused() -> None:
    with pytest.raises(InputError, match="needs a model file"):
        open_target("service", TargetOptions())
    with pytest.raises(InputError, match="needs the model's name on the server"):
        open_target("service", TargetOptions(backend="triton-grpc", backend_address="127.0.0.1:1"))
