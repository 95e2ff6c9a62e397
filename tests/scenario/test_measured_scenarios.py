"""Scenarios that take their figures from a result file: what is taken, how it is marked, what is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from measured_examples import measurement, point

from costplan.catalog.store import Catalog
from costplan.measurement.files import load_figures
from costplan.measurement.model import Latency, MeasuredCapacity
from costplan.messages.errors import InputError
from costplan.output.formats import rendered
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate, LineItem
from costplan.scenario.load import load_scenario


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one result: 100 requests/s, 150 ms for a request alone."""
    alone = point("single", service_ms=Latency(mean=150.0))
    (tmp_path / "results").mkdir()
    save(tmp_path / "results" / "api.json", points=(alone,))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(path: Path, **changes: Any) -> None:
    path.write_text(rendered(measurement(**changes), "json"), encoding="utf-8")


def write(text: str, path: str = "mine.yaml") -> str:
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text("scenario: mine\ntitle: Mine\nfree_tier: false\n" + text, encoding="utf-8")
    return f"./{path}"


def bill(reference: str, **changes: Any) -> Estimate:
    return price_scenario(load_scenario(reference, lambda name: Catalog.shipped(name), **changes))


def lines(estimate: Estimate) -> dict[str, LineItem]:
    return {line.sku: line for resource in estimate.resources for line in resource.line_items}


def refused(reference: str, **changes: Any) -> str:
    with pytest.raises(InputError) as caught:
        bill(reference, **changes)
    return str(caught.value)


CONTAINER = """\
workload: {monthly_requests: 1M, request_duration: {measured: results/api.json}}
resources:
  api: {kind: serverless-container, role: inference, vcpu: 2, memory: 4 GB}
"""
MACHINE = """\
workload: {monthly_requests: %s}
resources:
  api:
    kind: compute-instance
    role: inference
    vcpu: 2
    memory: 4 GB
    capacity: {measured: results/api.json%s}
"""


def test_the_time_of_a_request_comes_from_the_result_and_is_marked_measured() -> None:
    """On 2 vCPU, as measured: 2 x 1M x 150 ms / 3600 = 83.3333 core*hours."""
    found = bill(write(CONTAINER))
    core = lines(found)["serverless.containers.compute.cpu"]
    assert core.quantity == Decimal("83.333333333333")
    assert core.quantity_provenance == "measured"
    [why] = [a for a in found.assumptions if a.path == "workload.request_duration"]
    assert why.kind == "measured"
    assert "results/api.json: mean of one request at a time" in why.reason
    assert "Intel Xeon Processor (Icelake)" in why.reason
    assert "assumed: the provider's machine is as fast" in why.reason


def test_a_time_that_was_measured_on_more_cores_is_longer_on_fewer() -> None:
    """150 ms on 2 processors are at most 300 ms of work for one: 1M x 300 ms / 3600 = 83.3333 hours."""
    found = bill(write(CONTAINER.replace("vcpu: 2", "vcpu: 1")))
    core = lines(found)["serverless.containers.compute.cpu"]
    assert core.quantity == Decimal("83.333333333333")
    assert core.quantity_provenance == "assumed"
    [why] = [a for a in found.assumptions if a.path == "resources.api.vcpu"]
    assert why.reason == "the time of a request holds for 2 vCPU; on 1 it is taken as 2 times as long"


def test_a_path_begins_at_the_scenario_that_names_it(project: Path) -> None:
    (project / "designs").mkdir()
    text = CONTAINER.replace("results/api.json", "../results/api.json")
    assert lines(bill(write(text, "designs/mine.yaml")))["serverless.containers.compute.cpu"]


def test_a_result_of_an_extended_scenario_is_found_beside_that_one(project: Path) -> None:
    (project / "base").mkdir()
    save(project / "base" / "local.json", points=(point("single", service_ms=Latency(mean=250.0)),))
    write(CONTAINER.replace("results/api.json", "./local.json"), "base/base.yaml")
    Path("top.yaml").write_text("scenario: top\nextends: base/base.yaml\n", encoding="utf-8")
    core = lines(bill("./top.yaml"))["serverless.containers.compute.cpu"]
    assert core.quantity == Decimal("138.888888888889")  # 2 x 1M x 250 ms / 3600


def test_a_shipped_result_is_named_without_a_path() -> None:
    found = bill(write(CONTAINER.replace("results/api.json", "digits-service")))
    assert lines(found)["serverless.containers.compute.cpu"].quantity_provenance == "measured"


def test_a_result_may_be_set_from_the_command_line() -> None:
    found = bill("stage1", sets=["workload.request_duration={measured: results/api.json}"])
    assert any(a.kind == "measured" and "results/api.json" in a.reason for a in found.assumptions)


def test_a_variant_may_name_a_result() -> None:
    text = CONTAINER.replace("{measured: results/api.json}", "10 ms") + (
        "variants:\n  real:\n    title: Real\n    set:\n"
        "      workload.request_duration: {measured: results/api.json}\n"
    )
    found = bill(f"{write(text)}:real")
    assert lines(found)["serverless.containers.compute.cpu"].quantity_provenance == "measured"


