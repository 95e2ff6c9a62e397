"""Whether a design works: one verdict, whatever asks for it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from costplan.analysis.bill.check import check
from costplan.analysis.bill.compare import compare
from costplan.analysis.curve.curve import curve
from costplan.analysis.curve.priced_design import PricedDesign
from costplan.analysis.timeline.timeline import Horizon, timeline
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason, milliseconds
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

MADE = """\
scenario: made
title: Made
workload: {monthly_requests: 1M, request_duration: 400 ms, slo: p95 <= 1.5 s}
resources:
"""
CONTAINER = "  api: {kind: serverless-container, role: inference, vcpu: 1, memory: 1 GB}\n"
MACHINE = (
    "  vm: {kind: compute-instance, role: inference, vcpu: 4, memory: 8 GB, "
    "capacity: {requests_per_second: 10}}\n"
)


def loaded(folder: Path, resources: str, *sets: str, **options: object) -> LoadedScenario:
    path = folder / "made.yaml"
    path.write_text(MADE + resources, encoding="utf-8")
    return load_scenario(str(path), Catalog.shipped, sets=list(sets), **options)  # type: ignore[arg-type]


def bill(folder: Path, resources: str, *sets: str) -> Estimate:
    return price_scenario(loaded(folder, resources, *sets))


# A request alone

TOO_SLOW = "workload.slo=p95 <= 1 ms"


@pytest.mark.parametrize("resources", [CONTAINER, MACHINE], ids=["container", "machine"])
def test_a_request_time_above_the_slo_breaks_a_design_without_any_cold_start(
    resources: str, tmp_path: Path
) -> None:
    found = bill(tmp_path, resources, TOO_SLOW)
    assert found.verdict == "broken"
    assert [(one.what, one.needed, one.available) for one in found.unmet] == [
        ("slo", Decimal("0.4"), Decimal("0.001"))
    ]
    assert str(found.unmet[0]).endswith(": a request alone takes 400 ms")


@pytest.mark.parametrize("kind", ["network, egress: 1 GB", "fixed-cost, amounts: {RUB: 5}, source: offer"])
def test_what_answers_no_requests_has_no_request_time(kind: str, tmp_path: Path) -> None:
    assert bill(tmp_path, f"  n: {{kind: {kind}, role: inference}}\n", TOO_SLOW).unmet == ()


@pytest.mark.parametrize("resources", [CONTAINER, MACHINE], ids=["container", "machine"])
def test_every_command_says_so(resources: str, tmp_path: Path) -> None:
    scenario = loaded(tmp_path, resources, TOO_SLOW)
    estimate = price_scenario(scenario)
    assert not check(estimate, limit=Decimal(10**9)).passed
    assert compare([estimate]).cheapest is None
    found = curve([scenario], 1000, 10**6)
    assert [one.scenario for one in found.cheapest] == [None]
    months = timeline([scenario], Horizon(months=2, growth=Fraction(0)))
    assert [row.stage for row in months.months] == [None, None]
    assert PricedDesign(scenario, "RUB").at(1000).verdict == "broken"


# What is not known

BARE = "  vm: {kind: compute-instance, role: inference, vcpu: 2, memory: 4 GB}\n"


def test_without_a_capacity_nothing_says_that_a_design_works(tmp_path: Path) -> None:
    found = bill(tmp_path, BARE)
    assert found.verdict == "unknown"
    assert list(map(str, found.unknowns)) == ["vm: has no stated capacity: nothing says how much it serves"]
    verdict = check(found, limit=Decimal(10**9))
    assert verdict.passed
    [capacity] = [one for one in verdict.checks if one.rule == "enough capacity"]
    assert capacity.is_warning


def test_without_an_slo_the_verdict_is_open(tmp_path: Path) -> None:
    found = bill(tmp_path, MACHINE, "workload.slo=~")
    assert (found.verdict, found.unmet) == ("unknown", ())
    assert [one.what for one in found.unknowns] == ["no-slo"]


def test_what_is_not_known_to_work_never_wins_over_what_is(tmp_path: Path) -> None:
    """The machine without a capacity is the cheaper one at every load."""
    known = load_scenario(_written(tmp_path, "known", MACHINE), Catalog.shipped)
    open_ = load_scenario(_written(tmp_path, "open", BARE), Catalog.shipped)
    assert price_scenario(open_).total.monthly_cost < price_scenario(known).total.monthly_cost
    assert compare([price_scenario(open_), price_scenario(known)]).cheapest == "known"
    assert {one.scenario for one in curve([open_, known], 1000, 10**6).cheapest} == {"known"}
    months = timeline([open_, known], Horizon(months=2, growth=Fraction(0)))
    assert {row.stage for row in months.months} == {"known"}
    assert {one.scenario for one in curve([open_], 1000, 10**6).cheapest} == {"open"}


def _written(folder: Path, name: str, resources: str) -> str:
    path = folder / f"{name}.yaml"
    path.write_text(MADE.replace("scenario: made", f"scenario: {name}") + resources, encoding="utf-8")
    return str(path)


# Caveats

SOMETIMES = BARE.replace("memory: 4 GB", "memory: 4 GB, capacity: {requests_per_second: 10}, CHANGE")


@pytest.mark.parametrize(
    ("change", "what", "said"),
    [
        ("preemptible: true", "preemptible", "after 24 h at the latest"),
        ("hours: 180 h", "hours", "runs 180 of 720 h: nothing answers at other times"),
    ],
)
def test_what_a_cheaper_machine_costs_in_service_goes_with_the_verdict(
    change: str, what: str, said: str, tmp_path: Path
) -> None:
    found = bill(tmp_path, SOMETIMES.replace("CHANGE", change))
    assert found.verdict == "kept"
    [caveat] = found.caveats
    assert (caveat.resource, caveat.what) == ("vm", what)
    assert said in caveat.reason


def test_a_build_machine_that_sleeps_at_night_is_no_caveat(tmp_path: Path) -> None:
    builds = (
        "  ci: {kind: compute-instance, role: ci-cd, vcpu: 2, memory: 4 GB, hours: 180 h, "
        "preemptible: true}\n"
    )
    assert bill(tmp_path, MACHINE + builds).caveats == ()


# The machine that a figure holds for


@pytest.mark.parametrize(
    ("sets", "unknown", "caveat"),
    [
        (["resources.vm.vcpu=2"], ["smaller-machine"], []),
        (["resources.vm.core_fraction=50"], ["smaller-machine"], []),
        (["resources.vm.vcpu=8", "resources.vm.memory=16 GB"], [], ["other-machine"]),
        (["resources.vm.vcpu=2", "resources.vm.capacity.requests_per_second=5"], [], []),
        (["resources.vm.memory=16 GB"], [], []),
        (["resources.vm.capacity.max_replicas=3"], [], []),
    ],
)
def test_a_capacity_holds_for_the_machine_that_stood_beside_it(
    sets: list[str], unknown: list[str], caveat: list[str], tmp_path: Path
) -> None:
    found = bill(tmp_path, MACHINE, *sets)
    assert [one.what for one in found.unknowns] == unknown
    assert [one.what for one in found.caveats] == caveat


def test_an_extending_scenario_and_a_variant_are_held_to_it_too(tmp_path: Path) -> None:
    _written(tmp_path, "base", MACHINE)
    child = tmp_path / "child.yaml"
    child.write_text(
        "scenario: child\nextends: ./base.yaml\nresources: {vm: {vcpu: 2}}\n"
        "variants: {back: {title: Back, set: {resources.vm.vcpu: 4}}}\n",
        encoding="utf-8",
    )
    small = price_scenario(load_scenario(str(child), Catalog.shipped))
    assert [str(one) for one in small.unknowns] == [
        "vm: stated for 4 vCPU (standard-v3); 2 vCPU (standard-v3) is smaller, and nothing says how much it "
        "serves"
    ]
    assert price_scenario(load_scenario(f"{child}:back", Catalog.shipped)).unknowns == ()


@pytest.mark.parametrize("variants", [["restated", "plat"], ["plat", "restated"]])
def test_a_variant_states_a_capacity_for_its_own_machine_whatever_else_is_changed(
    variants: list[str], tmp_path: Path
) -> None:
    resources = (
        MACHINE
        + """\
