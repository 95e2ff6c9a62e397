"""Every command with every option, and options in pairs: an answer or a refusal in words, nothing ignored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from command_files import write_command_files, write_kept_run, write_measured
from command_line import Ended, costplan

from costplan.cli.app import named_command
from costplan.cli.parameters import Option, Parameter, parameters_of
from costplan.cli.registry import COMMANDS, Group
from costplan.datafiles import data_folder

Capsys = pytest.CaptureFixture[str]

TINY = """\
scenario: tiny
title: A function and a store
workload:
  monthly_requests: {value: 1M, uncertain: {low: 500K, high: 3M}}
  request_duration: {value: 250 ms, assumed: a guess}
  slo: p95 <= 1 s
budget: {currency: RUB, total: 1000, parts: [{name: API, amount: 900, resources: [api]}]}
resources:
  api: {kind: cloud-function, role: inference, memory: 1 GB}
  store: {kind: object-storage, role: storage, size: 100 GB}
variants:
  big: {title: Twice the memory, set: {resources.api.memory: 2 GB}}
"""
CONTRACT = """\
service: object-storage
title: By contract
skus:
  - code: storage.bucket.used_space.standard
    name: Standard storage, by contract
    pricing_unit: GB*month
    prices:
      - effective_from: 2026-01-01
        source: a contract
        checked: 2026-09-01
        confidence: list
        rates: {RUB: 1.00}
"""
MACHINES = """\
service: compute
title: By contract
skus:
  - code: compute.vm.cpu.c100.v3
    name: vCPU, by contract
    pricing_unit: core*hour
    prices:
      - effective_from: 2026-01-01
        source: a contract
        checked: 2026-09-01
        confidence: list
        rates: {RUB: 0.10}