def test_the_duration_of_a_resource_may_be_a_result_too() -> None:
    text = CONTAINER.replace(
        "request_duration: {measured: results/api.json}", "request_duration: 1 s"
    ).replace("memory: 4 GB", "memory: 4 GB, duration: {measured: results/api.json}")
    assert lines(bill(write(text)))["serverless.containers.compute.cpu"].quantity == Decimal(
        "83.333333333333"
    )


def test_a_container_s_capacity_gives_its_run_time() -> None:
    text = CONTAINER.replace(", request_duration: {measured: results/api.json}", "").replace(
        "memory: 4 GB", "memory: 4 GB, capacity: {measured: results/api.json}"
    )
    assert lines(bill(write(text)))["serverless.containers.compute.cpu"].quantity == Decimal(
        "83.333333333333"
    )


@pytest.mark.parametrize(
    ("load", "machines"),
    [("60 req/s", 1), ("61 req/s", 2), ("120 req/s", 2), ("601 req/s", 11), ("0", 1)],
)
def test_machines_are_as_many_as_the_load_needs_at_the_planned_share(load: str, machines: int) -> None:
    """100 requests/s at 60 %: each machine takes 60."""
    core = lines(bill(write(MACHINE % (load, ""))))["compute.vm.cpu.c100.v3"]
    assert core.quantity == 2 * 720 * machines
    assert core.quantity_provenance == "measured"


def test_the_planned_share_may_be_another() -> None:
    core = lines(bill(write(MACHINE % ("61 req/s", ", utilisation: 100%"))))["compute.vm.cpu.c100.v3"]
    assert core.quantity == 2 * 720


def test_a_capacity_at_a_lower_percentile_is_never_taken_for_the_slo_s(project: Path) -> None:
    capacity = MeasuredCapacity(100.0, 100.0, 105.0, "VALID", percentile=90.0, budget_for_slo_s=360.0)
    save(project / "results" / "few.json", capacity=capacity)
    figures = load_figures(project / "results" / "few.json", "few.json")
    assert figures.slo == "p90 <= 100 ms"
    assert figures.measured_at.percentile == Fraction(9, 10)
    assert load_figures(project / "results" / "api.json", "api.json").slo == "p99 <= 100 ms"
    asked = (MACHINE % ("60 req/s, slo: p99 <= 200 ms", "")).replace("api.json", "few.json")
    assert "slo" in [one.what for one in bill(write(asked)).unmet]
    kept = asked.replace("slo: p99", "slo: p90")
    assert "slo" not in [one.what for one in bill(write(kept)).unmet]


def test_a_capacity_may_be_stated_by_hand() -> None:
    text = MACHINE.replace("measured: results/api.json%s", "requests_per_second: 50%s")
    core = lines(bill(write(text % ("61 req/s", ""))))["compute.vm.cpu.c100.v3"]
    assert core.quantity == 2 * 720 * 3
    assert core.quantity_provenance == "stated"


def test_a_capacity_of_nothing_is_refused() -> None:
    text = MACHINE.replace("measured: results/api.json%s", "requests_per_second: 0%s")
    assert "must be above zero" in refused(write(text % ("1M", "")))


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd.json",
        "/etc/passwd.json",
        "results/../../x.json",
        "C:\\x.json",
        "results/\\\\?\\x.json",
    ],
)
def test_a_path_does_not_leave_the_project(path: str) -> None:
    said = refused(write(CONTAINER.replace("results/api.json", f"'{path}'")))
    assert "mine.yaml:4:" in said
    assert "workload.request_duration.measured" in said
    assert "inside the project" in said or "cannot read" in said