variants:
  restated: {title: R, set: {resources.vm.vcpu: 2, resources.vm.capacity: {requests_per_second: 4}}}
  plat: {title: P, set: {resources.vm.platform: standard-v2}}
"""
    )
    said = ["vm: stated for 2 vCPU (standard-v3); 2 vCPU (standard-v2) is taken as no slower"]
    found = loaded(tmp_path, resources, variants=variants)
    assert list(map(str, price_scenario(found).caveats)) == said
    found = loaded(tmp_path, resources, "resources.vm.platform=standard-v2", variants=["restated"])
    assert list(map(str, price_scenario(found).caveats)) == said
    # Who states the capacity where the platform is set has that platform before the eyes.
    both = ("resources.vm.platform=standard-v2", "resources.vm.capacity.requests_per_second=4")
    assert price_scenario(loaded(tmp_path, resources, *both)).caveats == ()


@pytest.mark.parametrize(
    ("vcpu", "seconds"), [("0.1", Decimal(4)), ("0.5", Decimal("0.8")), ("2", Decimal("0.4"))]
)
def test_a_call_takes_longer_on_fewer_cores_than_its_time_was_stated_for(
    vcpu: str, seconds: Decimal, tmp_path: Path
) -> None:
    """400 ms on 1 vCPU: 4 s on a tenth of it; two do not make it shorter."""
    sets = [f"resources.api.vcpu={vcpu}", *(["resources.api.memory=4 GB"] if vcpu == "2" else [])]
    found = bill(tmp_path, CONTAINER, *sets)
    core = next(line for line in found.resources[0].line_items if line.sku.endswith("cpu"))
    assert core.quantity == round(Decimal(vcpu) * 1_000_000 * seconds / 3600, 12)
    assert found.verdict == ("kept" if seconds <= Decimal("1.5") else "broken")


def test_processor_time_follows_the_cores_by_itself(tmp_path: Path) -> None:
    text = (MADE + CONTAINER).replace("request_duration", "request_cpu_time").replace("vcpu: 1", "vcpu: 0.2")
    path = tmp_path / "made.yaml"
    path.write_text(text, encoding="utf-8")
    found = price_scenario(load_scenario(str(path), Catalog.shipped))
    [unmet] = found.unmet
    assert (unmet.what, unmet.needed) == ("slo", Decimal(2))
    assert found.assumptions == ()


def test_a_duration_beside_the_processor_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="`request_duration` or `request_cpu_time`, not both"):
        loaded(tmp_path, CONTAINER, "workload.request_cpu_time=1 s")


# The SLO of a capacity


@pytest.mark.parametrize(
    ("slo", "verdict"),
    [
        ("p95 <= 500 ms", "kept"),
        ("p95 <= 499 ms", "broken"),
        ("p96 <= 500 ms", "broken"),
        ("p90 <= 1 s", "kept"),
    ],
)
def test_a_capacity_at_a_looser_slo_does_not_keep_a_stricter_one(
    slo: str, verdict: str, tmp_path: Path
) -> None:
    sets = ["resources.vm.capacity.slo=p95 <= 500 ms", f"workload.slo={slo}"]
    assert bill(tmp_path, MACHINE, *sets).verdict == verdict


def test_no_verdict_depends_on_the_words_of_a_note(tmp_path: Path) -> None:
    note = '{value: 10, assumed: "the old box kept p99 <= 500 ms"}'
    assert bill(tmp_path, MACHINE, f"resources.vm.capacity.requests_per_second={note}").verdict == "kept"


def test_a_cpu_s_speed_never_stands_for_a_gpu_without_a_word() -> None:
    measured = "resources.inference.capacity={measured: digits-triton-grpc, max_replicas: 1}"
    found = price_scenario(load_scenario("stage2", Catalog.shipped, sets=[measured]))
    [caveat] = [one for one in found.caveats if one.resource == "inference"]
    assert caveat.what == "measured-on-cpu"
    assert caveat.reason.startswith("measured on a CPU (2 vCPU, AMD EPYC)")


# Reasons


def test_a_reason_is_its_sentence_and_remembers_what_it_is_made_of() -> None:
    reason = Reason("needs more than {count} machines", count=1200)
    assert reason == "needs more than 1,200 machines"
    assert (reason.message, dict(reason.values)) == ("needs more than {count} machines", {"count": 1200})


@pytest.mark.parametrize(
    ("seconds", "shown"), [(1.2, "1200"), (0.000418597, "0.4186"), (0.1, "100"), (1234.56, "1235000")]
)
def test_times_are_said_in_milliseconds_without_exponent(seconds: float, shown: str) -> None:
    assert str(milliseconds(seconds)) == shown
