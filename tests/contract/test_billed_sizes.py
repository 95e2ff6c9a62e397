"""What a kind says that it bills of a workload's sizes is what moves its usage: no kind can say otherwise."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import indent

import pytest
from kind_examples import EXAMPLES

from costplan.catalog.store import Catalog
from costplan.resources.kinds import KINDS, resource_kind
from costplan.resources.kinds.metered import STANDS_FOR
from costplan.resources.workload import SIZES, Workload
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

VALUES = {
    "request_size": ("20 KB", "30 KB"),
    "response_size": ("2 KB", "3 KB"),
    "log_size": ("1 KB", "2 KB"),
    "log_retention": ("3 days", "4 days"),
    "stored_size": ("5 KB", "6 KB"),
    "retention": ("400 days", "500 days"),
}
"""A size and another one, neither of them free; kept for longer than the least that any class is paid for."""

OWN_AMOUNTS = {
    "network": "egress: 1 GB",
    "network-load-balancer": "ingress: 1 GB",
    "logging": "written: 1 GB\nretention: 2 days",
    "metered": "role: other\nservice: vpc\nuses: [{sku: network.egress.inet, quantity: 7}]",
}
"""Options by which a kind bills an amount of its own in place of the workload's."""


@cache
def catalog(name: str = "yandex-cloud") -> Catalog:
    return Catalog.shipped(name)


def loaded(folder: Path, kind: str, options: str, changed: str | None = None) -> LoadedScenario:
    sizes = {field: values[field == changed] for field, values in VALUES.items()}
    text = "scenario: example\ntitle: One resource\nworkload:\n  monthly_requests: 1M\n"
    text += "".join(f"  {field}: {value}\n" for field, value in {"request_duration": "1 s", **sizes}.items())
    path = folder / "example.yaml"
    resource = indent(f"kind: {kind}\n{options}", "    ")
    path.write_text(f"{text}resources:\n  it:\n{resource}\n", encoding="utf-8")
    return load_scenario(str(path), catalog)


def flags(kind: str) -> list[str]:
    """Return the options that are on or off."""
    fields = resource_kind(kind).model_fields
    return [name for name, field in fields.items() if field.default is False]


def designs() -> list[tuple[str, str]]:
    """Return the example of every kind, and the same with each of its flags set."""
    found = []
    for kind in KINDS:
        found.append((kind, EXAMPLES[kind]))
        found += [(kind, f"{EXAMPLES[kind]}\n{flag}: true") for flag in flags(kind)]
    return found


def moved_by(folder: Path, kind: str, options: str) -> set[str]:
    """Return the sizes that change what a resource uses."""

    def usage(changed: str | None) -> list[object]:
        scenario = loaded(folder, kind, options, changed)
        return list(scenario.resources["it"].usage(scenario.context))

    before = usage(None)
    return {field for field in SIZES if usage(field) != before}


def billed(folder: Path, kind: str, options: str) -> frozenset[str]:
    scenario = loaded(folder, kind, options)
    return scenario.resources["it"].bills(scenario.context)


def test_every_size_of_the_workload_is_among_the_sizes() -> None:
    """A new field that holds bytes, or how long they are kept, must be billed by somebody or said."""
    told = {name for name in Workload.model_fields if name.endswith(("_size", "retention"))}
    assert told == set(SIZES) == set(VALUES)


@pytest.mark.parametrize(("kind", "options"), designs())
def test_a_kind_bills_the_sizes_that_move_its_usage_and_no_other(
    kind: str, options: str, tmp_path: Path
) -> None:
    assert billed(tmp_path, kind, options) == moved_by(tmp_path, kind, options)


@pytest.mark.parametrize("kind", OWN_AMOUNTS)
def test_an_amount_of_its_own_is_in_the_place_of_the_size(kind: str, tmp_path: Path) -> None:
    """The example moves with the sizes; with its own amount it does not, and bills the same sizes still."""
    own = OWN_AMOUNTS[kind] if kind == "metered" else f"{EXAMPLES[kind]}\n{OWN_AMOUNTS[kind]}"
    assert moved_by(tmp_path, kind, own) == set()
    replaced = {"response_size"} if kind == "metered" else moved_by(tmp_path, kind, EXAMPLES[kind])
    assert billed(tmp_path, kind, own) == replaced != set()


@pytest.mark.parametrize("meter", STANDS_FOR, ids="/".join)
def test_a_metered_sku_stands_for_the_sizes_that_move_it_in_other_kinds(
    meter: tuple[str, str], tmp_path: Path
) -> None:
    """No kind bills traffic in, which is free; how long logs are kept counts together with their size."""
    sku = (meter[0], catalog().metered_sku(*meter))

    def used(kind: str, options: str, changed: str | None) -> list[object]:
        scenario = loaded(tmp_path, kind, options, changed)
        usage = scenario.resources["it"].usage(scenario.context)
        return [part for part in usage if (getattr(part, "service", ""), getattr(part, "sku", "")) == sku]

    assert catalog().sku(*sku) is not None
    moved = {
        f
        for kind, options in buckets_and_more()
        for f in SIZES
        if used(kind, options, f) != used(kind, options, None)
    }
    expected = set(STANDS_FOR[meter])
    by_itself = {"network.ingress.inet": set(), "logging.storage": {"log_size", "log_retention"}}
    assert moved == by_itself.get(sku[1], expected)


def buckets_and_more() -> list[tuple[str, str]]:
    classes = ("standard", "cold", "ice")
    options = "role: storage\nkeeps_requests: true\nstorage_class: "
    kinds = ("logging", "network", "network-load-balancer")
    return [(kind, EXAMPLES[kind]) for kind in kinds] + [
        ("object-storage", options + name) for name in classes
    ]
