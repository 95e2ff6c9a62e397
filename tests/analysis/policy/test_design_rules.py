"""Rules about the design, each kept and broken."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from policies import only_result, policy_of, subjects, write

from costplan.analysis.policy.documents import PolicyResult
from costplan.analysis.policy.subject import Subject

TEXT = """\
scenario: shop
title: A shop
workload:
  monthly_requests: 1M
  slo: p95 <= 300 ms
  request_duration: 100 ms
resources:
  web:
    kind: compute-instance
    role: compute
    platform: standard-v3
    vcpu: 2
    memory: 4 GB
    count: {count}
    preemptible: {preemptible}
    capacity: {{requests_per_second: {capacity}, slo: p95 <= 300 ms, max_replicas: 2}}
    disks: [{{type: network-hdd, size: 20 GB}}]
  records:
    kind: managed-postgresql
    role: database
    capacity: {{requests_per_second: 100, slo: p95 <= 300 ms}}
    hosts: {{preset: s3-c2-m8, count: {hosts}, storage: {{type: network-ssd, size: 20 GB}}}}
    {backups}
"""


def shop(folder: Path, **changes: str) -> Subject:
    values = {"count": "2", "preemptible": "no", "capacity": "100", "hosts": "2", "backups": ""} | changes
    [found] = subjects(write(folder / "shop.yaml", TEXT.format(**values)))
    return found


def asked(folder: Path, rule: str, subject: Subject) -> PolicyResult:
    return only_result(policy_of(folder, f"  - {{name: one, {rule}}}\n"), subject)


def test_machines_that_may_be_stopped_break_the_rule_for_their_role_only(tmp_path: Path) -> None:
    stopped = shop(tmp_path, preemptible="yes")
    broken = asked(tmp_path, "preemptible: forbidden", stopped)
    assert (broken.status, broken.reason) == ("broken", "the provider may stop the machines of web")
    assert [(place.resource, place.line) for place in broken.places] == [("web", 8)]
    assert asked(tmp_path, "preemptible: forbidden, roles: [database]", stopped).status == "passed"
    assert asked(tmp_path, "preemptible: forbidden", shop(tmp_path)).status == "passed"


def test_one_machine_or_host_is_not_enough_for_two_zones(tmp_path: Path) -> None:
    assert asked(tmp_path, "min_zones: 2", shop(tmp_path)).status == "passed"
    broken = asked(tmp_path, "min_zones: 2", shop(tmp_path, count="1", hosts="1"))
    assert (broken.status, broken.limit, broken.unit) == ("broken", Decimal(2), "zones")
    assert broken.reason == "web: 1 for 2 zones, records: 1 for 2 zones"
    one = asked(tmp_path, "min_zones: 3, roles: [database]", shop(tmp_path, count="1", hosts="2"))
    assert one.reason == "records: 2 for 3 zones"


def test_databases_without_stated_backups_break_the_rule(tmp_path: Path) -> None:
    broken = asked(tmp_path, "backups: required", shop(tmp_path))
    assert (broken.status, broken.reason) == ("broken", "no `backup_size` is stated of records")
    assert (
        asked(tmp_path, "backups: required", shop(tmp_path, backups="backup_size: 5 GB")).status == "passed"
    )
    assert (
        asked(tmp_path, "backups: required", shop(tmp_path, backups="backup_size: 0 GB")).status == "broken"
    )


def test_a_database_that_is_no_managed_one_leaves_its_backups_open(tmp_path: Path) -> None:
    own = asked(tmp_path, "backups: required, resources: [web]", shop(tmp_path))
    assert (own.status, own.reason) == ("unknown", "nothing says whether web is backed up")


def test_each_required_role_has_a_resource(tmp_path: Path) -> None:
    assert asked(tmp_path, "required_roles: [database, compute]", shop(tmp_path)).status == "passed"
    broken = asked(tmp_path, "required_roles: [monitoring, database, logs]", shop(tmp_path))
    assert broken.reason == "there is no resource of the role monitoring, logs"


@pytest.mark.parametrize("rule", ["slo: kept", "feasibility: kept"])
def test_a_design_that_is_known_to_work_keeps_the_rule(tmp_path: Path, rule: str) -> None:
    assert asked(tmp_path, rule, shop(tmp_path)).status == "passed"


def test_a_design_with_too_little_capacity_is_infeasible_and_its_slo_cannot_be_said(tmp_path: Path) -> None:
    """A million requests a month are 0.4 a second on average; both machines answer 0.2 together."""
    short = shop(tmp_path, capacity="0.1")
    broken = asked(tmp_path, "feasibility: kept", short)
    assert broken.status == "broken"
    assert "web" in [place.resource for place in broken.places]
    slo = asked(tmp_path, "slo: kept", short)
    assert (slo.status, slo.fails) == ("unknown", True)


def test_without_an_slo_it_is_not_kept_and_not_broken(tmp_path: Path) -> None:
    [found] = subjects(
        write(tmp_path / "free.yaml", TEXT.format(
            count="2", preemptible="no", capacity="100", hosts="2", backups=""
        ).replace("  slo: p95 <= 300 ms\n", ""))
    )  # fmt: skip
    assert asked(tmp_path, "slo: kept", found).status == "unknown"
    assert asked(tmp_path, "slo: kept, level: warn", found).fails is False


def test_quotas_that_must_be_raised_break_the_rule(tmp_path: Path) -> None:
    [stage2] = subjects("stage2")  # a T4, of which a new cloud may have none
    broken = asked(tmp_path, "quotas: enough", stage2)
    assert broken.status == "broken"
    assert broken.reason.startswith("needs a raised quota compute.instanceT4Gpus.count from 0 to 1")
    assert asked(tmp_path, "quotas: enough", shop(tmp_path)).status == "passed"


def test_services_that_end_break_the_rule(tmp_path: Path) -> None:
    [old] = subjects(
        write(
            tmp_path / "old.yaml",
            """\
            scenario: old
            title: Old
            workload: {monthly_requests: 0}
            resources:
              images: {kind: container-registry, role: ci-cd, size: 10 GB}
              fee: {kind: fixed-cost, role: other, amounts: {RUB: 1}, source: offer}
            """,
        )
    )
    broken = asked(tmp_path, "ending_services: forbidden", old)
    assert broken.status == "broken"
    assert broken.reason.startswith("images: ")
    assert [place.resource for place in broken.places] == ["images"]
    assert asked(tmp_path, "ending_services: forbidden", shop(tmp_path)).status == "passed"


@pytest.mark.parametrize("rule", ["preemptible: forbidden", "min_zones: 2", "backups: required"])
def test_a_saved_bill_does_not_say_how_the_design_is_made(tmp_path: Path, rule: str) -> None:
    saved = replace(shop(tmp_path), design=None, file="head.json")
    found = asked(tmp_path, rule, saved)
    assert (found.status, found.file) == ("unknown", "head.json")
    assert found.reason == "a saved bill does not say: check the scenario itself"
