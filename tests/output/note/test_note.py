"""The note: what it says first, that it stays small, and that no name in it does anything.

Read back by cmark-gfm, GitHub's own reader of Markdown, and by html5lib.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import cmarkgfm
import html5lib
import jsonschema
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from costplan.analysis.diff.documents import Diff, ResourceDiff
from costplan.inputs.bundles import Changes, Layers
from costplan.inputs.diff.ask import diff_of
from costplan.inputs.diff.request import DiffRequest
from costplan.language.translator import ENGLISH
from costplan.messages.errors import InputError
from costplan.messages.text import visible
from costplan.output.note.gitlab_reports import annotations_text, report_address, terraform_text
from costplan.output.note.inert import code, plain
from costplan.output.note.note import NoteParts, note_text
from costplan.output.views.view import Cell
from costplan.posting.marker import is_marked, marker_of

MARKER = marker_of("shop")
SCENARIO = """\
scenario: shop
title: A shop
workload: {monthly_requests: 1M}
resources:
"""
COST = "  %s: {kind: fixed-cost, role: other, amounts: {RUB: %s}, source: an invoice}\n"
HOSTILE = [
    "a|b", "`a`", "``", "a``b`", "a\\|b", "\\", "*bold*", "_x_", "~~s~~", "[x](https://evil.example)",
    "![x](y)", "<script>alert(1)</script>", "</details>", "<!-- x -->", "-->", "@everyone", "@here",
    "a @octocat b", "#12", "acme/shop#12", "!12", "GH-12", "gh-7", "$12", "%12", '%"a milestone"', "~label",
    "&12", "^alert#1", "*iteration:1", "[vulnerability:1]", "https://github.com/acme/shop/issues/1",
    "www.evil.example", "somebody@evil.example", ":tada:", "&lt;b&gt;", "&#64;all", "\u202egpj.exe",
    "a\u200bb", "\x1b[31mred", "a\nb", "a\r\n/close\n", "/close", "  two  blanks ", "$x^2$", "==x==",
    "1. a", "- a", "# a", "> a", "| a |", "=cmd()", "e" * 5000, "@" * 5000, "|" * 5000, "`" * 5000,
    "\u044e\u043d\u0438\u043a\u043e\u0434", "\u65e5\u672c\u8a9e",
]  # fmt: skip
TAGS = (
    "html", "head", "body", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "sub", "ul",
    "li",
)  # fmt: skip
ACTIVE = re.compile(r"(?<![\w/.])@[A-Za-z0-9]|[#!$~^]\d|GH-\d|%\d|&\d|(?<!\w):\w+:", re.IGNORECASE)
"""What GitHub and GitLab look for in what came of the Markdown."""


def diff(tmp_path: Path, old: str, new: str) -> Diff:
    names = []
    for name, text in (("old", old), ("new", new)):
        path = tmp_path / f"{name}.yaml"
        path.write_text(SCENARIO + text, encoding="utf-8")
        names.append(str(path))
    return diff_of(DiffRequest(tuple(names)), Layers(), Changes())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Diff:
    """100 to 150 for the one, 10 to nothing for the other, 20 for a third."""
    folder = tmp_path_factory.mktemp("small")
    old, new = COST % ("licence", 100) + COST % ("mail", 10), COST % ("licence", 150) + COST % ("maps", 20)
    return diff(folder, old, new)


def note(found: Diff, **parts: Any) -> str:
    return note_text(found, NoteParts(MARKER, **parts), ENGLISH)


def page(text: str) -> Element:
    """Read a note as GitHub does."""
    html = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return html5lib.parse(html, namespaceHTMLElements=False)


def texts(element: Element, *, in_code: bool = False) -> Iterator[str]:
    """Give the texts of a page, those in code too or not."""
    if element.tag == "code" and not in_code:
        return
    if element.text and isinstance(element.tag, str):
        yield element.text
    for child in element:
        yield from texts(child, in_code=in_code)
        if child.tail:
            yield child.tail


def cells(found: Element) -> list[list[str]]:
    """Return the rows of all tables, without the spaces that have no width."""
    rows = [[*row.iter("td")] for row in found.iter("tr")]
    return [["".join(texts(cell, in_code=True)).replace("\u200b", "") for cell in row] for row in rows if row]


def many(found: Diff, names: list[str]) -> Diff:
    """The same diff with a resource for each name, each 1 dearer."""
    first = next(one for one in found.resources if one.change == "changed")
    made = [replace(first, name=name, old_name=name, delta=Decimal(1)) for name in names]
    return replace(found, resources=tuple(made), delta=Decimal(len(made)))


def test_the_first_line_that_is_read_says_what_it_comes_to(small: Diff) -> None:
    lines = note(small).split("\n")
    assert is_marked(note(small), MARKER)
    # 150 + 20 less 100 + 10 is 60; 60 of 110 is 54.5 %.
    assert lines[2] == "**+60.00 RUB a month (+54.5%)**: 110.00 -&gt; 170.00"


def test_the_table_has_what_changed_most_first_and_the_totals(small: Diff) -> None:
    assert cells(page(note(small))) == [
        ["licence", "price", "100.00", "150.00", "+50.00"],
        ["maps", "added", "-", "20.00", "+20.00"],
        ["mail", "removed", "10.00", "-", "-10.00"],
        ["total", "", "110.00", "170.00", "+60.00"],
    ]


def test_nothing_changed_is_one_line(tmp_path: Path) -> None:
    same = COST % ("licence", 100)
    text = note(diff(tmp_path, same, same))
    assert "**no change of the cost**: 100.00 RUB" in text
    assert cells(page(text)) == []


def test_the_small_changes_are_folded_and_said_together(small: Diff) -> None:
    found = page(note(many(small, [f"r{number}" for number in range(25)])))
    (fold,) = found.iter("details")
    assert [one.text for one in fold.iter("summary")] == ["15 smaller changes"]
    assert len(cells(fold)) == 15
    rows = cells(found)
    assert [row[0] for row in rows[:10]] == [f"r{number}" for number in range(10)]
    assert rows[10] == ["and 15 more", "together", "", "", "+15.00"]


@pytest.mark.parametrize("width", [4, 90, 5000])
def test_ten_thousand_changes_stay_below_what_sites_take(small: Diff, width: int) -> None:
    tail = "@|`#1" * (width // 5)
    names = [f"{number}{HOSTILE[number % len(HOSTILE)]}"[:width] + tail for number in range(10_000)]
    findings = [Cell(f"{name[:60]} is too dear", "bad") for name in names[:3000]]
    text = note(many(small, names), report="https://ci.example/" + "x" * 1900, findings=findings)
    assert len(text) <= len(text.encode("utf-16-le")) // 2 <= 60_000 < 65_536
    assert len(text.encode("utf-8")) < 262_144
    found = page(text)
    assert all(len(row) == 5 for row in cells(found))
    (fold,) = found.iter("details")
    *shown, last = cells(fold)
    left_out = re.fullmatch(r"and ([\d,]+) more", last[0])
    assert left_out is not None
    assert 10 + len(shown) + int(left_out[1].replace(",", "")) == 10_000
    assert len(shown) > 10
    said = text.count(" is too dear")
    assert said > 10
    assert f"- and {3000 - said:,} more\n" in text
    assert "Full report" in text
    assert text.endswith("</sub>\n")


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: repr(name[:12]))
def test_no_name_does_anything_and_each_can_be_read(small: Diff, name: str) -> None:
    findings = [Cell(f"{name}: too dear", "bad")]
    text = note(many(small, [name, f"before {name} after"]), findings=findings)
    found = page(text)
    assert {element.tag for element in found.iter() if isinstance(element.tag, str)} <= set(TAGS)
    said = "\n".join(texts(found))
    assert not ACTIVE.search(said), ACTIVE.search(said)
    assert not any(line.startswith("/") for line in text.split("\n"))
    rows = cells(found)
    assert [len(row) for row in rows] == [5, 5, 5]
    if len(name) < 100:
        assert rows[0][0] == visible(" ".join(name.split())) or rows[0][0] == visible(name).strip()


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_name_is_made_of_a_row_keeps_its_cells(one: str, other: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {code(one)} | {plain(other)} |\n| x | y |\n"
    found = page(table)
    assert [len(row) for row in cells(found)] == [2, 2]
    assert not ACTIVE.search("\n".join(texts(found)))
    assert {"a", "img", "script", "em", "strong", "del"}.isdisjoint({element.tag for element in found.iter()})


def test_the_report_is_linked(small: Diff) -> None:
    found = page(note(small, report=report_address("https://ci.example/job/1/cost.html?a=1&b=2")))
    assert [one.get("href") for one in found.iter("a")] == ["https://ci.example/job/1/cost.html?a=1&b=2"]


@pytest.mark.parametrize(
    "address",
    ["", "ftp://x/", "javascript:alert(1)", "https://", "https://a b/", "//x/", "https://u:p@x/",
     "https://x/\n", "https://x\\y/", "https://[::1/", "https://x:0/", "https://x:99999999/",
     "https://\u00e9.example/", "https://x/" + "a" * 2000, "data:text/html,x", "cost.html"],
)  # fmt: skip
def test_what_no_browser_should_open_is_no_report(address: str) -> None:
    with pytest.raises(InputError, match="must be the address of a page"):
        report_address(address)


@pytest.mark.parametrize("tail", [">", ")", "(x)", '"', "<b>", "|", "`", "[", "é", "{"])
def test_an_address_cannot_end_its_link(small: Diff, tail: str) -> None:
    found = page(note(small, report=report_address(f"https://x.example/{tail}")))
    (link,) = found.iter("a")
    assert "".join(link.itertext()) == "Full report"
    assert (link.get("href") or "").startswith("https://x.example/")


def test_findings_of_policies_stand_above_what_is_known_otherwise(small: Diff) -> None:
    findings = [Cell("max-cost: 170.00 RUB, at most 120.00", "bad"), Cell("close to the limit", "warn")]
    text = note(small, findings=findings)
    assert "- **max-cost: 170.00 RUB, at most 120.00**\n- close to the limit\n" in text


def test_gitlab_reads_the_counts(small: Diff) -> None:
    """As its parser of `terraform` reports does: three counts, whole numbers up to 999,999."""
    counts = {"type": "integer", "minimum": 0, "maximum": 999_999}
    keys = ["create", "update", "delete"]
    schema = {"type": "object", "required": keys, "properties": dict.fromkeys(keys, counts)}
    found = json.loads(terraform_text(small))
    jsonschema.validate(found, schema)
    assert found == {"create": 1, "update": 1, "delete": 1}


def test_a_mere_move_is_no_count(small: Diff) -> None:
    def moved(one: ResourceDiff) -> ResourceDiff:
        return replace(one, change="moved")

    found = json.loads(terraform_text(replace(small, resources=tuple(map(moved, small.resources)))))
    assert found == {"create": 0, "update": 0, "delete": 0}


def test_gitlab_reads_the_annotations() -> None:
    """In the form of its schemas ci_job_annotation_data and ci_job_external_link_data."""
    link = {
        "type": "object",
        "required": ["label", "url"],
        "additionalProperties": False,
        "properties": {
            "label": {"type": "string", "minLength": 1, "maxLength": 255},
            "url": {"format": "uri"},
        },
    }
    item = {"type": "object", "properties": {"external_link": link}, "additionalProperties": False}
    schema = {"type": "object", "additionalProperties": {"type": "array", "items": item, "maxItems": 1000}}
    text = annotations_text("https://ci.example/cost.html", ENGLISH)
    jsonschema.validate(json.loads(text), schema)
    assert json.loads(text)["costplan"][0]["external_link"]["url"] == "https://ci.example/cost.html"
