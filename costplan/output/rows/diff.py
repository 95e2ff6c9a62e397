"""Rows of a diff: one for each line that changed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.diff.documents import Cause, Diff, LineDiff, ResourceDiff
from costplan.output.views.view import DataRow
from costplan.quantities.money import exact_sum

CAUSES = ("quantity", "price", "sku", "tier", "currency", "rule", "discount")


def diff_rows(diff: Diff) -> Iterator[DataRow]:
    """Give a row for each line that changed, for each resource without one, and for what has no price."""
    for resource in diff.resources:
        about = {"resource": resource.name, "old_resource": resource.old_name, "role": resource.role}
        for line in resource.lines:
            yield {**about, **_line_row(line, resource), "currency": diff.currency}
        if not resource.lines:
            yield {**about, "change": resource.change, "delta": resource.delta, "currency": diff.currency}
    for part in diff.unpriced:
        yield {
            "resource": part.resource,
            "sku": part.sku,
            "name": part.name,
            "change": part.change,
            "unit": part.unit,
            "old_quantity": part.old_quantity,
            "new_quantity": part.new_quantity,
            "reason": part.reason,
            "currency": diff.currency,
        }


def _line_row(line: LineDiff, resource: ResourceDiff) -> DataRow:
    return {
        "change": line.change if resource.change == "changed" else resource.change,
        "sku": line.sku,
        "name": line.name,
        "unit": line.unit,
        "old_quantity": line.old_quantity,
        "new_quantity": line.new_quantity,
        "old_cost": line.old_cost,
        "new_cost": line.new_cost,
        "delta": line.delta,
        **{f"by_{what}": _part(line.causes, what) for what in CAUSES},
    }


def _part(causes: tuple[Cause, ...], what: str) -> Decimal:
    return exact_sum([one.delta for one in causes if one.what == what])
