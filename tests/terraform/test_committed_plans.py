"""The plans of the designs belong to their sources, and hold nothing of the machine that made them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from terraform_stub.runs import designs, document_of, fingerprint, fingerprints

LARGEST = 100_000


def test_there_are_designs() -> None:
    assert len(designs()) >= 14
    assert list(fingerprints()) == [design.name for design in designs()]


@pytest.mark.parametrize("design", designs(), ids=lambda path: path.name)
def test_a_plan_is_that_of_its_sources(design: Path) -> None:
    """`python tests/support/terraform_stub/runs.py` plans anew what has been edited."""
    assert fingerprints()[design.name] == fingerprint(design)


@pytest.mark.parametrize("design", designs(), ids=lambda path: path.name)
def test_a_plan_is_small_and_names_no_machine(design: Path) -> None:
    text = document_of(design).read_text(encoding="utf-8")
    assert len(text) < LARGEST
    assert json.loads(text)["format_version"].startswith("1.")
    for mark in ("/tmp", "/home", "/root", "provider.sock", "timestamp"):
        assert mark not in text
