"""The ending of `-o FILE` says the format, in every command that writes a file."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from command_files import write_command_files
from command_line import costplan

from costplan.cli.app import named_command
from costplan.cli.parameters import Option, parameters_of
from costplan.cli.registry import COMMANDS, Group
from costplan.output.formats import ENDINGS, RENDERERS

Capsys = pytest.CaptureFixture[str]

TINY = """\
scenario: tiny
title: A store
workload: {monthly_requests: {value: 1M, assumed: a guess}, request_duration: 10 ms}
resources:
  store: {kind: object-storage, role: storage, size: 100 GB}
  api: {kind: cloud-function, role: inference, memory: 128 MB}
"""


def is_json(data: bytes) -> bool:
    return isinstance(json.loads(data), dict)


def is_csv(data: bytes) -> bool:
    text = data.decode()
    rows = list(csv.reader(io.StringIO(text)))
    return len(rows) > 0 and len({len(row) for row in rows}) == 1 and not text.startswith(("{", "#"))


def is_markdown(data: bytes) -> bool:
    return data.startswith((b"## ", b"# "))


def is_table(data: bytes) -> bool:
    return not data.startswith((b"#", b"{", b"<"))


def is_json_lines(data: bytes) -> bool:
    """No row, no line: a verified catalog has no findings."""
    return all(isinstance(json.loads(line), dict) for line in data.splitlines())


def is_html(data: bytes) -> bool:
    return data.startswith(b"<!doctype html>")


def is_scenario(data: bytes) -> bool:
    return b"\nextends: " in data


def is_usage(data: bytes) -> bool:
    return set(yaml.safe_load(data)) == {"workload", "usage"}


def is_whole_scenario(data: bytes) -> bool:
    return {"scenario", "title", "workload", "resources"} <= set(yaml.safe_load(data))


def is_manifest(data: bytes) -> bool:
    return [one["kind"] for one in yaml.safe_load_all(data)] == ["PersistentVolumeClaim", "Job"]


def is_note(data: bytes) -> bool:
    return data.startswith(b"<!-- costplan note: ")


def is_pipeline(data: bytes) -> bool:
    return "cost" in yaml.safe_load(data)


def is_workbook(data: bytes) -> bool:
    return "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()


def is_parquet(data: bytes) -> bool:
    return data.startswith(b"PAR1") and data.endswith(b"PAR1")


CONTENT: dict[str, Callable[[bytes], bool]] = {
    ".json": is_json,
    ".csv": is_csv,
    ".md": is_markdown,
    ".txt": is_table,
    ".xlsx": is_workbook,
    ".parquet": is_parquet,
    ".jsonl": is_json_lines,
    ".html": is_html,
    ".htm": is_html,
    ".yaml": is_scenario,
    ".yml": is_scenario,
}
OF_COMMAND = {
    "terraform usage": is_usage,
    "terraform scenario": is_whole_scenario,
    "bench cluster": is_manifest,
    "note": is_note,
    "ci": is_pipeline,
}
"""Command -> what its YAML is, where that is no change to a scenario."""
FORMS = (".json", ".csv", ".md", ".txt", ".jsonl", ".xlsx", ".parquet")
LINES: dict[str, tuple[str, tuple[str, ...]]] = {
    "estimate": ("estimate tiny.yaml", FORMS),
    "compare": ("compare tiny.yaml stage1", FORMS),
    "diff": ("diff tiny.yaml stage1", FORMS),
    "explain": ("explain tiny.yaml", FORMS),
    "check": ("check tiny.yaml --max 1000000", FORMS),
    "curve": ("curve tiny.yaml", FORMS),
    "sensitivity": ("sensitivity tiny.yaml --draws 1K", FORMS),
    "plan": ("plan stage1", (*FORMS, ".yaml", ".yml")),
    "timeline": ("timeline tiny.yaml --months 2 --growth 1%", FORMS),
    "report": ("report tiny.yaml --date 2026-11-01", (".html", ".htm")),
    "bench": ("bench", ()),  # known endings measure, which the tests of the bench do
    "bench show": ("bench show digits-service", FORMS),
    "bench compare": ("bench compare digits-service digits-onnxruntime", FORMS),
    "bench list": ("bench list", FORMS),
    "bench cluster": (
        "bench cluster --workers 2 --run-id load --rate 100 --model-name resnet"
        " --target triton-http --address http://triton.default.svc:8000",
        (".yaml", ".yml"),
    ),
    "bench merge": ("bench merge run-a-00000.jsonl run-a-00001.jsonl", FORMS),
    "bench calibrate": ("bench calibrate standard-v3", ()),
    "catalog list": ("catalog list --match t4", FORMS),
    "catalog show": ("catalog show network.egress.inet", FORMS),
    "catalog diff": ("catalog diff --from 2026-05-01", FORMS),
    "catalog quotas": ("catalog quotas --match gpu-t4", FORMS),
    "catalog capacities": ("catalog capacities --match yolov6s", FORMS),
    "catalog verify": ("catalog verify", FORMS),
    "scenario list": ("scenario list", FORMS),
    "scenario kinds": ("scenario kinds", FORMS),
    "scenario kind": ("scenario kind dns", FORMS),
    "scenario show": ("scenario show tiny.yaml", FORMS),
    "scenario new": ("scenario new shop", (".yaml", ".yml")),
    "terraform usage": ("terraform usage plan.json", (".yaml", ".yml")),
    "terraform scenario": ("terraform scenario plan.json", (".yaml", ".yml")),
    "terraform redact": ("terraform redact plan.json", (".json",)),
    "note": ("note tiny.yaml stage1", (".md",)),
    "ci": ("ci gitlab tiny.yaml", (".yaml", ".yml")),
    "schema": ("schema estimate", (".json",)),
    "doctor": ("doctor", FORMS),
    "config": ("config", FORMS),
}
"""Command -> a quick line of it, and the endings that it writes."""
FULLER = "details: costplan bench show -v {file}"
FOLLOWED = {
    ("bench show", ".json"): FULLER,
    ("bench merge", ".json"): FULLER,
    "bench cluster": "next: kubectl apply -f {file}; when the Job is complete: kubectl logs"
    " -l batch.kubernetes.io/job-name=load,batch.kubernetes.io/job-completion-index=0 --tail=-1"
    " | tail -n 1 > result.json",
    "scenario new": "put your own values where it says `yours?`; then `costplan estimate {file}`",
}
"""Command, or one that writes such a file -> what to do with it; others say nothing more."""
UNKNOWN = (".xls", ".docx", ".jsn", ".json.bak", "")


@pytest.fixture(autouse=True)
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return all files that are there before a command runs."""
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_text(TINY, encoding="utf-8")
    write_command_files(Path())
    return sorted(Path().iterdir())


