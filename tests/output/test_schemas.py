"""The published JSON Schemas: they accept what costplan accepts, and the copies in docs/ do not rot."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from kind_examples import EXAMPLES, scenario_text

from costplan.output.schemas import SCHEMAS, schema_of

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
SERVICES = sorted(p for p in (ROOT / "catalogs" / "yandex-cloud").glob("*.yaml") if p.stem != "catalog")
BOUNDS = sorted((ROOT / "catalogs" / "yandex-cloud").glob("*/*.yaml"))
"""Quotas and limits, each in a folder of its name."""


def as_an_editor_sees(text: str) -> Any:
    """Read YAML with its native types; dates stay texts, as in YAML 1.2 and in JSON."""
    return _without_dates(yaml.safe_load(text))


def _without_dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_dates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_dates(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(name))


def complaints(name: str, text: str) -> list[str]:
    data = as_an_editor_sees(text)
    return [f"{error.json_path}: {error.message[:200]}" for error in validator(name).iter_errors(data)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_valid_schema_of_its_dialect(name: str) -> None:
    schema = schema_of(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_copy_in_docs_is_what_the_command_prints(name: str) -> None:
    copy = (ROOT / "docs" / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    assert json.loads(copy) == schema_of(name), f"costplan schema {name} -o docs/schemas/{name}.json --force"


def test_docs_hold_no_schema_that_is_not_published() -> None:
    assert {path.stem for path in (ROOT / "docs" / "schemas").glob("*.json")} == set(SCHEMAS)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_shipped_scenario_is_valid_in_an_editor(path: Path) -> None:
    assert complaints("scenario", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_shipped_price_file_is_valid_in_an_editor(path: Path) -> None:
    assert complaints("catalog", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", BOUNDS, ids=lambda path: f"{path.parent.stem}-{path.stem}")
def test_a_shipped_file_of_quotas_or_limits_is_valid_in_an_editor_and_names_its_schema(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert complaints(path.parent.stem, text) == []
    reference = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / reference).resolve() == ROOT / "docs" / "schemas" / f"{path.parent.stem}.json"


def test_the_index_of_the_shipped_catalog_is_valid_in_an_editor() -> None:
    path = ROOT / "catalogs" / "yandex-cloud" / "catalog.yaml"
    assert complaints("catalog-index", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [*SCENARIOS, *SERVICES], ids=lambda path: path.stem)
def test_a_shipped_file_names_its_schema_for_editors(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    reference = first.removeprefix("# yaml-language-server: $schema=")
    wanted = "scenario" if path in SCENARIOS else "catalog"
    assert (path.parent / reference).resolve() == ROOT / "docs" / "schemas" / f"{wanted}.json"


def test_the_index_names_its_own_schema_for_editors() -> None:
    first = (ROOT / "catalogs/yandex-cloud/catalog.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../docs/schemas/catalog-index.json"


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_minimal_example_of_a_kind_is_valid(kind: str) -> None:
    assert complaints("scenario", scenario_text(kind)) == []


WHOLE = """\
scenario: mine
title: {en: Mine, ru: Моя}
currency: USD
as_of: 2026-10-06
hours_per_month: 720
free_tier: {value: false, assumed: "another service uses it"}
workload: {monthly_requests: {value: 5000000, measured: "last month's log"}, response_size: 2 KB,
  request_size: {value: 2 KB, uncertain: {low: 1 KB, high: 9000}},
  request_duration: {value: 2 ms, assumed: x,
    uncertain: {distribution: pert, low: 1 ms, likely: 1 ms, high: 1 s}}}
correlations: [{between: [workload.request_size, workload.request_duration], rho: -0.5}]
budget: {currency: USD, total: 12.5, parts: [{name: api, amount: 10, resources: [api]}]}
resources:
  api:
    kind: compute-instance
    role: compute
    vcpu: {value: 2, assumed: guess}
    memory: 4 GB
    preemptible: true
    hours: 9-18 mon-fri
    disks: [{size: {value: 20 GB, assumed: guess}}]
  nodes:
    kind: kubernetes-node-group
    role: compute
    vcpu: 2
    memory: 8 GB
    nodes: {min: 1, max: {value: 4, assumed: guess}, average: 1.5}
    disk: {size: 64 GB}
variants:
  small: {title: Small, set: {resources.api.vcpu: 2, resources.nodes: ~}}
"""


def test_numbers_may_carry_where_they_come_from() -> None:
    assert complaints("scenario", WHOLE) == []


EXTENDING = """\
scenario: mine
extends: stage2
workload: {retention: 30 days}
resources:
  monitoring: ~
  api: {vcpu: 4, memory: 8 GB}
"""


def test_a_scenario_over_another_may_leave_out_what_that_one_says() -> None:
    assert complaints("scenario", EXTENDING) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (("role: compute\n    vcpu", "role: computing\n    vcpu"), "$.resources.api.role"),
        (("    preemptible:", "    preemptable:"), "$.resources.api"),
        (("vcpu: {value: 2, assumed: guess}", "vcpu: {value: 2}"), "$.resources.api.vcpu"),
        (("kind: compute-instance", "kind: compute"), "$.resources.api.kind"),
        (("    memory: 4 GB\n", ""), "$.resources.api"),
        (("title: {en: Mine, ru: Моя}\n", ""), "$"),
        (("workload: {monthly_requests: {value: 5000000, measured: \"last month's log\"}, ", "workload: {"),
         "$.workload"),
        (("uncertain: {low: 1 KB, high: 9000}", "uncertain: {low: 1 KB}"), "$.workload.request_size"),
        (("currency: USD\nas_of", "currency: EURO\nas_of"), "$.currency"),
    ],
    ids=["enum", "unknown-key", "no-reason", "kind", "field", "title", "no-requests", "range", "currency"],
)  # fmt: skip
def test_an_editor_flags_a_mistake_where_it_is(change: tuple[str, str], path: str) -> None:
    assert change[0] in WHOLE
    found = complaints("scenario", WHOLE.replace(*change, 1))
    assert {message.partition(": ")[0] for message in found} == {path}


@pytest.mark.parametrize(
    "prices",
    [
        "rates: {RUB: 0}",
        "rates: {RUB: 1.24, USD: '0.01'}",
        "rates: {RUB: [{start_quantity: 0, unit_price: 0}, {start_quantity: 100, unit_price: 1.42}]}",
    ],
    ids=["lone", "several-currencies", "tiers"],
)
def test_prices_may_be_lone_numbers_or_tiers(prices: str) -> None:
    text = f"""\
service: mine
title: Mine
skus:
  - code: mine.one
    name: One
    pricing_unit: GB
    prices: [{{effective_from: 2026-05-01, source: page, checked: 2026-05-01, confidence: list, {prices}}}]
"""
    assert complaints("catalog", text) == []
    assert complaints("catalog", text.replace("RUB", "EURO")) != []
