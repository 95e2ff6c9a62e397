"""Hosts of databases: what is said of a class that is not sold."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.scenario.load import load_scenario

CACHE = """\
scenario: mine
title: Mine
workload: {monthly_requests: 1M}
resources:
  it: {kind: KIND, role: database, hosts: {count: 1, preset: no-such, storage: {size: 16 GB}}}
"""


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        ("managed-valkey", "no preset of the service is known; give `platform`, `vcpu` and `memory` instead"),
        ("managed-postgresql", "known: "),
    ],
)
def test_a_hint_never_lists_nothing(tmp_path: Path, kind: str, hint: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(CACHE.replace("KIND", kind), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_scenario(str(file), lambda _: Catalog.shipped())
    [fault] = refused.value.faults
    assert fault.hint is not None
    assert str(fault.hint).startswith(hint)
    assert str(fault.hint).strip() != "known:"
