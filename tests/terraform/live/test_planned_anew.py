"""Terraform plans the designs with the stub of the provider, and the plans are those that are committed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from terraform_stub.runs import DESIGNS, Terraform, designs, document_of, terraform
from triton_env import part

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def tool() -> Iterator[Terraform]:
    with terraform(part("terraform-stub") / "bin" / "python") as found:
        yield found


def comparable(document: Any) -> Any:
    """Leave out which Terraform it was."""
    if isinstance(document, list):
        return [comparable(one) for one in document]
    if isinstance(document, dict):
        return {key: comparable(one) for key, one in document.items() if key != "terraform_version"}
    return document


@pytest.mark.parametrize("design", designs(), ids=lambda path: path.name)
def test_a_committed_plan_is_not_stale(tool: Terraform, design: Path) -> None:
    committed = json.loads(document_of(design).read_text(encoding="utf-8"))
    assert comparable(tool.planned(design)) == comparable(committed)


def test_the_designs_are_written_as_terraform_formats_them(tool: Terraform) -> None:
    tool.run(DESIGNS, "fmt", "-check", "-recursive", "-diff")


@pytest.mark.parametrize("design", designs(), ids=lambda path: path.name)
def test_a_design_is_valid(tool: Terraform, design: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(design, tmp_path / design.name)
    tool.run(folder, "init", "-input=false")
    assert json.loads(tool.run(folder, "validate", "-json"))["valid"]


def test_the_stub_knows_what_may_stand_where(tool: Terraform, tmp_path: Path) -> None:
    """A frequent mistake: the environment of a GPU belongs into a block of its own."""
    folder = shutil.copytree(DESIGNS / "gpu-nodes", tmp_path / "gpu-nodes")
    main = folder / "main.tf"
    text = main.read_text()
    start, end = text.index("    gpu_settings {"), text.index("  scale_policy {")
    main.write_text(f'{text[:start]}    gpu_environment = "runc"\n  }}\n\n{text[end:]}')
    tool.run(folder, "init", "-input=false")
    with pytest.raises(
        AssertionError, match='An argument named \\\\"gpu_environment\\\\" is not expected here'
    ):
        tool.run(folder, "validate", "-json")
