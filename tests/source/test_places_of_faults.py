"""What only pricing finds out is said at its place, and what a variant breaks names the variant."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.cli.run import run

Capsys = pytest.CaptureFixture[str]
HEAD = "scenario: s\ntitle: t\n"
CLUSTER = """workload: {monthly_requests: 1M}
resources:
  db:
    kind: managed-postgresql
    role: database
    hosts: {preset: s3-c2-m8, count: 1, storage: {type: network-ssd, size: 20 GB}}
    capacity: {waiting: M/M/c, request_duration: 5 ms}
"""
CALLS = """workload: {monthly_requests: 1M, request_duration: TIME, slo: p99 <= 100 ms}
resources:
  f: {kind: cloud-function, role: other, memory: 128 MB, cold_start: 1 s, idle_limit: LIMIT}
"""
VARIANTS = """workload: {monthly_requests: 1M}
resources:
  a: {kind: dns, role: other}
  b: {kind: dns, role: other, talks_to: [a]}
variants:
  no-a: {title: without a, set: {resources.a: ~}}
  none: {title: nothing, set: {resources: {}}}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CLUSTER, "s.yaml:6:5: resources.db: needs `workload.slo`: `waiting: M/M/c` plans replicas by it"),
        (
            CALLS.replace("TIME", "10 ms").replace("LIMIT", "1 s"),
            "s.yaml:5:87: resources.f.idle_limit: idle limit must be at least 20 x",
        ),
        (
            CALLS.replace("TIME", "0 s").replace("LIMIT", "10 min"),
            "s.yaml:5:70: resources.f.cold_start: needs a run time above 0",
        ),
        (
            CALLS.replace("TIME", "10 ms").replace("idle_limit: LIMIT", "max_instances: 1000000000000"),
            "resources.f.max_instances: must be at most 1,000,000, got 1,000,000,000,000",
        ),
    ],
)
@pytest.mark.parametrize("command", ["estimate", "check --max 5", "curve", "plan", "timeline --growth 0%"])
def test_what_cannot_be_worked_out_is_said_at_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys, command: str, text: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(HEAD + text)
    name, *words = command.split()
    assert run([name, "s.yaml", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_variant_that_cannot_stand_alone_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(HEAD + VARIANTS)
    assert run(["estimate", "s.yaml:no-a"]) == 2
    assert "there is no resource `a` (with the variant `no-a`)" in capsys.readouterr().err
    assert run(["estimate", "s.yaml:none"]) == 2
    assert (
        "resources: must hold 1 or more entries, got 0 (with the variant `none`)" in capsys.readouterr().err
    )


def test_a_page_has_as_many_replicas_as_are_solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """64 servers in each replica: 300 of them would be more than the 10,000 that waiting is solved for."""
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(
        f"{HEAD}workload: {{monthly_requests: 1M, slo: p90 <= 100 ms}}\nresources:\n"
        "  a: {kind: compute-instance, role: other, vcpu: 2, memory: 4 GB,\n"
        "      capacity: {waiting: M/M/c, request_duration: 20 ms, concurrency: 64}}\n"
    )
    assert run(["report", "s.yaml", "-o", "s.html"]) == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("budget: 300", "budget: has no currency; write it like `300 USD`"),
        ("budget: some", "budget: is not a number: `some`; write an amount like `2000 USD`"),
        ("budget: 300 EUR", "budget: must be one of RUB, USD, KZT; got `EUR`"),
        ("budget: {currency: RUB, total: 5 USD}", "budget: is in RUB, but `total` is in USD"),
        ("business: {cash: 300 EUR, vat: payer}", "business.cash: there is no currency `EUR`"),
        ("business: {price_per_user: 590}", "price_per_user: has no currency; write it like `590 USD`"),
        ("business: {cash: much}", "business.cash: is not a number: `much`; write an amount like `2000 USD`"),
    ],
)
def test_money_in_a_wrong_form_is_shown_in_the_right_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys, text: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(f"{HEAD}extends: stage1\n{text}\n")
    assert run(["estimate", "s.yaml"]) == 2
    assert says in capsys.readouterr().err


def test_a_base_that_cannot_be_read_is_said_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("large.yaml").write_text("a" * 6_000_000)
    Path("s.yaml").write_text(f"{HEAD}extends: ./large.yaml\n")
    assert run(["estimate", "s.yaml"]) == 2
    assert "s.yaml:3:10: extends: large.yaml: holds 6,000,000 bytes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        ("[nope]", ["must be one of"]),
        ("[]", ["must hold 1 or more entries"]),
        ("[nope, api]", ["must be", "must be"]),
    ],
)
def test_a_list_whose_entries_are_wrong_is_not_called_too_short(
    tmp_path: Path, capsys: Capsys, roles: str, told: list[str]
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(f"policy: p\nrules:\n  - {{name: r, required_roles: {roles}}}\n")
    assert run(["check", "stage1", "--policy", str(policy)]) == 2
    faults = [line for line in capsys.readouterr().err.splitlines() if line.startswith(str(policy))]
    assert len(faults) == len(told)
    assert all(words in fault for words, fault in zip(told, faults, strict=True))