def commands() -> list[str]:
    found = []
    for name, entry in COMMANDS.items():
        if isinstance(entry, Group):
            found += [f"{name} {word}" for word in entry.commands] + ([name] if entry.default else [])
        else:
            found.append(name)
    return found


def options_of(command: str) -> set[str]:
    named = named_command(command.split())
    assert named is not None
    markers = [found.marker for found in parameters_of(named[0])]
    return {name for marker in markers if isinstance(marker, Option) for name in marker.names}


def test_every_command_that_writes_a_file_is_tried_here() -> None:
    assert {command for command in commands() if "--output" in options_of(command)} == set(LINES)


@pytest.mark.parametrize(
    ("command", "ending"), [(command, ending) for command, (_, known) in LINES.items() for ending in known]
)
def test_the_ending_decides_the_format(capsys: Capsys, command: str, ending: str) -> None:
    line, _ = LINES[command]
    ended = costplan(capsys, *line.split(), "-o", f"answer{ending}")
    assert ended.code == 0, ended.err
    first, *more = ended.err.splitlines()
    assert first == f"wrote answer{ending}"
    followed = FOLLOWED.get(command) or FOLLOWED.get((command, ending))
    assert more == ([followed.format(file=f"answer{ending}")] if followed else [])
    is_right = OF_COMMAND.get(command, CONTENT[ending])
    assert is_right(Path(f"answer{ending}").read_bytes())


