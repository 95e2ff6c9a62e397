"""What a workload states and no resource bills is named by every command, and refused where it is strict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from costplan.analysis.bill.check import check
from costplan.catalog.store import Catalog
from costplan.cli.run import run
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.document.variants import with_variants
from costplan.scenario.load import load_scenario

Capsys = pytest.CaptureFixture[str]

NETWORK = "  net: {kind: network, role: network}\n"
LOGS = "  logs: {kind: logging, role: logs}\n"
BUCKET = "  bucket: {kind: object-storage, role: storage, keeps_requests: true}\n"
NOTHING_KEPT = BUCKET.replace("true", "false")
SIZES = {
    "response_size": "1 MB",
    "log_size": "2 KB",
    "log_retention": "30 days",
    "stored_size": "1 MB",
    "retention": "30 days",
}
NO_NETWORK = "workload.response_size is stated, but no resource bills it: add a `network`"


def design(folder: Path, resources: str = "", sizes: dict[str, str] = SIZES, name: str = "shop") -> Path:
    path = folder / f"{name}.yaml"
    stated = "".join(f", {field}: {value}" for field, value in sizes.items())
    path.write_text(
        f"scenario: {name}\ntitle: Shop\nworkload: {{monthly_requests: 100M, growth: 10%/month{stated}}}\n"
        "budget: {currency: RUB, total: 1000000}\n"
        f"resources:\n  vm: {{kind: compute-instance, role: inference, vcpu: 2, memory: 4 GB}}\n{resources}",
        encoding="utf-8",
    )
    return path


def bill(path: Path, *overlays: Path) -> Estimate:
    return price_scenario(load_scenario(str(path), lambda name: Catalog.shipped(name, *overlays)))


def left_out(path: Path, *overlays: Path) -> list[str]:
    return [one.path.removeprefix("workload.") for one in bill(path, *overlays).not_billed]


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ("", [*SIZES]),
        (NETWORK, ["log_size", "log_retention", "stored_size", "retention"]),
        (LOGS, ["response_size", "stored_size", "retention"]),
        (BUCKET, ["response_size", "log_size", "log_retention"]),
        (NOTHING_KEPT, [*SIZES]),
        (NETWORK + LOGS + BUCKET, []),
    ],
)
def test_sizes_that_no_resource_bills_are_named(resources: str, expected: list[str], tmp_path: Path) -> None:
    assert left_out(design(tmp_path, resources)) == expected


def test_each_has_its_value_and_who_would_bill_it(tmp_path: Path) -> None:
    """1 MB are 1,048,576 bytes, 30 days 2,592,000 seconds."""
    found = {one.path: one for one in bill(design(tmp_path)).not_billed}
    assert int(found["workload.response_size"].value) == 1024 * 1024
    assert int(found["workload.retention"].value) == 30 * 24 * 3600
    assert str(found["workload.response_size"]) == NO_NETWORK
    assert found["workload.log_size"].hint == "add a `logging`"


@pytest.mark.parametrize(
    "resources",
    [
        "  net: {kind: network, role: network, egress: 5 GB}\n",
        "  net: {kind: metered, role: other, service: vpc, uses: [{sku: network.egress.inet, quantity: 5}]}",
    ],
)
def test_traffic_that_is_billed_as_an_amount_of_its_own_is_billed(resources: str, tmp_path: Path) -> None:
    assert left_out(design(tmp_path, resources, {"response_size": "1 MB"})) == []


def test_a_size_of_nothing_is_left_out_of_no_bill(tmp_path: Path) -> None:
    assert left_out(design(tmp_path, "", {"response_size": "0 B", "log_size": "0 KB"})) == []


def test_traffic_in_is_free_by_the_list_and_said_where_a_list_has_a_price_for_it(tmp_path: Path) -> None:
    path = design(tmp_path, "", {"request_size": "3 MB"})
    assert left_out(path) == []
    layer = tmp_path / "contract"
    layer.mkdir()
    (layer / "vpc.yaml").write_text(
        "service: vpc\ntitle: Contract\nskus:\n  - code: network.ingress.inet\n    name: Traffic in\n"
        "    pricing_unit: GB\n    prices:\n      - {effective_from: 2026-01-01, source: contract, "
        "checked: 2026-01-01, confidence: list, rates: {RUB: 0.5}}\n",
        encoding="utf-8",
    )
    assert left_out(path, layer) == ["request_size"]
    balanced = design(
        tmp_path, "  nlb: {kind: network-load-balancer, role: network}\n", {"request_size": "3 MB"}
    )
    assert left_out(balanced, layer) == []


@pytest.mark.parametrize("reference", [r for s in ("stage1", "stage2", "stage3") for r in with_variants(s)])
def test_the_shipped_stages_bill_all_that_they_state(reference: str) -> None:
    assert price_scenario(load_scenario(reference, Catalog.shipped)).not_billed == ()


COMMANDS = ("estimate", "check", "compare", "curve", "timeline --months 2", "plan")


@pytest.mark.parametrize("line", COMMANDS)
@pytest.mark.parametrize("form", ["table", "md", "csv", "json"])
def test_every_command_says_it_in_every_form(line: str, form: str, tmp_path: Path, capsys: Capsys) -> None:
    path = design(tmp_path, LOGS + BUCKET)
    run([*line.split(), str(path), "--format", form])
    out = " ".join(capsys.readouterr().out.split())
    words = NO_NETWORK if form in ("table", "csv", "json") else "no resource bills it: add a"
    assert words in out
    run([*line.split(), str(design(tmp_path, NETWORK + LOGS + BUCKET)), "--format", form])
    assert "no resource bills it" not in capsys.readouterr().out


@pytest.mark.parametrize("line", ["estimate", "compare", "curve", "timeline --months 2"])
def test_strict_commands_refuse_it(line: str, tmp_path: Path) -> None:
    path = design(tmp_path, LOGS + BUCKET)
    assert run([*line.split(), str(path)]) == 0
    assert run([*line.split(), str(path), "--strict"]) == 1
    whole = design(tmp_path, NETWORK + LOGS + BUCKET)
    assert run([*line.split(), str(whole), "--strict"]) == 0


def test_check_fails_unless_holes_may_be_in_the_bill(tmp_path: Path) -> None:
    found = bill(design(tmp_path, LOGS + BUCKET))
    [rule] = [one for one in check(found).checks if one.rule == "sizes billed"]
    assert (rule.passed, rule.detail) == (False, NO_NETWORK)
    assert not check(found).passed
    [let] = [one for one in check(found, allow_unpriced=True).checks if one.rule == "sizes billed"]
    assert (let.passed, let.is_warning, let.detail) == (True, True, NO_NETWORK)
    assert check(found, allow_unpriced=True).passed
    assert check(bill(design(tmp_path, NETWORK + LOGS + BUCKET))).passed


def test_a_plan_looks_at_the_whole_design_and_not_at_its_parts(tmp_path: Path, capsys: Capsys) -> None:
    """The machine is searched apart from the network; the network bills what the machine sends."""
    path = design(tmp_path, NETWORK + LOGS + BUCKET)
    assert run(["plan", str(path), "--format", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert all(caveat["what"] != "not-billed" for row in plan["considered"] for caveat in row["caveats"])
    assert [base["not_billed"] for base in plan["bases"]] == [[]]


def test_a_plan_without_a_design_says_it_too(tmp_path: Path, capsys: Capsys) -> None:
    run(["plan", str(design(tmp_path, LOGS + BUCKET)), "--budget", "1RUB", "--format", "json"])
    plan = json.loads(capsys.readouterr().out)
    assert (plan["chosen"], plan["notes"]) == (None, [NO_NETWORK])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", f"Not in the bill of shop: {NO_NETWORK}."),
        ("ru", "В счёт shop не вошло: workload.response_size указано, но ни в одном ресурсе не оплачивается"),
    ],
)
@pytest.mark.parametrize("brief", [[], ["--brief"]], ids=["whole", "brief"])
def test_the_report_says_it(
    language: str,
    said: str,
    brief: list[str],
    tmp_path: Path,
    capsys: Capsys,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = design(tmp_path, LOGS + BUCKET)
    monkeypatch.chdir(tmp_path)
    assert run(["report", str(path), "--md", "--no-charts", "--lang", language, *brief, "-o", "r.md"]) == 0
    text = " ".join(Path("r.md").read_text(encoding="utf-8").replace("\\", "").split())
    assert said in text
