"""The reference of the scenario file is made from the models: every key is in it, said in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.pricing.engine import price_scenario
from costplan.resources.kinds import KINDS, resource_kind
from costplan.resources.workload import Workload
from costplan.scenario.load import load_scenario
from costplan.scenario.model import Scenario
from costplan.scenario.reference import Key, keys_of, kind_lines, kind_summary

HEAD = "scenario: mine\ntitle: Mine\nworkload: {monthly_requests: 1M, request_duration: 100 ms}\n"


def load(folder: Path, text: str) -> object:
    path = folder / "mine.yaml"
    path.write_text(text)
    return load_scenario(str(path), lambda name: Catalog.shipped(name))


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kind_is_a_scenario_that_has_a_price(tmp_path: Path, kind: str) -> None:
    loaded = load(tmp_path, f"{HEAD}resources:\n  mine: {resource_kind(kind).example}\n")
    [resource] = price_scenario(loaded).resources  # type: ignore[arg-type]
    assert resource.kind == kind
    assert resource.role == resource_kind(kind).model_fields["role"].default


@pytest.mark.parametrize("model", [Scenario, Workload, *map(resource_kind, KINDS)])
def test_every_key_has_a_type_and_a_meaning(model: type) -> None:
    keys = list(keys_of(model))
    assert [key.name for key in keys] == list(model.model_fields)  # type: ignore[attr-defined]
    assert [key.name for key in keys if not key.meaning] == []
    assert [key.name for key in keys if key.type in ("", "any value")] == []


def test_types_say_what_may_be_written() -> None:
    keys = {key.name: key for key in keys_of(resource_kind("kubernetes-node-group"), nested=True)}
    assert keys["memory"] == Key(
        "memory", "a size in bytes, such as `16 GB` or `512 MB`", True, "", "Memory of one machine."
    )
    assert keys["nodes"].type == "`3`, or `{min: 3, max: 12}`"
    assert keys["role"].default == "compute"
    assert keys["preemptible"].type == "`true` or `false`"
    assert keys["disk.size"].required
    assert keys["capacity.slo"].type == "an SLO: `p99 <= 100 ms`"
    assert keys["capacity.utilisation"].default == "0.6"
    uses = {key.name: key for key in keys_of(resource_kind("metered"), nested=True)}
    assert uses["uses[].quantity"].required


def test_every_kind_says_what_it_is_in_one_line() -> None:
    assert kind_summary("logging") == "Cloud Logging: what is written and what is kept."
    assert len(kind_lines()) == len(KINDS)


@pytest.mark.parametrize(
    ("text", "message"),
    [("kind: container", "there is no resource kind `container`"), ("role: other", "missing `kind`")],
)
def test_a_kind_that_is_not_there_lists_all_once(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, f"{HEAD}resources:\n  a: {{{text}}}\n  b: {{kind: nothing}}\n")
    said = str(caught.value)
    assert message in said
    assert said.count("\n    object-storage ") == 1
    assert all(f"    {line}" in said for line in kind_lines())
