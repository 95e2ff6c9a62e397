"""Every file of the corpus has the outcome that it declares, in two processor seconds and no traceback."""

from __future__ import annotations

import csv
import html
import io
import json
import math
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from amounts import THOROUGH
from corpus import Case, cases, written
from own_time import slowness

from costplan.messages.text import is_hidden

CASES = cases()

LEAST = {
    "yaml-types": 43,
    "money-exactness": 23,
    "duplicate-keys": 14,
    "alias-bombs": 19,
    "deep-nesting": 12,
    "size": 20,
    "bytes": 30,
    "tags-documents-keys": 24,
    "names": 69,
    "markdown": 30,
    "csv-export": 33,
    "numbers": 59,
    "paths": 69,
    "faults": 64,
    "command-line": 59,
    "uncertain": 9,
}
"""Fewest files of each family: a case may be changed for a better one, not dropped."""

MOST_SECONDS = 2
MOST_BYTES = 512 * 2**20
MOST_SAID = 40_000
"""Characters of an error: fifty faults, each with its line."""

ISOLATED = [
    case
    for number, case in enumerate(
        case for case in CASES if case.family in {"alias-bombs", "deep-nesting", "size"}
    )
    if number % (2 if THOROUGH else 8) == 0
]
"""Those that could bring a process down run in one of their own as well; in CI every second of them."""


def test_the_corpus_does_not_shrink() -> None:
    counts = Counter(case.family for case in CASES)
    assert {family: counts[family] for family in LEAST if counts[family] < LEAST[family]} == {}
    assert set(counts) == set(LEAST)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.family}/{case.name}")
def test_case_ends_as_it_declares(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from costplan.cli.run import run

    folder = tmp_path / "project"
    folder.mkdir()
    case.make(folder)
    monkeypatch.chdir(folder)
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "COSTPLAN_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    if case.standard_input is not None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(case.standard_input)))
    begun = time.process_time()
    code = run(case.arguments)
    took = time.process_time() - begun
    out, err = capsys.readouterr()
    check_outcome(case, code, out, err)
    assert took < MOST_SECONDS or took < MOST_SECONDS * slowness()


@pytest.mark.parametrize("case", ISOLATED, ids=lambda case: f"{case.family}/{case.name}")
def test_case_keeps_within_the_limits_of_a_process_of_its_own(case: Case, tmp_path: Path) -> None:
    case.make(tmp_path)
    seconds = math.ceil(MOST_SECONDS * slowness())
    ended = subprocess.run(
        [sys.executable, "-c", "from costplan.cli.entry import main; main()", *case.arguments],
        cwd=tmp_path,
        input=case.standard_input or b"",
        capture_output=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: _limit_the_process(seconds),
    )
    check_outcome(case, ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def _limit_the_process(seconds: int) -> None:
    """Processor seconds, so that a busy machine fails no test, and memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def check_outcome(case: Case, code: int, out: str, err: str) -> None:
    """Compare what came of a case with what it declares."""
    assert code == case.expect, err[:2000] or out[:2000]
    assert "Traceback" not in err
    assert "made a mistake" not in err
    assert [hex(ord(c)) for c in out + err if is_hidden(c) and c != "\n"] == []
    assert len(err) < MOST_SAID, err[:2000]
    _check_places(case, err)
    for piece in case.says:
        assert piece in err
    for piece in case.never:
        assert piece not in out + err
    if code == 2:
        assert out == ""
        assert case.says or case.at, "a case that is refused must declare what is said"
    if case.json:
        _check_json(case, json.loads(out))
    if case.csv:
        _check_csv(case, out)
    if "md" in case.run:
        _check_markdown(case, out)
    else:
        for piece in case.shows:
            assert piece in out


def _check_places(case: Case, err: str) -> None:
    lines = err.split("\n")
    for expected in case.at:
        place, _, words = expected.partition(" ")
        begin = f"{case.file}:{place}: "
        found = next((n for n, line in enumerate(lines) if line.startswith(begin) and words in line), None)
        assert found is not None, f"`{expected}` is not said, or not in this order:\n{err}"
        lines = lines[found + 1 :]


def _check_json(case: Case, document: Any) -> None:
    for expected in case.json:
        path, _, value = expected.partition(" = ")
        found = document
        for step in path.split("."):
            found = found[int(step)] if isinstance(found, list) else found[step]
        assert found == (written(value) if isinstance(found, str) else json.loads(value)), path


def _check_csv(case: Case, text: str) -> None:
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for expected in case.csv:
        path, _, value = expected.partition(" = ")
        number, _, column = path.partition(".")
        assert rows[int(number) - 1][column] == written(value), path
        assert None not in rows[int(number) - 1], "more cells than headings"


def _check_markdown(case: Case, text: str) -> None:
    from markdown_it import MarkdownIt

    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    tags = set(re.findall(r"<(/?[A-Za-z!?][^\s>]*)", page))
    allowed = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "strong", "ul", "li"}
    assert {tag.strip("/") for tag in tags} <= allowed
    cells = [
        html.unescape(re.sub("<[^>]*>", "", found)).replace("\xa0", " ").strip()
        for found in re.findall(r"<(?:td|th|h2|li)(?: [^>]*)?>(.*?)</(?:td|th|h2|li)>", page, re.DOTALL)
    ]
    widths = {row.count("<td") + row.count("<th") for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)}
    assert widths <= {5, 3, 2}
    for piece in case.shows:
        assert piece in [cell.replace("\u200b", "") for cell in cells]
