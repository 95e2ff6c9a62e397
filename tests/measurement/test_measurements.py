"""Result files: what is read, what is refused with which words, and what the shipped ones hold."""

from __future__ import annotations

import json
import os
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from measured_examples import measurement

from costplan.measurement.files import (
    MEASUREMENT_LIMIT_BYTES,
    load_calibration,
    load_figures,
    load_measurement,
    shipped_measurement,
    shipped_measurements,
)
from costplan.messages.errors import InputError
from costplan.output.formats import rendered


def document(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rendered(measurement(**changes), "json"))
    return found


def saved(folder: Path, content: object) -> Path:
    path = folder / "result.json"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def fault(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_measurement(path)
    return str(caught.value)


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    assert load_measurement(saved(tmp_path, document())) == measurement()


def test_a_key_of_a_later_release_is_read_over(tmp_path: Path) -> None:
    later = document() | {"colour": "blue"}
    later["points"][0]["weather"] = {"rain": True}
    assert load_measurement(saved(tmp_path, later)) == measurement()


def test_a_missing_key_is_named_with_its_path(tmp_path: Path) -> None:
    broken = document()
    del broken["points"][1]["requests"]
    assert "points[1].requests: field required" in fault(saved(tmp_path, broken))


def test_text_in_place_of_a_number_is_named_with_its_path(tmp_path: Path) -> None:
    broken = document()
    broken["capacity"]["low"] = "fast"
    assert "capacity.low: " in fault(saved(tmp_path, broken))


def test_another_schema_is_refused(tmp_path: Path) -> None:
    assert "schema: " in fault(saved(tmp_path, document() | {"schema": "costplan/measurement/9"}))


def test_a_negative_rate_is_refused(tmp_path: Path) -> None:
    broken = document()
    broken["capacity"]["requests_per_second"] = -1
    assert "capacity.requests_per_second: " in fault(saved(tmp_path, broken))


def test_a_request_of_no_items_is_refused(tmp_path: Path) -> None:
    broken = document()
    broken["model"] = {**broken["model"], "items_per_request": 0}
    assert "model.items_per_request: " in fault(saved(tmp_path, broken))


@pytest.mark.parametrize("key", ["sessions", "threads"])
def test_a_sweep_of_no_sessions_or_threads_is_refused(tmp_path: Path, key: str) -> None:
    row = {"sessions": 2, "threads": 1, "is_spinning": False, "requests_per_second": 5, "low": 4, "high": 6}
    broken = document() | {"sweep": [row | {key: 0}]}
    assert f"sweep[0].{key}: " in fault(saved(tmp_path, broken))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_of_json_is_refused(tmp_path: Path, number: str) -> None:
    text = json.dumps(document()).replace("1200.0", number)
    assert f"{number} is not a number of JSON" in fault(saved(tmp_path, text))


def test_a_number_that_overflows_is_refused(tmp_path: Path) -> None:
    assert "cold_start_ms" in fault(saved(tmp_path, json.dumps(document()).replace("1200.0", "1e999")))


def test_a_key_given_twice_is_refused(tmp_path: Path) -> None:
    text = json.dumps(document()).replace('"target": "service"', '"target": "a", "target": "b"')
    assert "duplicate key `target`" in fault(saved(tmp_path, text))


def test_broken_json_is_placed_by_line_and_column(tmp_path: Path) -> None:
    path = saved(tmp_path, '{"schema": 1,\n  "target" "service"}')
    assert f"{path}:2:12: not JSON" in fault(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"[]", "must be a JSON object"),
        (b"\xff\xfe{}", "is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"[" * 200 + b"]" * 200 + b"}", "nested deeper than 32"),
        (b" " * (MEASUREMENT_LIMIT_BYTES + 1), "larger than 4 MiB"),
    ],
    ids=["empty", "list", "utf-16", "deep", "deeper", "large"],
)
def test_what_is_no_result_is_refused_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in fault(saved(tmp_path, content))


def test_a_folder_and_a_pipe_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "cannot read" in fault(tmp_path) or "not a regular file" in fault(tmp_path)
    assert "not a regular file" in fault(tmp_path / "pipe")
    assert "No such file" in fault(tmp_path / "nowhere.json")


def test_an_unknown_shipped_measurement_names_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        shipped_measurement("digits-servic")
    assert "did you mean `digits-service`?" in str(caught.value)


def test_figures_are_the_capacity_and_the_mean_of_a_request_alone(tmp_path: Path) -> None:
    figures = load_figures(saved(tmp_path, document()), "result.json")
    assert (figures.requests_per_second, figures.request_ms) == (100.0, 20.0)
    assert figures.slo == "p99 <= 100 ms"
    assert "Intel Xeon Processor (Icelake), 2 processors" in figures.remark


def test_a_calibration_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="platform"):
        load_calibration(saved(tmp_path, document()))


def test_the_demo_model_was_measured_on_every_target_that_can_be_run() -> None:
    assert {"digits-service", "digits-onnxruntime", "digits-triton-http", "digits-triton-grpc"} <= set(
        shipped_measurements()
    )


@pytest.mark.parametrize("name", shipped_measurements())
def test_a_shipped_measurement_is_whole_and_keeps_its_machine_private(name: str) -> None:
    path = shipped_measurements()[name]
    found = load_measurement(path)
    is_alone = name == "resnet50-api"  # the service before a server that answers at once, without a model
    assert found.target == ("service" if is_alone else name.partition("-")[2])
    assert found.is_complete
    assert found.capacity.requests_per_second is not None
    assert found.single() is not None
    assert (found.model.sha256 is None) == is_alone
    assert found.calibration.keys() == {"gemm", "memory", "convolution", "overhead"}
    text = path.read_text(encoding="utf-8")
    assert f'"{socket.gethostname()}"' not in text
    assert not re.search(r'"(/|[A-Z]:\\\\)[a-z]', text), "an absolute path"


@pytest.mark.parametrize("name", shipped_measurements())
def test_every_request_of_a_shipped_measurement_is_in_one_outcome_class(name: str) -> None:
    for point in load_measurement(shipped_measurements()[name]).points:
        assert sum(point.outcomes.values()) == point.requests
        assert sum(count for _, count in point.histogram) <= point.requests
