"""Paths that the system does not reach, folders that are gone, outputs that take nothing, other encodings."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from command_line import command, costplan, environment

Capsys = pytest.CaptureFixture[str]

LONG = "x" * 300
PATHS = [LONG, f"{LONG}.json", "loop", "loop/x.json"]
LINES = [
    "estimate ./{}",
    "estimate stage1 --overlay {}",
    "estimate stage1 --catalog {}",
    "estimate stage1 --quotas {}",
    "estimate stage1 --set workload.arrivals.log={}",
    "estimate stage1 -o {}",
    "estimate stage1 --plot {}/x.svg",
    "plan stage1 -o {}",
    "report stage1 -o {}",
    "report stage1 --md -o a.md --assets {}",
    "catalog verify --overlay {}",
    "scenario new a -o {}",
    "schema estimate -o {}",
    "bench --model {}",
    "bench --arrivals {}",
    "bench --calibration {}",
    "bench --npz {} --target onnxruntime",
    "bench show {}",
    "bench export --triton {}",
    "bench export --tfserving out --saved-model {}",
]
UNICORN = """\
scenario: s
title: "Unicorn \U0001f984 Единорог"
workload: {monthly_requests: 1M}
resources: {a: {kind: fixed-cost, role: other, amounts: {RUB: 5}, source: an invoice}}
"""
LOCALES = [
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""},
    {"PYTHONIOENCODING": "cp1251"},
    {"PYTHONIOENCODING": "koi8-r"},
]


@pytest.mark.parametrize("path", PATHS, ids=["long", "long.json", "loop", "below-loop"])
@pytest.mark.parametrize("line", LINES)
def test_a_path_that_is_not_reached_is_a_sentence(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")
    ended = costplan(capsys, *line.format(path).split())
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err
    assert "made a mistake" not in ended.err
    assert ended.err.strip()


@pytest.mark.parametrize("line", ["estimate stage1", "scenario new a"])
def test_a_working_folder_that_is_gone_is_a_sentence(tmp_path: Path, line: str) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    ended = subprocess.run(
        ["/bin/sh", "-c", 'rmdir "$0"; exec "$@"', str(gone), *command(*line.split())],
        cwd=gone, env=environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "made a mistake" not in ended.stderr


def shell(line: str, folder: Path) -> tuple[int, str]:
    words = " ".join(f"'{word}'" for word in command())
    ended = subprocess.run(
        ["/bin/sh", "-c", line.replace("costplan", words, 1)],
        cwd=folder, env=environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("line", ["--help", "--version", "estimate --help", "estimate stage1"])
def test_an_answer_that_cannot_be_written_is_2(tmp_path: Path, line: str) -> None:
    code, err = shell(f"costplan {line} >/dev/full", tmp_path)
    assert (code, err) == (2, "cannot write to standard output: No space left on device\n")


def test_a_version_that_has_nowhere_to_go_is_2(tmp_path: Path) -> None:
    code, err = shell("costplan --version >&-", tmp_path)
    assert (code, err) == (2, "cannot write to standard output: it is closed\n")


@pytest.mark.parametrize(
    ("line", "code"), [("estimate stage1 -o x.json", 0), ("estimate stage1", 0), ("estimate nothing", 2)]
)
def test_talk_that_cannot_be_written_changes_no_answer(tmp_path: Path, line: str, code: int) -> None:
    assert shell(f"costplan {line} 2>/dev/full", tmp_path)[0] == code
    assert (tmp_path / "x.json").exists() == ("-o" in line)


@pytest.mark.parametrize("locale", LOCALES, ids=["ascii", "cp1251", "koi8-r"])
def test_data_is_utf_8_whatever_the_locale(tmp_path: Path, locale: dict[str, str]) -> None:
    (tmp_path / "s.yaml").write_text(UNICORN, encoding="utf-8")
    kept = {name: value for name, value in environment(locale).items() if value or name not in locale}

    def asked(*words: str) -> bytes:
        return subprocess.run(
            command(*words), cwd=tmp_path, env=kept, capture_output=True, timeout=120, check=True
        ).stdout

    assert json.loads(asked("estimate", "./s.yaml", "--format", "json"))["title"]["en"].startswith(
        "Unicorn \U0001f984"
    )
    assert "Unicorn \U0001f984 Единорог" in asked("estimate", "./s.yaml", "--format", "md").decode()
    page = asked("report", "./s.yaml", "--lang", "ru", "-o", "-").decode()
    assert '<meta charset="utf-8">' in page
    assert "Unicorn \U0001f984 Единорог" in page