"""
POLICY = "policy: platform\nrules: [{name: cap, max_cost: 1 RUB}]\n"
USAGE = "workload: {monthly_requests: 5M, request_duration: 90 ms, response_size: 1 KB}\n"
QUOTAS = [{"quota_id": "serverless.memory.size", "limit": 1}]
OPTIONS: dict[str, str] = {
    "--format": "json",
    "--output": "answer.md",
    "--set": "resources.store.size=200 GB",
    "--requests": "2M",
    "--quotas": "quotas.json",
    "--workload": "usage.yaml",
    "--currency": "USD",
    "--as-of": "2026-09-15",
    "--catalog": str(data_folder("catalogs") / "yandex-cloud"),
    "--overlay": "contract",
    "--seed": "2",
    "--draws": "4K",
    "--variant": "big",
    "--plot": "picture.svg",
    "--max": "1",
    "--probability": "90%",
    "--from": "10K",
    "--to": "2M",
    "--points": "5",
    "--slo": "p95 <= 10 ms",
    "--swing": "10%",
    "--over": "resources.api.memory=1 GB,2 GB",
    "--budget": "1000RUB",
    "--zones": "2",
    "--quota": "gpu=1",
    "--commit": "y1",
    "--policy": "policy.yaml",
    "--base": "big.yaml",
    "--junit": "checks.xml",
    "--sarif": "checks.sarif",
    "--codequality": "quality.json",
    "--months": "3",
    "--start": "2027-01",
    "--growth": "20%",
    "--switching": "100RUB",
    "--hold": "2",
    "--total-budget": "9000",
    "--lang": "ru",
    "--date": "2026-11-01",
    "--assets": "pictures",
    "--instances": "standard-v3:2x4",
    "--utilisation": "50%",
    "--service": "compute",
    "--match": "gpu",
    "--assume": "standard-v3=3x",
    "--calibration": "reference.json",
    "--older-than": "9999d",
    "--model": "model.onnx",
    "--target": "triton-grpc",
    "--address": "10.0.0.5:8001",
    "--model-name": "digits",
    "--threads": "1",
    "--sessions": "2",
    "--provider": "cpu",
    "--rounds": "3",
    "--shape": "image=1x1x8x8",
    "--inputs": "inputs.npz",
    "--preprocess": "image",
    "--batch": "4",
    "--rate": "50",
    "--concurrency": "6",
    "--arrivals": "constant",
    "--duration": "7 s",
    "--timeout": "3 s",
    "--workers": "3",
    "--image": "own-image",
    "--run-id": "monday",
    "--claim": "own-volume",
    "--storage-class": "fast",
    "--namespace": "load",
    "--cpu": "4",
    "--memory": "3Gi",
    "--wait": "90 s",
    "--post": "gitlab",
    "--host": "gitlab.example.com",
    "--project": "1",
    "--request": "2",
    "--report": "https://ci.example/cost.html",
    "--key": "shop",
    "--annotations": "links.json",
    "--terraform-report": "counts.json",
    "--wheel": "wheels/own.whl",
    "--into": "my-prices",
}
"""A value for each option that takes one."""
COMMAND_OPTIONS = {
    ("bench show", "--as-of"): "2026-04-01",
    ("bench show", "--overlay"): "machines",
    ("catalog import", "--overlay"): "machines",
    ("timeline", "--budget"): "300",
    ("scenario new", "--from"): "stage2",
    ("scenario new", "--output"): "own.yaml",
    ("schema", "--output"): "own.json",
    ("bench cluster", "--output"): "job.yaml",
    ("terraform usage", "--output"): "own.yaml",
    ("terraform scenario", "--output"): "own.yaml",
    ("terraform redact", "--output"): "own.json",
    ("report", "--output"): "own.html",
    ("ci", "--output"): "own.yaml",
    ("curve", "--from"): "10K",
    ("catalog capacities", "--match"): "whisper",
}
LINES: dict[str, str] = {
    "estimate": "estimate tiny.yaml",
    "compare": "compare tiny.yaml",
    "diff": "diff tiny.yaml tiny.yaml:big",
    "explain": "explain tiny.yaml",
    "check": "check tiny.yaml",
    "curve": "curve tiny.yaml",
    "sensitivity": "sensitivity tiny.yaml --draws 256",
    "plan": "plan tiny.yaml",
    "timeline": "timeline tiny.yaml --months 2 --growth 10%",
    "report": "report tiny.yaml --brief -o -",
    "bench show": "bench show measured.json",
    "bench compare": "bench compare measured.json digits-onnxruntime",
    "bench list": "bench list",
    "bench clean": "bench clean",
    "bench cluster": "bench cluster --workers 2 --run-id load --rate 100 --model-name resnet"
    " --target triton-http --address http://triton.default.svc:8000",
    "bench merge": "bench merge run-a-00000.jsonl run-a-00001.jsonl",
    "catalog list": "catalog list --match storage",
    "catalog show": "catalog show storage.bucket.used_space.standard",
    "catalog diff": "catalog diff --from 2025-12-01",
    "catalog import": "catalog import skus.json",
    "catalog quotas": "catalog quotas",
    "catalog capacities": "catalog capacities --match yolov6s",
    "catalog verify": "catalog verify",
    "scenario list": "scenario list",
    "scenario kinds": "scenario kinds",
    "scenario kind": "scenario kind dns",
    "scenario show": "scenario show tiny.yaml",
    "scenario new": "scenario new shop",
    "terraform usage": "terraform usage plan.json",
    "terraform scenario": "terraform scenario plan.json",
    "terraform redact": "terraform redact plan.json",
    "note": "note tiny.yaml stage1",
    "ci": "ci gitlab tiny.yaml",
    "schema": "schema checks",
    "doctor": "doctor",
    "config": "config",
    "help": "help estimate",
    "version": "version",
}
"""Command -> a quick line of it."""
LEFT_OUT = {"bench", "bench export", "bench calibrate", "bench worker"}
"""Commands that measure or write for servers; their options are tried by the tests of the bench."""
OF_THE_MACHINE = {"--open", "--pdf", "--run", "--dry-run", "--context"}
"""Options that start another program."""
MAY_CHANGE_NOTHING = {
    "--force", "--strict", "--parts", "--catalog", "--quotas", "--commit",
    "--no-preemptible", "--within-quotas", "--assume-same-speed", "--points",
    "--quiet", "--page", "--hold", "--switching", "--html", "--zones", "--quota", "--per-million",
}  # fmt: skip
"""Options that matter only where something is so, like `--allow-...`: a file in the way, a move."""
SAY_WHAT_IS_SO = {
    ("check", "--currency"),
    ("report", "--brief"),
    ("diff", "--verbose"),
    ("report", "--md"),
    ("report", "--no-charts"),
    ("catalog quotas", "--overlay"),
    ("scenario show", "--overlay"),
    ("catalog import", "--date"),
}
"""An amount to check is in no line; a diff of two has nothing
folded away; the note is Markdown without charts; the contract has no quotas,
and no value of a scenario is a price: it is read and checked all the same. The day of an answer stands in
the files of the overlay."""
SEEN_WITH = {("bench show", "--utilisation"): "--verbose"}
"""Options about what only a fuller answer has: a planned load's cost is in no short one."""
STAGES = ("estimate", "compare", "explain", "check", "curve", "timeline", "sensitivity")
TELLING = (
    "--uncertain",
    "--plot",
    "--strict",
    "--variants",
    "--requests",
    "--currency",
    "--format",
    "--probability",
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_text(TINY, encoding="utf-8")
    Path("contract").mkdir()
    Path("contract/object-storage.yaml").write_text(CONTRACT, encoding="utf-8")
    Path("machines").mkdir()
    Path("machines/compute.yaml").write_text(MACHINES, encoding="utf-8")
    Path("quotas.json").write_text(json.dumps(QUOTAS), encoding="utf-8")
    Path("usage.yaml").write_text(USAGE, encoding="utf-8")
    Path("policy.yaml").write_text(POLICY, encoding="utf-8")
    write_command_files(Path())
    write_measured(Path())
    write_kept_run(tmp_path / "state")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def commands() -> list[str]:
    found = []
    for name, entry in COMMANDS.items():
        if isinstance(entry, Group):
            found += [f"{name} {word}" for word in entry.commands] + ([name] if entry.default else [])
        else:
            found.append(name)
    return found


def options_of(command: str) -> dict[str, Parameter]:
    named = named_command(command.split())
    assert named is not None
    found = [p for p in parameters_of(named[0]) if isinstance(p.marker, Option)]
    return {p.marker.names[0]: p for p in found if p.marker.names[0] not in OF_THE_MACHINE}


def words_of(command: str, name: str) -> list[str]:
    if options_of(command)[name].kind is bool:
        return [name]
    return [name, COMMAND_OPTIONS.get((command, name)) or OPTIONS[name]]


def pairs() -> Iterator[tuple[str, str, str]]:
    """Yield options that change what is answered with each other."""
    for command in STAGES:
        known = [name for name in TELLING if name in options_of(command)]
        yield from ((command, one, other) for one, other in combinations(known, 2))


def answered(capsys: Capsys, *words: str) -> Ended:
    """Run a line, and see that it ends with an answer or with a refusal in words."""
    ended = costplan(capsys, *words)
    line = " ".join(words)
    assert ended.code in (0, 1, 2), f"{line}: {ended.err}"
    assert "Traceback" not in ended.err, line
    if ended.code == 2:
        assert ended.out == "", line
        assert ended.err.strip(), line
    return ended


def test_every_command_is_tried() -> None:
    assert set(commands()) == set(LINES) | LEFT_OUT


@pytest.mark.parametrize("command", LINES)
def test_every_option_does_something_or_is_refused(capsys: Capsys, command: str) -> None:
    line = LINES[command].split()
    plain = answered(capsys, *line, *(["-o", "a.yaml"] if command == "scenario new" else []))
    assert plain.code in (0, 1), plain.err
    for name in options_of(command):
        more = SEEN_WITH.get((command, name), "").split()
        without = answered(capsys, *line, *more) if more else plain
        before = sorted(Path().iterdir())
        ended = answered(capsys, *line, *more, *words_of(command, name))
        if name.startswith("--allow-"):
            continue
        if ended.code == 2 or name in MAY_CHANGE_NOTHING or (command, name) in SAY_WHAT_IS_SO:
            continue
        assert ended != without or sorted(Path().iterdir()) != before, f"{command} {name} is ignored"


@pytest.mark.parametrize(("command", "one", "other"), list(pairs()))
def test_options_in_pairs_answer_or_are_refused(capsys: Capsys, command: str, one: str, other: str) -> None:
    ended = answered(capsys, *LINES[command].split(), *words_of(command, one), *words_of(command, other))
    if "--plot" in (one, other) and ended.code != 2:
        assert Path("picture.svg").read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("report tiny.yaml --no-charts", "--no-charts: only Markdown goes without its charts"),
        ("report tiny.yaml --html --assets x -o a.html", "--assets: only Markdown has its charts in files"),
        ("report tiny.yaml --md --no-charts --assets x", "with --no-charts there are no charts to put there"),
        ("report tiny.yaml --brief --assets x", "with --brief there are no charts to put there"),
        ("plan tiny.yaml --no-preemptible --allow-preemptible", "contradict each other"),
        ("estimate tiny.yaml --seed 2", "--seed and --draws are for --uncertain"),
        ("compare tiny.yaml --draws 1K", "--seed and --draws are for --uncertain"),
        ("check tiny.yaml --draws 1K", "--seed and --draws are for --probability"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(capsys: Capsys, line: str, said: str) -> None:
    ended = answered(capsys, *line.split())
    assert ended.code == 2
    assert said in ended.err


@pytest.mark.parametrize("command", STAGES)
def test_the_shipped_stages_answer_to_telling_options(capsys: Capsys, command: str) -> None:
    line = LINES[command].replace("tiny.yaml", "stage3").replace("--draws 256", "").split()
    for name in TELLING:
        if name in options_of(command):
            more = ["--draws", "256"] if name in ("--uncertain", "--probability") else []
            assert answered(capsys, *line, *words_of(command, name), *more).code in (0, 1), name
