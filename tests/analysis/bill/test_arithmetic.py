"""How quantities of a bill come about: what is written is what was computed."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from command_line import costplan

Capsys = pytest.CaptureFixture[str]
SCENARIO = """\
scenario: ocr
title: Reads pages
workload: {monthly_requests: 300K, request_duration: 400 ms, response_size: 3 MB, log_size: 2 KB,
           log_retention: 3 days, arrivals: {peak_factor: 3}}
resources:
  api: {kind: serverless-container, role: inference, vcpu: 1, memory: 512 MB}
  worker: {kind: compute-instance, role: compute, platform: standard-v3, vcpu: 2, memory: 4 GB, hours: 200 h,
           disks: [{type: network-ssd, size: 20 GB}], capacity: {requests_per_second: 1}}
  logs: {kind: logging, role: logs}
  network: {kind: network, role: network}
  people: {kind: fixed-cost, role: other, amounts: {RUB: 5}, source: a contract}
"""
INNERMOST = re.compile(r"\(([^()]*?)(, rounded up| rounded up to ([\d.,]+)(?: \w+)?)?\)")


def lines(capsys: Capsys, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(costplan(capsys, "explain", *words, "-f", "json").out)["lines"]
    return found


def value(expression: str) -> Fraction:
    """Work an expression out from its digits alone; units are words."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", expression)
    while found := INNERMOST.search(plain):
        inside = _sum(found[1])
        if found[2]:
            step = Fraction(found[3] or 1)
            inside = ceil(inside / step) * step
        plain = f"{plain[: found.start()]}{inside.numerator}:{inside.denominator}{plain[found.end() :]}"
    return _sum(plain)


def _sum(text: str) -> Fraction:
    first, *signed = re.split(r" ([+-]) ", text)
    pairs = zip(signed[::2], signed[1::2], strict=True)
    return _product(first) + sum(_product(part) * (1 if sign == "+" else -1) for sign, part in pairs)


def _product(text: str) -> Fraction:
    first, *rest = re.split(r" ([x/]) ", text)
    result = _number(first)
    for sign, part in zip(rest[::2], rest[1::2], strict=True):
        result = result * _number(part) if sign == "x" else result / _number(part)
    return result


def _number(text: str) -> Fraction:
    found = re.match(r"-?[\d.]+(:\d+)?", text.strip())
    assert found is not None, text
    above, _, below = found[0].partition(":")
    return Fraction(above) / Fraction(below or 1)


def test_a_quantity_is_taken_apart_to_the_numbers_of_the_scenario(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "ocr.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    found = {(one["resource"], one["line"]["sku"]): one for one in lines(capsys, str(path))}
    cores = found["api", "serverless.containers.compute.cpu"]
    # 300,000 x 0.4 s are 120,000 s, that is 33 1/3 hours of one core.
    assert cores["arithmetic"] == {
        "expression": "300,000 requests x 1 vCPU x 0.4 s / 3,600",
        "inputs": [
            {"path": "workload.monthly_requests", "value": "300,000 requests"},
            {"path": "workload.request_duration", "value": "0.4 s"},
            {"path": "resources.api.vcpu", "value": "1 vCPU"},
        ],
    }
    assert cores["line"]["quantity"] == "33.333333333333"
    egress = found["network", "network.egress.inet"]
    assert egress["arithmetic"]["expression"] == "300,000 requests x 3 MB / 1,024"
    assert found["worker", "nbs.network-nvme.allocated"]["arithmetic"]["expression"].endswith("720 h")
    assert found["people", "fixed-cost"]["arithmetic"] is None
    shown = costplan(capsys, "explain", str(path), "api").out
    assert "quantity: 300,000 requests x 1 vCPU x 0.4 s / 3,600 = 33.3333 core*hour\n" in shown
    assert "from: workload.monthly_requests = 300,000 requests; workload.request_duration = 0.4 s; " in shown


@pytest.mark.parametrize(
    "words", ["stage1", "stage2", "stage3", "stage1 --requests 7", "stage3 --set hours_per_month=730"]
)
def test_what_is_written_gives_the_quantity_again(capsys: Capsys, words: str) -> None:
    written = 0
    for one in lines(capsys, *words.split()):
        how = one["arithmetic"]
        if how is None or not how["expression"]:
            continue
        quantity = Fraction(one["line"]["quantity"])
        # Inputs are written to six digits.
        assert abs(value(how["expression"]) - quantity) <= abs(quantity) / 10_000, how["expression"]
        written += 1
    assert written >= 8


def test_inputs_are_where_the_scenario_has_them(capsys: Capsys) -> None:
    for one in lines(capsys, "stage3"):
        for found in (one["arithmetic"] or {"inputs": []})["inputs"]:
            assert found["path"].startswith(("workload.", "resources.", "hours_per_month"))


def test_a_long_sum_is_not_written_out_and_its_inputs_are_named(capsys: Capsys, tmp_path: Path) -> None:
    """Machines that follow the hours of a week: a term for each of a dozen loads, in brackets, too."""
    path = tmp_path / "busy.yaml"
    busy = SCENARIO.replace("300K", "40M").replace("{peak_factor: 3}", "{profile: consumer-evening}")
    path.write_text(busy.replace("{requests_per_second: 1}", "{requests_per_second: 1, scaling: scheduled}"))
    cores, memory, disk = lines(capsys, str(path), "worker")
    for line in (cores, memory, disk):
        assert line["arithmetic"]["expression"] == ""
        assert "workload.monthly_requests" in {one["path"] for one in line["arithmetic"]["inputs"]}


def test_a_formula_is_said_in_the_language_of_the_answer(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "ocr.yaml"
    path.write_text(SCENARIO)
    said = costplan(capsys, "explain", str(path), "--lang", "ru").out.replace("\u00a0", " ")
    assert "количество: 300 000 запросов x 1 vCPU x 0,4 с / 3 600 = 33,3333 ядро·ч" in said
    assert "workload.log_retention = 3 дн." in said
    assert "requests" not in re.sub(r"[a-z_]+\.[a-z_.]+", "", said)
