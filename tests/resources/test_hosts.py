"""Hosts of databases: what is said of a class that is not sold."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.resources.kinds.databases.managed_postgresql import ManagedPostgresql
from costplan.resources.parts.presets import find_preset, preset_problems
from costplan.scenario.load import load_scenario

CACHE = """\
scenario: mine
title: Mine
workload: {monthly_requests: 1M}
resources:
  it: {kind: KIND, role: database, hosts: {count: 1, preset: no-such, storage: {size: 16 GB}}}
"""


def refused_with(folder: Path, hosts: str, kind: str = "managed-postgresql") -> tuple[str, str]:
    """Return what is said of the hosts of a scenario, and the hint."""
    file = folder / "mine.yaml"
    text = CACHE.replace("KIND", kind).replace("preset: no-such", hosts)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_scenario(str(file), lambda _: Catalog.shipped())
    [fault] = refused.value.faults
    return str(fault.message), str(fault.hint)


def test_a_hint_names_classes_where_there_are_any(tmp_path: Path) -> None:
    for kind in ("managed-postgresql", "managed-valkey"):
        _, hint = refused_with(tmp_path, "preset: no-such", kind)
        assert hint.startswith("known: ")
        assert hint.strip() != "known:"


def test_a_hint_never_lists_nothing() -> None:
    [problem] = preset_problems(Catalog.shipped(), "compute", "no-such")
    assert problem.hint == ("no preset of the service is known; give `platform`, `vcpu` and `memory` instead")


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("s2.mikro", "s2-micro"), ("s3-c8-m31", "s3-c8-m32"), ("m4a-c4-m31", "m4a-c4-m32")],
)
def test_an_unknown_class_names_the_nearest(tmp_path: Path, written: str, nearest: str) -> None:
    message, hint = refused_with(tmp_path, f"preset: {written}")
    assert message == f"`{written.replace('.', '-')}` is not a preset of Managed Service for PostgreSQL"
    assert hint == f"did you mean `{nearest}`?"


@pytest.mark.parametrize("written", ["s2.micro", "s2-micro"])
def test_a_class_is_written_as_the_provider_does_or_as_the_catalog(tmp_path: Path, written: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(CACHE.replace("KIND", "managed-postgresql").replace("no-such", written))
    found = load_scenario(str(file), lambda _: Catalog.shipped()).resources["it"]
    assert isinstance(found, ManagedPostgresql)
    assert found.hosts.preset == "s2-micro"


@pytest.mark.parametrize("written", ["s2-micro", "zookeeper-s2-micro"])
def test_what_coordinates_a_cluster_has_the_shapes_of_its_hosts_and_prices_of_its_own(written: str) -> None:
    """ZooKeeper hosts of class s2.micro are billed as ZooKeeper hosts, not as hosts of ClickHouse."""
    found = find_preset(Catalog.shipped(), "managed-clickhouse", written, "zookeeper")
    assert found is not None
    assert (found.name, found.platform) == ("zookeeper-s2-micro", "zookeeper-cascade-lake")
    assert (found.vcpu, found.memory_gb, found.fraction) == (2, 8, 100)
