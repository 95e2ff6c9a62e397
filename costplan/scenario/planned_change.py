"""A plan of Terraform as two scenarios: what is there before it, and what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from costplan.catalog.store import Catalog
from costplan.scenario.document.files import Document, plan_bytes
from costplan.scenario.document.layers import resolve_extends
from costplan.scenario.document.usage_file import usage_beside
from costplan.scenario.load import apply_changes
from costplan.scenario.loaded import LoadedScenario
from costplan.terraform.plan_file import is_plan

_HEAD = 4096


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """Both sides of a plan."""

    before: LoadedScenario
    after: LoadedScenario
    moves: dict[str, str]
    """Address after -> address before."""


def names_plan(reference: str) -> bool:
    """Say whether a reference names a plan or a state of Terraform, by how the file begins."""
    if reference == "-":
        return True
    try:
        with Path(reference).open("rb") as file:
            return Path(reference).is_file() and is_plan(file.read(_HEAD))
    except (OSError, ValueError):
        return False


def load_planned_change(
    reference: str,
    open_catalog: Callable[[str], Catalog],
    *,
    sets: Sequence[str] = (),
    requests: str | None = None,
    quotas: Sequence[Path] = (),
    workload: Path | None = None,
) -> PlannedChange:
    """Load both sides of a plan with the same options.

    Raises:
        InputError: With every fault that was found.
    """
    from costplan.terraform.document import change_documents  # few designs come from Terraform

    data = plan_bytes(reference)
    shown = "<stdin>" if reference == "-" else reference
    *documents, moves = change_documents(data, shown, usage_beside(workload, requests))
    path = None if reference == "-" else Path(reference)
    before, after = (
        apply_changes(
            resolve_extends(Document(one, path, shown, is_plan=True)),
            open_catalog,
            sets=sets,
            requests=requests,
            quotas=quotas,
        )
        for one in documents
    )
    return PlannedChange(before, after, moves)