@pytest.mark.parametrize("ending", UNKNOWN)
@pytest.mark.parametrize("command", LINES)
def test_an_unknown_ending_is_refused_and_the_known_ones_are_named(
    capsys: Capsys, command: str, ending: str, inputs: list[Path]
) -> None:
    line, known = LINES[command]
    ended = costplan(capsys, *line.split(), "-o", f"answer{ending}")
    assert (ended.code, ended.out) == (2, "")
    assert f"`answer{ending}` {'ends in ' if ending else 'has no ending'}" in ended.err
    assert all(one in ended.err for one in known)
    assert sorted(Path().iterdir()) == inputs


@pytest.mark.parametrize("command", [c for c, (_, known) in LINES.items() if ".html" not in known])
def test_only_a_report_is_html(capsys: Capsys, command: str) -> None:
    ended = costplan(capsys, *LINES[command][0].split(), "-o", "answer.html")
    assert ended.code == 2
    assert "`answer.html` ends in .html" in ended.err


@pytest.mark.parametrize("command", LINES)
def test_a_folder_is_no_file_to_write(capsys: Capsys, command: str, inputs: list[Path]) -> None:
    """`nodir/` must not become a file `nodir`, nor `answer.json/` one that is called so."""
    line, _ = LINES[command]
    for place in ("nodir/", "answer.json/"):
        for written in (("-o", place), (f"-o{place}",), (f"--output={place}",)):
            ended = costplan(capsys, *line.split(), *written)
            assert (ended.code, ended.out) == (2, "")
            assert f"`{place}`" in ended.err
            assert "folder" in ended.err
    assert sorted(Path().iterdir()) == inputs


@pytest.mark.parametrize("command", LINES)
def test_a_missing_folder_is_named(capsys: Capsys, command: str) -> None:
    line, known = LINES[command]
    ended = costplan(capsys, *line.split(), "-o", f"missing/answer{(*known, '.json')[0]}")
    assert ended.code == 2
    assert ended.err.endswith("there is no folder `missing`\n")


@pytest.mark.parametrize("form", RENDERERS)
@pytest.mark.parametrize(
    "command", [c for c in LINES if "--format" in options_of(c) and LINES[c][1] and c != "bench show"]
)
def test_a_format_that_contradicts_the_ending_is_refused(capsys: Capsys, command: str, form: str) -> None:
    line, _ = LINES[command]
    for ending, name in ENDINGS.items():
        ended = costplan(capsys, *line.split(), "--format", form, "-o", f"{form}{ending}")
        if name == form:
            assert ended.code == 0, ended.err
            continue
        assert ended.code == 2
        assert ended.err.startswith(f"--format {form} and the ending of `{form}{ending}` contradict")
        assert f"ends in {RENDERERS[form].ending}\n" in ended.err


def test_a_format_says_what_a_file_without_an_ending_holds(capsys: Capsys) -> None:
    assert costplan(capsys, "estimate", "tiny.yaml", "--format", "json", "-o", "answer").code == 0
    assert is_json(Path("answer").read_bytes())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--md -o x.html", "--md and the ending of `x.html` contradict each other"),
        ("--html -o x.pdf", "--html and the ending of `x.pdf` contradict each other"),
        ("--brief -o x.html", "--brief is Markdown only"),
        ("-o nodir", "`nodir` has no ending; the ending says the format: .html, .htm, .md, .pdf"),
    ],
)
def test_a_report_in_another_form_than_its_ending_is_refused(capsys: Capsys, options: str, said: str) -> None:
    ended = costplan(capsys, "report", "tiny.yaml", *options.split())
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


@pytest.mark.parametrize("ending", [".JSON", ".Csv"])
def test_case_of_an_ending_does_not_matter(capsys: Capsys, ending: str) -> None:
    assert costplan(capsys, "estimate", "tiny.yaml", "-o", f"answer{ending}").code == 0
    assert CONTENT[ending.lower()](Path(f"answer{ending}").read_bytes())


def test_a_picture_is_no_folder(capsys: Capsys) -> None:
    ended = costplan(capsys, "estimate", "tiny.yaml", "--plot", "bill.svg/")
    assert ended.code == 2
    assert ended.err == "`bill.svg/` is a folder, not a file\n  hint: name a file in it\n"
