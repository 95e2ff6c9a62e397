"""What the service counts and says."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import threading

import httpx
import pytest
from service_process import DIGITS, InProcess
from sklearn.datasets import load_digits

from costplan.service import logs
from costplan.service.app import Service
from costplan.service.logs import JsonLog, LogBridge
from costplan.service.metrics import outcome_of
from costplan.service.settings import Settings

INFER = "/v2/models/digits/infer"
PICTURE = {"pixels": load_digits().images[0].tolist()}


def test_requests_are_counted_by_route_and_outcome_and_timed(in_process: InProcess) -> None:
    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        for _repeat in range(3):
            await client.post("/predict", json=PICTURE)
        await client.post("/predict", json={})
        await client.post(INFER, content=b"{")
        for number in range(5):
            await client.get(f"/made-up/{number}")
        text = (await client.get("/metrics")).text
        lines = set(text.splitlines())
        for labels, count in {
            'outcome="ok",route="/predict"': 3,
            'outcome="client_error",route="/predict"': 1,
            'outcome="client_error",route="/v2/models/{name}/infer"': 1,
            'outcome="client_error",route="other"': 5,
        }.items():
            assert f"costplan_service_requests_total{{{labels}}} {count:.1f}" in lines
        assert 'costplan_service_request_duration_seconds_count{route="/predict"} 4.0' in lines
        assert "costplan_service_inference_duration_seconds_count 3.0" in lines
        assert "costplan_service_requests_in_flight 1.0" in lines  # this one
        assert "made-up" not in text
        assert float(text.split("\ncostplan_service_model_load_seconds ")[1].split()[0]) > 0

    in_process(Settings(model_file=DIGITS), talk)


@pytest.mark.live
def test_promtool_finds_nothing_to_say(in_process: InProcess) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not here (Debian: prometheus)")
    found: list[bytes] = []

    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        await client.post("/predict", json=PICTURE)
        reply = await client.get("/metrics")
        assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        found.append(reply.content)

    in_process(Settings(model_file=DIGITS), talk)
    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=found[0], capture_output=True, timeout=20, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "ok"), (302, "ok"), (400, "client_error"), (413, "client_error"), (429, "overloaded"),
     (503, "overloaded"), (500, "server_error"), (502, "server_error"), (504, "server_error")],
)  # fmt: skip
def test_every_status_has_one_outcome(status: int, outcome: str) -> None:
    assert outcome_of(status) == outcome


@pytest.mark.parametrize(("wanted", "statuses"), [("all", [200, 404]), ("errors", [404]), ("none", [])])
def test_the_option_says_which_requests_are_logged(
    wanted: str, statuses: list[int], in_process: InProcess
) -> None:
    async def talk(client: httpx.AsyncClient, _: Service) -> None:
        await client.get("/v2")
        await client.get("/nothing")

    log = in_process(Settings(model_file=DIGITS, log=wanted), talk)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["status"] for line in lines if line["event"] == "request"] == statuses


def test_a_line_stays_one_line_whatever_it_holds() -> None:
    text = io.StringIO()
    log = JsonLog(text)
    hostile = 'a\n{"event": "forged"}\r\x1b[2J\x7f\x9b\u2028\u202e'
    log.event("info", "named", value=hostile)
    log.close()
    assert text.getvalue().isascii()
    assert not set(text.getvalue()) & {chr(code) for code in (*range(32), 127)} - {"\n"}
    (line,) = text.getvalue().splitlines()
    assert json.loads(line)["value"] == hostile


def test_a_reader_that_stopped_reading_costs_lines_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MOST_LINES", 10)
    released = threading.Event()

    class Stuck(io.StringIO):
        def write(self, text: str) -> int:
            released.wait(10)
            return super().write(text)

    stuck = Stuck()
    log = JsonLog(stuck)
    for number in range(200):
        log.event("info", "n", number=number)
    assert log.dropped >= 200 - 2 * 10
    released.set()
    log.close()
    assert log.dropped + len(stuck.getvalue().splitlines()) == 200


def test_messages_of_libraries_become_lines_with_their_trace() -> None:
    import logging

    text = io.StringIO()
    log = JsonLog(text)
    logger = logging.Logger("library")
    logger.addHandler(LogBridge(log))
    try:
        raise ValueError("inside")
    except ValueError:
        logger.exception("went %s", "wrong")
    log.close()
    line = json.loads(text.getvalue())
    assert (line["level"], line["logger"], line["message"]) == ("error", "library", "went wrong")
    assert "ValueError: inside" in line["trace"]
