"""Markdown of the report: tables stay tables, texts stay texts, charts are files or left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from report_inputs import evil_report, report_data, report_data_of

from costplan.cli.run import run
from costplan.language.translator import Translator
from costplan.report.blocks import Chart, Live, Table
from costplan.report.document import build_report
from costplan.report.renderers.markdown import render

WORDS = Translator()


def html_of(text: str) -> str:
    """Render as GitHub and GitLab do: tables, and HTML as it stands."""
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(text)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_table_of_the_content_is_a_table_of_its_size(language: str) -> None:
    words = Translator(language)
    content = build_report(report_data(), words)
    blocks = [block for section in content.sections for block in section.blocks]
    wanted = [b.table if isinstance(b, Chart | Live) else b for b in blocks]
    sizes = [len(found.rows) + 1 for found in wanted if isinstance(found, Table)]
    rendered = re.findall(r"<table>(.*?)</table>", html_of(render(content)), re.DOTALL)
    figures, *others = [len(re.findall("<tr>", table)) for table in rendered]
    # the big numbers: a name, the cost, the load, per million, the SLO, whether it works, the budget
    assert figures == 1 + 6
    assert others == sizes


def test_hostile_texts_make_no_markup() -> None:
    rendered = html_of(render(evil_report()))
    assert "<script" not in rendered
    assert "<img" not in rendered
    assert "<a " not in rendered
    assert "\u202e" not in rendered
    assert rendered.count("<table>") == 3  # the two of the report, and the big numbers


def test_a_fence_is_longer_than_any_in_the_text(tmp_path: Path) -> None:
    scenario = """\
# ```
# ````md
scenario: fence
title: Fence
workload: {monthly_requests: 1M}
resources:
  it: {kind: fixed-cost, role: other, amounts: {RUB: 1}, source: "`````"}
"""
    text = render(build_report(report_data_of(tmp_path, scenario), WORDS))
    assert f"``````\n{scenario.rstrip()}\n``````" in text


def test_a_name_with_bars_and_backticks_stays_in_its_cell(tmp_path: Path) -> None:
    scenario = """\
scenario: bars
title: "a | b `c` <b> [d](e) # f"
workload: {monthly_requests: {value: 1M, assumed: "x | y `z`"}}
resources:
  it: {kind: fixed-cost, role: other, title: "| `", amounts: {RUB: 1}, source: "s | t"}
"""
    rendered = html_of(render(build_report(report_data_of(tmp_path, scenario), WORDS)))
    assert "<b>" not in rendered
    assert "<td>x | y `z`</td>" in rendered
    assert "<td>| `</td>" in rendered


def test_charts_are_files_beside_the_document_and_are_named_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    assert run(["report", "stage1", "--md", "-o", "out/my report.md"]) == 0
    text = (tmp_path / "out/my report.md").read_text(encoding="utf-8")
    links = re.findall(r"!\[[^]]*\]\(<([^>]*)>\)", text)
    assert sorted(links) == [
        "my%20report-charts/bill-stage1.svg",
        "my%20report-charts/budget-stage1.svg",
        "my%20report-charts/chances-stage1.svg",
        "my%20report-charts/latency-resnet50-service.svg",
        "my%20report-charts/months.svg",
        "my%20report-charts/scaling.svg",
        "my%20report-charts/spent.svg",
        "my%20report-charts/spread-stage1.svg",
        "my%20report-charts/tornado-stage1.svg",
    ]
    for link in links:
        picture = (tmp_path / "out" / link.replace("%20", " ")).read_text(encoding="utf-8")
        assert picture.startswith("<?xml")
        assert "<svg" in picture


def test_charts_go_where_the_user_says_or_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["report", "stage1", "--md", "-o", "a.md", "--assets", "pictures"]) == 0
    assert "](<pictures/bill-stage1.svg>)" in Path("a.md").read_text(encoding="utf-8")
    assert run(["report", "stage1", "--md", "-o", "b.md", "--no-charts"]) == 0
    assert "![" not in Path("b.md").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "b.md", "pictures"]


def test_architecture_is_mermaid() -> None:
    text = render(build_report(report_data(), WORDS))
    assert len(re.findall(r"```mermaid\nflowchart LR\n", text)) == 3
