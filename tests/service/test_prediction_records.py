"""Records of predictions: complete, in bound, and never in a request's way."""

from __future__ import annotations

import io
import json
import math
import random
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import httpx
import numpy as np
import pytest
from own_time import own_seconds, wait_until
from service_process import DIGITS, InProcess

from costplan.messages.errors import InputError
from costplan.protocols.tensors import tensor
from costplan.service import records
from costplan.service.app import Service
from costplan.service.logs import JsonLog
from costplan.service.metrics import Metrics
from costplan.service.records import Record, Recorder, small
from costplan.service.settings import Settings
from costplan.service.stores import make_store


def record(number: int) -> Record:
    return Record(f"id-{number}", f"request-{number}", 1_700_000_000.5 + number, "m", "b", 1, 0.25, [])


class Memory:
    """A store that fails when told to and keeps what it was given, once each."""

    scheme: ClassVar[str] = "memory"
    interval_seconds: ClassVar[float] = 0.01
    batch_size: ClassVar[int] = 7

    def __init__(self, fails: Callable[[], bool] = lambda: False) -> None:
        self.fails, self.kept, self.opened = fails, dict[str, Record](), 0

    def open(self) -> None:
        self.opened += 1
        if self.fails():
            raise ConnectionError("down\nsecond line")

    def write(self, batch: Sequence[Record]) -> None:
        kept = {r.id: r for r in batch}
        if self.fails():
            # A failure may come after the store took a part: what it has must not be counted twice.
            self.kept.update(list(kept.items())[: len(kept) // 2])
            raise ConnectionError("down")
        self.kept.update(kept)

    def close(self) -> None:
        return


def counted(metrics: Metrics, what: str) -> float:
    for line in metrics.text().decode().splitlines():
        if line.startswith(f"costplan_service_{what} "):
            return float(line.rsplit(" ", 1)[1])
    return 0.0


def recorder_for(store: Any) -> tuple[Recorder, Metrics, io.StringIO]:
    metrics, text = Metrics(), io.StringIO()
    return Recorder(store, metrics, JsonLog(text)), metrics, text


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_FIRST_PAUSE_SECONDS", 0.005)
    monkeypatch.setattr(records, "_LONGEST_PAUSE_SECONDS", 0.02)


@pytest.mark.parametrize("seed", range(8))
def test_a_store_that_fails_now_and_then_still_gets_every_record_once(seed: int) -> None:
    chance = random.Random(seed)
    store = Memory(lambda: chance.random() < 0.5)
    recorder, metrics, _ = recorder_for(store)
    recorder.start()
    for number in range(40):
        recorder.add(record(number))
    recorder.close(100.0)
    assert sorted(store.kept) == sorted(f"id-{number}" for number in range(40))
    assert counted(metrics, 'records_total{outcome="written"}') == 40
    assert counted(metrics, 'records_total{outcome="lost"}') == 0


def test_a_store_that_is_down_at_the_end_costs_bounded_time_and_is_said() -> None:
    recorder, metrics, log = recorder_for(Memory(lambda: True))
    recorder.start()
    for number in range(3):
        recorder.add(record(number))
    with own_seconds() as seconds:
        recorder.close(0.3)
        assert seconds() < 0.3 + 1.0 + 0.5
    assert counted(metrics, 'records_total{outcome="lost"}') == 3
    assert counted(metrics, "record_write_failures_total") >= 2
    recorder._log.close()
    events = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["records cannot be written", "records lost"]
    assert (events[0]["reason"], events[1]["count"]) == ("ConnectionError: down", 3)


def test_past_the_limit_records_are_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_WAITING", 5)
    recorder, metrics, _ = recorder_for(Memory())
    for number in range(8):
        recorder.add(record(number))
    assert counted(metrics, 'records_total{outcome="dropped"}') == 8 - 5
    assert recorder.waiting() == 5


def test_a_record_says_what_came_out_and_not_what_went_in() -> None:
    fields = Record(
        "i", "r", 1_700_000_000.5, "m", "b", 2, 1.23456, [tensor("label", np.array([3, 4]))]
    ).as_fields()
    assert (
        fields["at"] == "2023-11-14T22:13:20.500+00:00"
    )  # 1.7e9 s after 1970, from `date -u -d @1700000000`
    assert (fields["outputs"], fields["batch"], fields["duration_ms"]) == ('{"label":[3,4]}', 2, 1.2346)


def test_odd_outputs_are_kept_as_strict_json() -> None:
    outputs = [
        tensor("odd", np.array([math.nan, math.inf, -1.5], np.float32)),
        tensor("text", np.array([b"\xff\x00", b"ok"], dtype=object)),
        tensor("large", np.zeros((3, 1000))),
        tensor("scalar", np.array(7)),
    ]
    text = Record("i", "r", 0.0, "m", "b", 1, 0.0, small(outputs)).as_fields()["outputs"]
    assert text.isascii()
    assert json.loads(text, parse_constant=pytest.fail) == {
        "odd": ["nan", "inf", -1.5],
        "text": ["\ufffd\x00", "ok"],
        "large": {"datatype": "FP64", "shape": [3, 1000]},
        "scalar": 7,
    }


def predictions(path: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as kept:
        return kept.execute("select request_id, model, backend, batch, outputs from predictions").fetchall()


def test_sqlite_keeps_a_row_per_prediction_and_none_for_refusals(
    in_process: InProcess, tmp_path: Path
) -> None:
    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        entry = {"name": "image", "datatype": "FP32", "shape": [2, 64], "data": [0.0] * 128}
        for body in ({"inputs": [entry]}, {"inputs": [entry | {"shape": [1]}]}):
            await client.post("/v2/models/digits/infer", json=body, headers={"X-Request-Id": "first"})
        await client.post("/predict", json={"pixels": [[0] * 8] * 8}, headers={"X-Request-Id": "second"})

    path = tmp_path / "kept.db"
    in_process(Settings(model_file=DIGITS, record=f"sqlite:///{path}"), talk)
    rows = predictions(path)
    assert [row[:4] for row in rows] == [
        ("first", "digits", "onnxruntime", 2),
        ("second", "digits", "onnxruntime", 1),
    ]
    assert [len(json.loads(row[4])["label"]) for row in rows] == [2, 1]
    with sqlite3.connect(path) as kept:
        assert kept.execute("pragma journal_mode").fetchone() == ("wal",)


def test_a_second_run_adds_to_the_same_file(tmp_path: Path) -> None:
    for start in (0, 5):
        store = make_store(f"sqlite:///{tmp_path / 'kept.db'}")
        assert store is not None
        store.open()
        store.write([record(number) for number in range(start, start + 6)])  # one is there already
        store.close()
    assert len(predictions(tmp_path / "kept.db")) == 11


def test_requests_are_answered_while_the_store_is_broken(in_process: InProcess, tmp_path: Path) -> None:
    async def talk(client: httpx.AsyncClient, service: Service) -> None:
        for _ in range(3):
            assert (await client.post("/predict", json={"pixels": [[0] * 8] * 8})).status_code == 200
        wait_until(lambda: counted(service.metrics, "record_write_failures_total"), "a failure to write")
        assert counted(service.metrics, "records_waiting") == 3
        (tmp_path / "later").mkdir()  # the folder comes back: what waited is written

    in_process(Settings(model_file=DIGITS, record=f"sqlite:///{tmp_path / 'later' / 'kept.db'}"), talk)
    assert len(predictions(tmp_path / "later" / "kept.db")) == 3


def test_a_full_disk_is_counted_and_mended(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    store = make_store(f"sqlite:///{path}")
    assert store is not None
    recorder, metrics, _ = recorder_for(store)
    store.open()
    store._connection.execute("pragma max_page_count = 3")  # type: ignore[attr-defined]
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store.write([record(number) for number in range(500)])
    store.close()
    assert predictions(path) == []  # all of a batch or nothing
    recorder.start()
    for number in range(500):
        recorder.add(record(number))
    recorder.close(100.0)
    assert len(predictions(path)) == counted(metrics, 'records_total{outcome="written"}') == 500


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("mysql://x", "unknown kind of store"),
        ("sqlit:///x.db", "did you mean `sqlite`?"),
        ("sqlite://x.db", "names a file"),
        ("s3://", "names a bucket"),
        ("s3://b?endpoint=http://x&acl=public", "names a bucket"),
        ("predictions.db", "unknown kind of store"),
        ("postgresql://u@[h/db", "cannot be read"),
    ],
)
def test_a_wrong_address_is_refused_at_the_start(address: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        make_store(address)
    assert message in str(caught.value)


def test_none_keeps_nothing() -> None:
    assert make_store("none") is None
