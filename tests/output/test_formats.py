"""Every renderer writes every document; every JSON document keeps to its published schema."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from answers import ANSWERS
from jsonschema import Draft202012Validator

from costplan.cli.run import run
from costplan.output.formats import TEXT_FORMATS
from costplan.output.registry import DOCUMENTS
from costplan.output.schemas import SCHEMAS, schema_of

Capsys = pytest.CaptureFixture[str]

LINES = [(schema, line) for schema, lines in ANSWERS.items() for line in lines]
LINE_IDS = [line for _, line in LINES]


ANSWERED: dict[tuple[str, str], str] = {}
"""What a command line has answered in a form; each is run once."""


def answer(capsys: Capsys, line: str, form: str) -> str:
    if (line, form) not in ANSWERED:
        ANSWERED[line, form] = answered(capsys, line, form)
    return ANSWERED[line, form]


def answered(capsys: Capsys, line: str, form: str) -> str:
    capsys.readouterr()
    code = run([*line.split(), "--format", form])
    out, err = capsys.readouterr()
    assert code in (0, 1)
    assert err == ""
    return out


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(name))


def test_every_document_with_a_view_has_a_schema_and_a_command() -> None:
    named = [row.kind.partition(":")[2] for row in DOCUMENTS.values()]
    assert list(DOCUMENTS) == ["-".join(re.findall("[A-Z][a-z]+", name)).lower() for name in named]
    assert set(DOCUMENTS) == set(ANSWERS)
    assert set(DOCUMENTS) <= set(SCHEMAS)


@pytest.mark.parametrize(("schema", "line"), LINES, ids=LINE_IDS)
def test_json_keeps_to_its_schema(capsys: Capsys, schema: str, line: str) -> None:
    text = answer(capsys, line, "json")
    document = json.loads(text)
    assert text == json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    complaints = [f"{e.json_path}: {e.message[:200]}" for e in validator(schema).iter_errors(document)]
    assert complaints == []
    assert document["schema"] == f"costplan/{schema}/1"


@pytest.mark.parametrize(("schema", "line"), LINES, ids=LINE_IDS)
def test_every_amount_in_json_is_a_text(capsys: Capsys, schema: str, line: str) -> None:
    """A reader must not get prices through floats; whole counts, and what was measured, are numbers."""

    def floats(value: Any, path: str = "$") -> list[str]:
        if isinstance(value, dict):
            return [found for key, item in value.items() for found in floats(item, f"{path}.{key}")]
        if isinstance(value, list):
            return [found for n, item in enumerate(value) for found in floats(item, f"{path}[{n}]")]
        return [path] if isinstance(value, float) else []

    document = json.loads(answer(capsys, line, "json"))
    amounts = {"measurement": "cost", "bench-comparison": "machines"}
    found = floats(document[amounts[schema]] if schema in amounts else document)
    assert [path for path in found if ".cheaper." not in path] == [], "ratios of costs are measured"


@pytest.mark.parametrize("form", TEXT_FORMATS)
@pytest.mark.parametrize(("schema", "line"), LINES, ids=LINE_IDS)
def test_every_text_renderer_writes_every_document(capsys: Capsys, schema: str, line: str, form: str) -> None:
    text = answer(capsys, line, form)
    if form == "jsonl" and answer(capsys, line, "csv").count("\n") == 1:  # a heading without rows
        assert text == ""
        return
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert text.strip()
    assert all(character.isprintable() or character == "\n" for character in text)


@pytest.mark.parametrize(("schema", "line"), LINES, ids=LINE_IDS)
def test_csv_has_one_heading_and_rows_of_its_length(capsys: Capsys, schema: str, line: str) -> None:
    rows = list(csv.reader(io.StringIO(answer(capsys, line, "csv"))))
    heading = rows[0] if rows else []
    assert len(set(heading)) == len(heading)
    assert {len(row) for row in rows} <= {len(heading)}
    assert [name for name in heading if not re.fullmatch("[a-z][a-z0-9_]*", name)] == []


@pytest.mark.parametrize(("schema", "line"), LINES, ids=LINE_IDS)
def test_json_lines_are_the_rows_of_the_csv(capsys: Capsys, schema: str, line: str) -> None:
    rows = list(csv.DictReader(io.StringIO(answer(capsys, line, "csv"))))
    found = [json.loads(text) for text in answer(capsys, line, "jsonl").splitlines()]
    assert [list(row) for row in found] == [list(row) for row in rows]
    said = {True: "true", False: "false", None: ""}
    for row, in_csv in zip(found, rows, strict=True):
        for key, value in row.items():
            written = said[value] if value is None or isinstance(value, bool) else value
            assert in_csv[key] == written or in_csv[key].replace("'", "") == written.replace("'", ""), key


@pytest.mark.parametrize(("schema", "line"), LINES, ids=LINE_IDS)
def test_markdown_tables_have_rows_of_their_heading_s_length(capsys: Capsys, schema: str, line: str) -> None:
    text = answer(capsys, line, "md")
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    for table in tables:
        bars = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(bars) == 1, table
    assert text.startswith("## ")


DOCUMENTED_LINES = (
    "schema scenario title currency vat hours_per_month",
    "catalog.name catalog.region catalog.as_of catalog.sha256",
    "workload.monthly_requests",
    "resources[].name resources[].kind resources[].role resources[].runs[] resources[].monthly_cost",
    "resources[].line_items[].sku resources[].line_items[].name resources[].line_items[].quantity",
    "resources[].line_items[].unit resources[].line_items[].slices[].start",
    "resources[].line_items[].slices[].quantity resources[].line_items[].slices[].unit_price",
    "resources[].line_items[].slices[].cost resources[].line_items[].monthly_cost",
    "resources[].line_items[].provenance resources[].line_items[].source",
    "unpriced[].resource unpriced[].sku unpriced[].reason",
    "total.net total.vat total.gross total.monthly_cost",
    "cost_per_million_requests",
    "budget.currency budget.lines[].name budget.lines[].budget budget.lines[].cost budget.lines[].ratio",
    "budget.lines[].within budget.total.budget budget.total.cost budget.total.ratio budget.total.within",
)
"""Keys of `estimate --format json` that later releases may only add to."""


def paths(value: Any, path: str = "") -> set[str]:
    if isinstance(value, dict):
        dotted = f"{path}." if path else ""
        return {path} | {found for key, item in value.items() for found in paths(item, f"{dotted}{key}")}
    if isinstance(value, list):
        return {path} | {found for item in value for found in paths(item, f"{path}[]")}
    return {path}


def test_the_documented_keys_of_an_estimate_are_all_there(capsys: Capsys) -> None:
    documented = set(" ".join(DOCUMENTED_LINES).split())
    document = json.loads(answer(capsys, "estimate stage3:managed-opensearch", "json"))
    assert documented - paths(document) == set()


def test_the_documented_keys_are_required_by_the_published_schema() -> None:
    schema = json.loads(Path("docs/schemas/estimate.json").read_text(encoding="utf-8"))
    for name in ("schema", "scenario", "title", "currency", "vat", "hours_per_month", "catalog", "workload"):
        assert name in schema["required"]


def test_lines_of_an_estimate_add_up_in_json(capsys: Capsys) -> None:
    from decimal import Decimal

    bill = json.loads(answer(capsys, "estimate stage3", "json"))
    for resource in bill["resources"]:
        for line in resource["line_items"]:
            slices = line["slices"]
            assert sum(Decimal(piece["quantity"]) for piece in slices) == Decimal(line["quantity"])
            assert sum(Decimal(piece["cost"]) for piece in slices) == Decimal(line["monthly_cost"])
            for piece in slices:
                exact = Decimal(piece["quantity"]) * Decimal(piece["unit_price"])
                assert exact == Decimal(piece["cost"])
        lines = sum(Decimal(line["monthly_cost"]) for line in resource["line_items"])
        assert lines == Decimal(resource["monthly_cost"])
    total = bill["total"]
    assert sum(Decimal(r["monthly_cost"]) for r in bill["resources"]) == Decimal(total["monthly_cost"])
    assert Decimal(total["net"]) + Decimal(total["vat"]) == Decimal(total["gross"])
