"""Memory and cores that the provider does not sell are refused for serverless kinds, with what it sells."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.scenario.load import load_scenario

SHIPPED = Catalog.shipped()


def refused(tmp_path: Path, resource: str) -> str:
    """Return what is said against a resource; empty when it is sold."""
    path = tmp_path / "mine.yaml"
    path.write_text(
        "scenario: mine\ntitle: Mine\nworkload: {monthly_requests: 1M, request_duration: 100 ms}\n"
        f"resources:\n  it: {{role: inference, {resource}}}\n",
        encoding="utf-8",
    )
    try:
        load_scenario(str(path), lambda _: SHIPPED)
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("vcpu", "memory"),
    [
        ("1", "1 GB"), ("0.01", "128 MB"), ("0.2", "2 GB"), ("1", "4095 MB"), ("2", "4 GB"), ("1", "4 GB"),
        ("3", "6 GB"), ("4", "8 GB"), ("1.5", "4 GB"), ("1.02", "4 GB"), ("1.23", "6 GB"), ("0.5", "8 GB"),
    ],
)  # fmt: skip
def test_containers_that_are_sold(tmp_path: Path, vcpu: str, memory: str) -> None:
    # 1.5 are two cores at 75 %, 1.02 two at 51 %, 1.23 three at 41 %.
    assert refused(tmp_path, f"kind: serverless-container, vcpu: {vcpu}, memory: {memory}") == ""


@pytest.mark.parametrize(
    ("vcpu", "memory", "said", "hint"),
    [
        ("0", "1 GB", "whole percent, from 1 % on; 0 vCPU are not", "nearest: 0.01"),
        ("100", "1 GB", "1 GB of memory comes with at most 1 vCPU, got 100", "nearest: 1"),
        ("2", "1 GB", "1 GB of memory comes with at most 1 vCPU, got 2", "nearest: 1; 2 vCPU come with 4 GB"),
        ("2.5", "4 GB", "4 GB of memory comes with at most 2 vCPU, got 2.5", "3 vCPU come with 6 GB"),
        ("5", "8 GB", "8 GB of memory comes with at most 4 vCPU, got 5", "nearest: 4"),
        ("1", "0 GB", "an instance has at least 128 MB, got 0 GB", "nearest: 128 MB"),
        ("1", "64 GB", "an instance has at most 8 GB, got 64 GB", "nearest: 8 GB"),
        ("0.333", "1 GB", "0.333 vCPU are not", "nearest: 0.33 or 0.34"),
        ("1.01", "4 GB", "1.01 vCPU are not", "nearest: 1 or 1.02"),
    ],
)
def test_containers_that_are_not_sold(tmp_path: Path, vcpu: str, memory: str, said: str, hint: str) -> None:
    found = refused(tmp_path, f"kind: serverless-container, vcpu: {vcpu}, memory: {memory}")
    assert said in found
    assert hint in found
    assert "mine.yaml:5:" in found


@pytest.mark.parametrize(
    ("memory", "said"),
    [
        ("0 GB", "an instance has at least 128 MB, got 0 GB"),
        ("64 GB", "an instance has at most 4 GB, got 64 GB"),
        ("128 MB", ""),
        ("4 GB", ""),
    ],
)
def test_memory_of_functions(tmp_path: Path, memory: str, said: str) -> None:
    found = refused(tmp_path, f"kind: cloud-function, memory: {memory}")
    assert said in found
    assert bool(found) == bool(said)


def test_a_catalog_without_the_limit_refuses_nothing(tmp_path: Path) -> None:
    from costplan.resources.parts.serverless_shape import steps_of

    assert steps_of(SHIPPED, "serverless-containers", "no-such-limit") == []
