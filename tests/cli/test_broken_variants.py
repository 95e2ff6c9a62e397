"""A variant that cannot stand alone is named and left out; the file itself is answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from costplan.cli.run import run

Capsys = pytest.CaptureFixture[str]
FILE = """
scenario: s
title: t
workload: {monthly_requests: 1M}
resources:
  a: {kind: dns, role: other}
  b: {kind: dns, role: other, talks_to: [a]}
variants:
  no-a: {title: without a, set: {resources.a: ~}}
  more: {title: more queries, set: {resources.a.queries: 5M}}
"""
WHY = "resources.b.talks_to[0]: there is no resource"


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "novar.yaml").write_text(FILE)
    return str(tmp_path / "novar.yaml")


def test_compare_leaves_it_out(file: str, capsys: Capsys) -> None:
    assert run(["compare", file, "--variants", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert [one["variants"] for one in json.loads(out)["scenarios"]] == [[], ["more"]]
    assert err.startswith(f"The variant `no-a` is left out: {WHY} `a`")


def test_the_report_leaves_it_out(file: str, tmp_path: Path, capsys: Capsys) -> None:
    assert run(["report", file, "-o", str(tmp_path / "r.md")]) == 0
    text = (tmp_path / "r.md").read_text().replace("\\", "")
    assert f"The variant `no-a` is left out: {WHY} `a`" in text
    assert "more queries" in text


def test_what_is_asked_for_by_name_is_refused_with_its_name(file: str, capsys: Capsys) -> None:
    assert run(["compare", f"{file}:no-a", file]) == 2
    assert "(with the variant `no-a`)" in capsys.readouterr().err


def test_a_file_that_is_wrong_itself_is_refused(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "wrong.yaml").write_text(FILE.replace("a: {kind: dns,", "a: {kind: dnss,", 1))
    assert run(["compare", str(tmp_path / "wrong.yaml"), "--variants"]) == 2
    assert "dnss" in capsys.readouterr().err
