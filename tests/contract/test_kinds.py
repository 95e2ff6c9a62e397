"""What every resource kind keeps to, over the whole registry."""

from __future__ import annotations

import typing
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from kind_examples import EXAMPLES, scenario_file

from costplan.catalog.store import Catalog
from costplan.catalog.verify import configured_skus
from costplan.output.schemas import schema_of
from costplan.pricing.engine import price_scenario
from costplan.resources.contract import Resource, StatedCost
from costplan.resources.kinds import KINDS, named_meters, resource_kind
from costplan.resources.kinds.metered import STANDS_FOR, Metered
from costplan.scenario.document.files import shipped_scenarios
from costplan.scenario.document.variants import with_variants
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

KIND_FILES = Path(__file__).parents[2] / "costplan" / "resources" / "kinds"


@cache
def catalog(name: str = "yandex-cloud") -> Catalog:
    return Catalog.shipped(name)


def loaded_example(folder: Path, kind: str) -> LoadedScenario:
    return load_scenario(str(scenario_file(folder, kind)), catalog)


def test_every_module_of_the_folder_is_a_registered_kind() -> None:
    files = [path for path in KIND_FILES.rglob("*.py") if path.name != "__init__.py"]
    modules = {".".join(path.relative_to(KIND_FILES).with_suffix("").parts) for path in files}
    assert modules == {entry.partition(":")[0] for entry in KINDS.values()}


def test_every_kind_has_an_example() -> None:
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_a_subclass_of_resource_in_a_file_of_its_name(name: str) -> None:
    module, _, attribute = KINDS[name].partition(":")
    assert module.rpartition(".")[2] == name.replace("-", "_")
    assert attribute == "".join(word.capitalize() for word in name.split("-"))
    kind = resource_kind(name)
    assert issubclass(kind, Resource)
    assert kind.__module__ == f"costplan.resources.kinds.{module}"


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_literal_is_the_registered_name(name: str) -> None:
    assert typing.get_args(resource_kind(name).model_fields["kind"].annotation) == (name,)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_says_what_it_is(name: str) -> None:
    kind = resource_kind(name)
    assert kind.__doc__ is not None
    assert kind.__doc__ != Resource.__doc__
    module = import_module(kind.__module__)
    assert module.__doc__


@pytest.mark.parametrize("name", KINDS)
def test_every_field_of_a_kind_is_described_in_the_schema(name: str) -> None:
    definitions = schema_of("scenario")["$defs"]
    waiting, seen = [resource_kind(name).__name__], set()
    while waiting:
        definition = waiting.pop()
        seen.add(definition)
        for field, schema in definitions[definition]["properties"].items():
            assert schema.get("description"), f"{definition}.{field}"
            parts = [*schema.get("anyOf", [schema]), schema.get("items", {})]
            below = {part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part}
            waiting += below - seen - {"Marked"}


@pytest.mark.parametrize("name", KINDS)
def test_every_meter_that_a_kind_names_is_in_the_catalog_or_known_to_be_missing(name: str) -> None:
    for service, meter in resource_kind(name).meters:
        code = catalog().metered_sku(service, meter)
        known = catalog().sku(service, code) or catalog().known_missing(service, code)
        assert known is not None, (service, meter)


def test_the_catalog_has_no_meter_that_no_kind_names() -> None:
    named = named_meters() | set(STANDS_FOR)
    there = {(name, meter) for name in catalog().service_names for meter in catalog().service(name).meters}
    assert there == named


@pytest.mark.parametrize("name", KINDS)
def test_the_service_that_a_kind_offers_is_in_the_catalog(name: str) -> None:
    if name not in {"fixed-cost", "metered"}:  # one sells nothing, the other whatever its scenario names
        assert resource_kind(name).catalog_service in catalog().service_names


def allowed_skus(resource: Resource) -> set[tuple[str, str]]:
    kind = type(resource)
    if isinstance(resource, Metered):
        return {(resource.service, used.sku) for used in resource.uses}
    configured = {
        (service, code)
        for service in ([kind.catalog_service] if kind.catalog_service else [])
        for code in configured_skus(catalog().service(service))
    }
    return configured | {(service, catalog().metered_sku(service, meter)) for service, meter in kind.meters}


@pytest.mark.parametrize("name", KINDS)
def test_the_example_asks_only_for_skus_that_its_kind_or_the_catalog_names(name: str, tmp_path: Path) -> None:
    scenario = loaded_example(tmp_path, name)
    resource = scenario.resources["it"]
    used = list(resource.usage(scenario.context))
    assert used
    for part in used:
        if not isinstance(part, StatedCost):
            assert (part.service, part.sku) in allowed_skus(resource)


@pytest.mark.parametrize("reference", [r for name in shipped_scenarios() for r in with_variants(name)])
def test_shipped_scenarios_ask_only_for_skus_that_a_kind_or_the_catalog_names(reference: str) -> None:
    scenario = load_scenario(reference, catalog)
    for resource in scenario.resources.values():
        for part in resource.usage(scenario.context):
            assert not isinstance(part, StatedCost)
            assert (part.service, part.sku) in allowed_skus(resource), reference


@pytest.mark.parametrize("name", KINDS)
def test_the_example_of_a_kind_is_priced_or_listed_as_unpriced(name: str, tmp_path: Path) -> None:
    scenario = loaded_example(tmp_path, name)
    components = list(scenario.resources["it"].usage(scenario.context))
    bill = price_scenario(scenario, as_of=date(2026, 10, 6))
    [resource] = bill.resources
    assert resource.kind == name
    assert len(resource.line_items) + len(bill.unpriced) == len(components)


@pytest.mark.parametrize("name", KINDS)
def test_a_number_that_the_workload_lacks_is_asked_for_by_its_path(name: str, tmp_path: Path) -> None:
    """Whatever a kind needs of the workload, it says so instead of taking 0."""
    from costplan.messages.errors import InputError

    path = scenario_file(tmp_path, name)
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("  request_", "  response_", "  log_"))]
    path.write_text("\n".join(kept), encoding="utf-8")
    scenario = load_scenario(str(path), catalog)
    needs_more = {"cloud-function", "logging", "network", "network-load-balancer", "serverless-container"}
    if name in needs_more:
        with pytest.raises(InputError, match=r"resources\.it: needs `workload\.\w+`"):
            price_scenario(scenario)
    else:
        assert price_scenario(scenario).resources
