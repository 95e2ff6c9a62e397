"""What must hold for every bill, whatever is priced."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from amounts import cases
from hypothesis import given, settings
from hypothesis import strategies as st
from independent import read_catalog
from scenario_maker import Maker

from costplan.catalog.model import Rate
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.output.formats.json import render
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.pricing.tiers import Slice, share_slices, split_into_tiers, without_free_tier
from costplan.quantities.money import Money, exact_sum, parse_decimal, plain, quantized
from costplan.quantities.pricing_units import BASES, pricing_unit
from costplan.quantities.units import DURATION_UNITS, SIZE_UNITS, parse_duration, parse_monthly, parse_size
from costplan.scenario.load import load_scenario

CATALOG_FOLDER = Path(__file__).parents[2] / "catalogs" / "yandex-cloud"
EXAMPLES = cases(40, 200, "COSTPLAN_EXAMPLES")
TEXTS = read_catalog(CATALOG_FOLDER)
CATALOG = Catalog([CATALOG_FOLDER])
ATOM = Decimal("1e-12")

many = settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
some = settings(max_examples=max(1, EXAMPLES // 3), deadline=None, derandomize=True)
seeds = st.integers(min_value=100_000, max_value=999_999)


def exact(lowest: int, highest: int) -> st.SearchStrategy[Decimal]:
    """Decimals of at most twelve places; small, round and huge ones."""
    atoms = st.integers(lowest * 10**12, highest * 10**12)
    return st.one_of(atoms, st.integers(lowest, highest).map(lambda whole: whole * 10**12)).map(
        lambda number: Decimal(f"{number}e-12")
    )


quantities = st.one_of(exact(0, 1000), exact(0, 10**28), st.just(Decimal(0)))


@st.composite
def graduated_rates(draw: st.DrawFn) -> list[Rate]:
    starts = draw(st.lists(st.one_of(exact(1, 1000), exact(1, 10**26)), max_size=4, unique=True))
    prices = draw(st.lists(exact(0, 500), min_size=len(starts) + 1, max_size=len(starts) + 1))
    if draw(st.booleans()):
        prices[0] = Decimal(0)
    return [
        Rate.model_construct(start_quantity=start, unit_price=price)
        for start, price in zip([Decimal(0), *sorted(starts)], prices, strict=True)
    ]


def total_cost(slices: Sequence[Slice]) -> Fraction:
    return sum((Fraction(piece.cost) for piece in slices), Fraction(0))


def estimate(scenario: dict[str, Any], folder: Path, **options: Any) -> Estimate:
    path = folder / "made.yaml"
    path.write_text(yaml.safe_dump(scenario, sort_keys=False))
    return price_scenario(load_scenario(str(path), lambda _: CATALOG, **options))


def made(seed: int) -> dict[str, Any]:
    return Maker(seed, TEXTS).scenario()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


# Tiers


@many
@given(quantities, graduated_rates())
def test_slices_sum_to_the_quantity_and_each_multiplies_out(quantity: Decimal, rates: list[Rate]) -> None:
    slices = split_into_tiers(quantity, rates)
    assert exact_sum([piece.quantity for piece in slices]) == quantity
    for piece in slices:
        assert Fraction(piece.cost) == Fraction(piece.quantity) * Fraction(piece.unit_price)
        assert piece.quantity > 0 or (quantity == 0 and len(slices) == 1)


@many
@given(graduated_rates())
def test_cost_is_continuous_where_a_tier_begins(rates: list[Rate]) -> None:
    for below, rate in pairwise(rates):
        edge = rate.start_quantity
        at_edge = total_cost(split_into_tiers(edge, rates))
        above = total_cost(split_into_tiers(exact_sum([edge, ATOM]), rates))
        under = total_cost(split_into_tiers(exact_sum([edge, -ATOM]), rates))
        assert above - at_edge == Fraction(ATOM) * Fraction(rate.unit_price)
        assert at_edge - under == Fraction(ATOM) * Fraction(below.unit_price)


@many
@given(quantities, quantities, graduated_rates())
def test_cost_never_falls_as_the_quantity_grows(one: Decimal, other: Decimal, rates: list[Rate]) -> None:
    less, more = sorted([one, other])
    assert total_cost(split_into_tiers(less, rates)) <= total_cost(split_into_tiers(more, rates))


@many
@given(quantities, graduated_rates())
def test_an_account_without_its_free_volume_never_pays_less(quantity: Decimal, rates: list[Rate]) -> None:
    left = without_free_tier(rates)
    assert left[0].start_quantity == 0
    assert total_cost(split_into_tiers(quantity, left)) >= total_cost(split_into_tiers(quantity, rates))


@many
@given(st.lists(quantities, min_size=1, max_size=7), graduated_rates())
def test_shares_fill_both_margins_exactly_and_none_is_negative(
    parts: list[Decimal], rates: list[Rate]
) -> None:
    whole = split_into_tiers(exact_sum(parts), rates)
    handed = share_slices(whole, parts)
    for part, row in zip(parts, handed, strict=True):
        assert exact_sum([own.quantity for own in row]) == part
        assert all(own.quantity > 0 for own in row) or (part == 0 and len(row) == 1)
        for own in row:
            assert Fraction(own.cost) == Fraction(own.quantity) * Fraction(own.unit_price)
            assert -own.quantity.as_tuple().exponent <= 12  # type: ignore[operator]
    for piece in whole:
        own_parts = [own.quantity for row in handed for own in row if own.start == piece.start]
        assert exact_sum(own_parts) == piece.quantity
    assert sum((total_cost(row) for row in handed), Fraction(0)) == total_cost(whole)


@many
@given(st.lists(exact(0, 10**6), min_size=2, max_size=6), graduated_rates())
def test_every_resource_takes_the_same_part_of_each_tier_but_for_crumbs(
    parts: list[Decimal], rates: list[Rate]
) -> None:
    total = exact_sum(parts)
    whole = split_into_tiers(total, rates)
    for part, row in zip(parts, share_slices(whole, parts), strict=True):
        for own in row:
            piece = next(piece for piece in whole if piece.start == own.start)
            fair = Fraction(piece.quantity) * Fraction(part) / Fraction(total) if total else Fraction(0)
            assert abs(Fraction(own.quantity) - fair) <= Fraction(len(parts) + len(rates), 10**12)


# Bills


def with_sizes(sizes: list[int], order: Sequence[int]) -> dict[str, Any]:
    resources = {
        f"n{number}": {"kind": "network", "role": "network", "egress": f"{sizes[number]} B"}
        for number in order
    }
    resources |= {
        f"b{number}": {"kind": "object-storage", "role": "storage", "size": f"{sizes[number]} KB"}
        for number in order
    }
    workload = {"monthly_requests": "3M"}
    return {"scenario": "made", "title": "Made", "workload": workload, "resources": resources}


sizes_in_bytes = st.lists(st.integers(0, 2 * 10**11), min_size=1, max_size=6)


@some
@given(sizes=sizes_in_bytes, data=st.data())
def test_resources_add_up_to_the_account_and_to_one_resource_of_the_sum(
    folder: Path, sizes: list[int], data: st.DataObject
) -> None:
    # Whole atoms of the pricing unit: otherwise each resource's quantity is rounded on its own.
    sizes = [size // 2**30 * 2**30 + data.draw(st.sampled_from([0, 2**18, 2**29])) for size in sizes]
    bill = estimate(with_sizes(sizes, range(len(sizes))), folder)
    alone = estimate(with_sizes([sum(sizes)], [0]), folder)
    assert exact_sum([resource.monthly_cost for resource in bill.resources]) == bill.total.monthly_cost
    for prefix in "nb":
        own = [resource.monthly_cost for resource in bill.resources if resource.name.startswith(prefix)]
        whole = [resource.monthly_cost for resource in alone.resources if resource.name.startswith(prefix)]
        if prefix == "n" or not any(size * 1024 % 2**30 for size in sizes):
            assert exact_sum(own) == whole[0]


@some
@given(sizes=sizes_in_bytes, data=st.data())
def test_order_of_resources_does_not_matter(folder: Path, sizes: list[int], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(sizes))))
    one, other = (estimate(with_sizes(sizes, places), folder) for places in (range(len(sizes)), order))
    assert {resource.name: resource for resource in one.resources} == {
        resource.name: resource for resource in other.resources
    }
    assert one.total == other.total


@some
@given(sizes=sizes_in_bytes)
def test_the_free_volume_is_used_once_per_account(folder: Path, sizes: list[int]) -> None:
    bill = estimate(with_sizes(sizes, range(len(sizes))), folder)
    lines = [line for resource in bill.resources for line in resource.line_items if line.sku.endswith("inet")]
    used = exact_sum([line.quantity for line in lines])
    free = exact_sum([own.quantity for line in lines for own in line.slices if own.unit_price == 0])
    assert free == min(used, Decimal(100))


@some
@given(seed=seeds)
def test_net_and_vat_are_gross_and_gross_is_what_the_list_charges(folder: Path, seed: int) -> None:
    total = estimate(made(seed), folder).total
    assert Fraction(total.net) + Fraction(total.vat) == Fraction(total.gross) == Fraction(total.monthly_cost)
    assert total.vat >= 0
    if total.vat_rate is None:
        assert total.vat == 0


@many
@given(*[st.sampled_from(["RUB", "USD", "KZT"])] * 2, exact(0, 10**12), exact(0, 10**12))
def test_currencies_never_mix(one: str, other: str, left: Decimal, right: Decimal) -> None:
    if one == other:
        assert (Money(left, one) + Money(right, other)) - Money(right, other) == Money(left, one)
    else:
        with pytest.raises(ValueError, match="do not add"):
            Money(left, one) + Money(right, other)
        with pytest.raises(ValueError, match="do not add"):
            Money(left, one) - Money(right, other)


@some
@given(seed=seeds, currency=st.sampled_from(["RUB", "USD", "KZT"]))
def test_a_fixed_cost_counts_in_its_own_currencies_alone(folder: Path, seed: int, currency: str) -> None:
    scenario = made(seed) | {"currency": currency, "as_of": "1999-01-01"}
    amounts = {"RUB": "10.5", "USD": "1.25"}
    scenario["resources"] = {
        "fee": {"kind": "fixed-cost", "role": "other", "amounts": amounts, "source": "s"}
    }
    scenario.pop("budget", None)
    scenario.pop("prices", None)  # of SKUs that the resources used
    bill = estimate(scenario, folder)
    assert bill.total.gross == Decimal(amounts.get(currency, "0"))
    assert [part.resource for part in bill.unpriced] == ([] if currency in amounts else ["fee"])


# The JSON


@some
@given(seed=seeds)
def test_every_line_of_the_json_multiplies_out_and_every_sum_adds_up(folder: Path, seed: int) -> None:
    document = json.loads(render(estimate(made(seed), folder)))
    with localcontext(prec=300):
        total = Decimal(0)
        for resource in document["resources"]:
            own = Decimal(0)
            for line in resource["line_items"]:
                slices = line["slices"]
                for piece in slices:
                    assert Decimal(piece["quantity"]) * Decimal(piece["unit_price"]) == Decimal(piece["cost"])
                assert sum(Decimal(piece["quantity"]) for piece in slices) == Decimal(line["quantity"])
                assert sum(Decimal(piece["cost"]) for piece in slices) == Decimal(line["monthly_cost"])
                own += Decimal(line["monthly_cost"])
            assert own == Decimal(resource["monthly_cost"])
            total += own
        assert total == Decimal(document["total"]["monthly_cost"])
        assert Decimal(document["total"]["net"]) + Decimal(document["total"]["vat"]) == total


@some
@given(seed=seeds)
def test_the_same_input_gives_the_same_bytes(folder: Path, seed: int) -> None:
    scenario = made(seed)
    fresh = Catalog([CATALOG_FOLDER])
    path = folder / "same.yaml"
    path.write_text(yaml.safe_dump(scenario, sort_keys=False))
    one, other = (
        render(price_scenario(load_scenario(str(path), lambda _, found=found: found)))  # type: ignore[misc]
        for found in (CATALOG, fresh)
    )
    assert one == other


# --set


def leaves(node: Any, path: str = "") -> list[str]:
    """Every path of a document below its top, lists included."""
    found = []
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else []
    for key, value in entries:
        here = f"{path}[{key}]" if isinstance(node, list) else f"{path}.{key}".lstrip(".")
        found += [here, *leaves(value, here)]
    return found


def edited(node: Any, steps: list[Any], value: Any) -> Any:
    step, rest = steps[0], steps[1:]
    copy = list(node) if isinstance(node, list) else dict(node)
    if not rest and value is None and isinstance(copy, dict):
        copy.pop(step)
    else:
        copy[step] = edited(copy[step], rest, value) if rest else value
    return copy


def change(seed: int, scenario: dict[str, Any]) -> tuple[str, Any]:
    """A path that is there and another value for it; often one that the place allows."""
    random, maker = Random(seed), Maker(seed, TEXTS)
    # SKU codes have dots of their own, so that no path leads to the price of one.
    known = [path for path in leaves(scenario) if path.partition(".")[0] != "prices"]
    path = random.choice([path for path in known if path not in {"resources", "workload"}])
    last = path.rpartition(".")[2]
    resource = maker.resource(
        random.choice(["dns", "lockbox", "network", "managed-kafka", "compute-instance"])
    )
    likely = {
        "hours": maker.hours, "requests": maker.monthly, "monthly_requests": maker.monthly,
        "size": maker.size,
        "egress": maker.size, "written": maker.size, "memory": lambda: "8 GB",
        "vcpu": lambda: "4", "count": lambda: "3", "nodes": lambda: {"min": "1", "max": "3"},
        "currency": lambda: "USD",
        "as_of": lambda: "2026-05-02", "hours_per_month": lambda: "700", "free_tier": lambda: "no",
        "public_address": lambda: "static", "preemptible": lambda: "true", "kind": lambda: "dns",
    }  # fmt: skip
    if path.count(".") == 1 and path.startswith("resources."):
        return path, resource
    guess = likely.get(last, lambda: random.choice(["2", "1 GB", "true", None]))
    return path, random.choice([guess, guess, guess, lambda: None])()


def steps_of(path: str) -> list[Any]:
    return [
        int(step) if step.isdigit() else step for step in path.replace("[", ".").replace("]", "").split(".")
    ]


def outcome(scenario: dict[str, Any], folder: Path, **options: Any) -> str | list[tuple[str, str]]:
    """Return the bill, but for what tells a scenario with options from one that was written so."""
    try:
        found = estimate(scenario, folder, **options)
        resources = tuple(replace(resource, note={}) for resource in found.resources)
        return render(replace(found, differences=(), rationale={}, resources=resources))
    except InputError as error:
        return sorted((fault.path, fault.message) for fault in error.faults)


@many
@given(seed=seeds)
def test_setting_a_path_equals_editing_the_file(folder: Path, seed: int) -> None:
    scenario = made(seed)
    path, value = change(seed, scenario)
    text = "~" if value is None else value if isinstance(value, str) else json.dumps(value)
    by_option = outcome(scenario, folder, sets=[f"{path}={text}"])
    by_hand = outcome(edited(scenario, steps_of(path), value), folder)
    assert by_option == by_hand, f"--set {path}={text}"


def test_most_changes_that_the_law_tries_make_a_bill() -> None:
    changes = [change(seed, made(seed)) for seed in range(200)]
    assert len({path.rpartition(".")[2] for path, _ in changes}) > 30
    assert any("[" in path for path, _ in changes)
    assert sum(value is not None for _, value in changes) > 120


# Units and numbers


@many
@given(exact(0, 10**6), st.sampled_from(sorted(SIZE_UNITS)))
def test_sizes_round_trip_through_every_unit(number: Decimal, unit: str) -> None:
    assert parse_size(f"{plain(number)} {unit}") / SIZE_UNITS[unit] == Fraction(number)


@many
@given(exact(0, 10**6), st.sampled_from(sorted(DURATION_UNITS)))
def test_durations_round_trip_through_every_unit(number: Decimal, unit: str) -> None:
    assert parse_duration(f"{plain(number)} {unit}") / DURATION_UNITS[unit] == Fraction(number)


@many
@given(exact(0, 10**6), st.integers(1, 8784))
def test_rates_of_one_load_are_one_load(number: Decimal, hours: int) -> None:
    month = Fraction(hours)
    by_day = parse_monthly(f"{plain(number)}/day", month)
    assert by_day * 24 == parse_monthly(f"{plain(number)}/h", month)
    assert by_day * 24 * 60 == parse_monthly(f"{plain(number)} req/min", month)
    assert by_day * 86_400 == parse_monthly(f"{plain(number)} req/s", month)
    assert by_day == Fraction(number) * month / 24


pricing_units = st.tuples(
    st.sampled_from(["", "10 ", "1000 ", "10K ", "1M "]),
    st.sampled_from(sorted(BASES)),
    st.sampled_from(["*second", "*hour", "*month"]),
).map("".join)


@many
@given(pricing_units, pricing_units, exact(0, 10**9))
def test_pricing_units_convert_there_and_back(one: str, other: str, number: Decimal) -> None:
    here, there = pricing_unit(one), pricing_unit(other)
    if here.base != there.base:
        with pytest.raises(ValueError, match="different things"):
            here.factor_from(there)
    else:
        assert Fraction(number) * there.factor_from(here) * here.factor_from(there) == Fraction(number)


@many
@given(exact(0, 10**12))
def test_numbers_survive_writing_and_reading(number: Decimal) -> None:
    assert parse_decimal(plain(number)) == number
    assert "E" not in plain(number)


@many
@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_rounding_moves_a_number_by_half_an_atom_at_most(number: Fraction) -> None:
    assert abs(Fraction(quantized(number)) - number) <= Fraction(1, 2 * 10**12)
    assert quantized(quantized(number)) == quantized(number)