def test_a_link_out_of_the_project_is_refused(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "api.json"
    save(outside)
    (project / "results" / "link.json").symlink_to(outside)
    assert "inside the project" in refused(write(CONTAINER.replace("api.json", "link.json")))


ABOVE = CONTAINER.replace("results/api.json", "../results/api.json")


def test_a_path_is_relative_to_the_scenario_from_whatever_folder_of_the_project_it_is_priced(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(ABOVE, "designs/mine.yaml")
    save(project / "designs" / "beside.json", points=(point("single", service_ms=Latency(mean=150.0)),))
    write(CONTAINER.replace("results/api", "beside"), "designs/near.yaml")
    (project / "costplan.toml").touch()
    for folder, above in (
        (project, "./designs"),
        (project / "results", "../designs"),
        (project / "designs", "."),
    ):
        monkeypatch.chdir(folder)
        assert bill(f"{above}/mine.yaml").total == bill(f"{above}/near.yaml").total


@pytest.mark.parametrize("mark", ["costplan.toml", "pyproject.toml", ".git"])
def test_what_is_marked_as_a_project_may_be_named_from_below(
    project: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    write(ABOVE, "designs/mine.yaml")
    monkeypatch.chdir(project / "designs")
    said = refused("./mine.yaml")
    assert "must be a path inside the project, got `../results/api.json`" in said
    assert "costplan.toml or pyproject.toml or .git in a folder above makes that the project" in said
    (project / mark).touch()
    assert bill("./mine.yaml").total
    write(ABOVE.replace("..", "../.."), "mine.yaml")
    assert "inside the project" in refused("./mine.yaml")


def test_a_home_folder_is_no_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(ABOVE, "designs/mine.yaml")
    (project / ".git").touch()
    monkeypatch.setenv("HOME", str(project))
    monkeypatch.setenv("USERPROFILE", str(project))
    monkeypatch.chdir(project / "designs")
    assert "inside the project" in refused("./mine.yaml")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("results/none.json", "cannot read `results/none.json`"),
        ("digits-servic", "did you mean `digits-service`?"),
        ("results/broken.json", "not JSON"),
        ("results/poor.json", "missing"),
        ("results/none-passed.json", "has no time of a single request"),
        ("''", "must name a result file"),
        ("[a]", "must name a result file"),
    ],
)
def test_a_result_that_cannot_be_taken_is_refused_at_its_place(project: Path, name: str, said: str) -> None:
    results = project / "results"
    (results / "broken.json").write_text("{", encoding="utf-8")
    (results / "poor.json").write_text(json.dumps({"schema": "costplan/measurement/1"}), encoding="utf-8")
    save(results / "none-passed.json", points=())
    message = refused(write(CONTAINER.replace("results/api.json", name)))
    assert "mine.yaml:4:" in message
    assert said in message or (said == "missing" and "field required" in message)


def test_a_result_without_a_capacity_gives_none(project: Path) -> None:
    save(project / "results" / "api.json", capacity=MeasuredCapacity(None, None, None, "UNSTABLE"))
    assert "has no capacity" in refused(write(MACHINE % ("1M", "")))


def test_a_key_beside_the_result_of_a_duration_is_refused() -> None:
    text = CONTAINER.replace("{measured: results/api.json}", "{measured: results/api.json, colour: blue}")
    said = refused(write(text))
    assert "workload.request_duration.colour: unknown key" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "api.json%s}",
            "api.json, requests_per_second: 5}",
            "mine.yaml:11:44: resources.api.capacity.requests_per_second: `requests_per_second` says what "
            "`measured` says already, at mine.yaml:11:16",
        ),
        (
            "{measured: results/api.json%s}",
            "{request_duration: 5 ms, measured: results/api.json}",
            "mine.yaml:11:40: resources.api.capacity.measured: `measured` says what `request_duration` says "
            "already, at mine.yaml:11:16",
        ),
        (
            "monthly_requests: %s}",
            "monthly_requests: 1M, request_duration: {value: 5 ms, measured: digits-service}}",
            "mine.yaml:4:66: workload.request_duration.measured: `measured` says what `value` says already, "
            "at mine.yaml:4:53",
        ),
        (
            "monthly_requests: %s}",
            "monthly_requests: 1M, request_duration: {measured: results/api.json, value: 5 ms}}",
            "mine.yaml:4:81: workload.request_duration.value: `value` says what `measured` says already",
        ),
    ],
)
def test_a_measurement_and_a_value_beside_it_are_refused_with_both_places(
    old: str, new: str, said: str
) -> None:
    text = MACHINE.replace(old, new).replace(": %s}", ": 1M}").replace("%s", "")
    assert said in refused(write(text))


def test_a_container_has_one_run_time() -> None:
    text = CONTAINER.replace(
        "memory: 4 GB", "memory: 4 GB, duration: 1 s, capacity: {measured: results/api.json}"
    )
    said = "resources.api.capacity.measured: `measured` says what `duration` says already, at mine.yaml:6:"
    assert said in refused(write(text))


def test_a_reason_that_is_no_result_may_stand_beside_a_value() -> None:
    text = CONTAINER.replace(
        "{measured: results/api.json}", "{value: 200 ms, measured: 'k6 in results/api.json'}"
    )
    assert lines(bill(write(text)))["serverless.containers.compute.cpu"].quantity == Decimal(
        "111.111111111111"
    )


@pytest.mark.parametrize(
    ("change", "machines"),
    [("capacity.requests_per_second=61", 2), ("capacity.measured=results/api.json", 1)],
)
def test_the_source_of_a_capacity_that_is_stated_last_holds(change: str, machines: int) -> None:
    """60 requests/s at 60 %: one machine that serves 100, two that serve 61 (36.6 each)."""
    base = MACHINE % ("60 req/s", "")
    if "measured" in change:
        base = base.replace("measured: results/api.json", "requests_per_second: 10, request_duration: 1 s")
    core = lines(bill(write(base), sets=[f"resources.api.{change}"]))["compute.vm.cpu.c100.v3"]
    assert core.quantity == 2 * 720 * machines


def test_a_resource_that_is_called_capacity_is_a_resource() -> None:
    text = CONTAINER.replace("  api:", "  capacity:")
    assert [resource.name for resource in bill(write(text)).resources] == ["capacity"]
