"""The docs and the Dockerfile name what the code has, all of it and nothing else."""

from __future__ import annotations

import json
import re
import shlex

import httpx
import pytest
from service_process import ROOT, Process

from costplan.service.backends import BACKENDS
from costplan.service.metrics import Metrics
from costplan.service.settings import _parser
from costplan.service.stores import STORES

DOCS = (ROOT / "docs" / "service.md").read_text()
DOCKERFILE = (ROOT / "templates" / "service" / "Dockerfile").read_text()


def test_every_option_has_a_row_and_every_row_an_option() -> None:
    options = {
        option for action in _parser({})._actions for option in action.option_strings if option[:2] == "--"
    }
    rows = re.findall(r"^\| (`--[^|]*)\|", DOCS, re.MULTILINE)
    assert {option for row in rows for option in re.findall(r"`(--[a-z-]+)`", row)} == options - {"--help"}


def test_every_metric_is_named() -> None:
    families = re.findall(r"^# TYPE (costplan_service_\w+)", Metrics().text().decode(), re.MULTILINE)
    assert set(re.findall(r"`(costplan_service_\w+)", DOCS)) == set(families)


def test_every_backend_and_store_is_named() -> None:
    assert all(f"`{name}`" in DOCS for name in BACKENDS)
    assert all(f"`{scheme}://" in DOCS for scheme in STORES)


def test_every_endpoint_of_the_schema_is_listed(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    plain = {re.sub(r"/versions/\{version\}", "", path).replace("{name}", "NAME") for path in paths}
    for path in plain:
        tail = path.removeprefix("/v2/models/NAME")
        assert f"`GET {path}`" in DOCS or f"`POST {path}`" in DOCS or f"`...{tail}`" in DOCS, path


def test_the_example_reads_a_zero(digits: Process) -> None:
    (command,) = re.findall(r"^curl -s localhost:8080/predict .*$", DOCS, re.MULTILINE)
    body = shlex.split(command)[-1]
    reply = httpx.post(f"{digits.url}/predict", json=json.loads(body))
    assert reply.json()["digit"] == 0  # the first image of the data set, which is a 0


@pytest.mark.parametrize(
    "needed",
    ["USER 10001", "STOPSIGNAL SIGTERM", 'ENTRYPOINT ["python", "-m", "costplan.service"]', ":3.11-slim\n"],
)
def test_the_image_runs_the_service_without_rights(needed: str) -> None:
    assert needed in DOCKERFILE


def test_the_image_sets_only_options_that_exist() -> None:
    options = {option[2:] for action in _parser({})._actions for option in action.option_strings}
    named = {name.lower().replace("_", "-") for name in re.findall(r"COSTPLAN_SERVICE_([A-Z_]+)", DOCKERFILE)}
    assert named <= options
