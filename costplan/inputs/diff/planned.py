"""The sides of a plan of Terraform: what is there before it, and what it leads to."""

from __future__ import annotations

from costplan.inputs.bundles import Changes, Layers
from costplan.inputs.diff.sides import Side
from costplan.inputs.scenarios import catalog_opener
from costplan.messages.text import visible
from costplan.scenario.planned_change import load_planned_change


def sides_of_plan(
    reference: str, layers: Layers, changes: Changes
) -> tuple[tuple[Side, Side], dict[str, str]]:
    """Read both sides of a plan.

    Returns:
        The sides, and address after -> address before of what moves.

    Raises:
        InputError: It cannot be read, is a state, or holds nothing of the provider.
    """
    found = load_planned_change(
        reference,
        catalog_opener(*layers),
        sets=changes.changes or (),
        requests=changes.requests,
        quotas=changes.quotas or (),
        workload=changes.workload,
    )
    shown = "<stdin>" if reference == "-" else visible(reference)
    return (Side(shown, found.before), Side(shown, found.after)), found.moves
