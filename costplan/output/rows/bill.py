"""Rows of bills, of their comparison, and of numbers taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.bill.compare import column_name
from costplan.analysis.bill.documents import CheckList, Checks, Comparison, Explanation
from costplan.analysis.policy.documents import PolicyResult
from costplan.output.views.feasibility_notes import not_billed_column
from costplan.output.views.view import DataRow
from costplan.pricing.estimate import Estimate, LineItem, Unpriced


def estimate_rows(estimate: Estimate) -> Iterator[DataRow]:
    """Give a row for each line of the bill, with or without a price, and for what nothing bills."""
    missing: dict[str, list[Unpriced]] = {}
    for part in estimate.unpriced:
        missing.setdefault(part.resource, []).append(part)
    for resource in estimate.resources:
        for line in resource.line_items:
            yield {
                "scenario": estimate.scenario,
                "resource": resource.name,
                "role": resource.role,
                **_line_row(line),
                "currency": estimate.currency,
            }
        for part in missing.pop(resource.name, ()):
            yield _unpriced_row(estimate, part, resource.role)
    for part in (part for parts in missing.values() for part in parts):
        yield _unpriced_row(estimate, part, "")
    for left_out in estimate.not_billed:
        yield {
            "scenario": estimate.scenario,
            "name": left_out.path,
            "quantity": left_out.value,
            "provenance": "not billed",
            "reason": str(left_out),
            "currency": estimate.currency,
        }


def _unpriced_row(estimate: Estimate, part: Unpriced, role: str) -> DataRow:
    return {
        "scenario": estimate.scenario,
        "resource": part.resource,
        "role": role,
        "sku": part.sku,
        "name": part.name,
        "quantity": part.quantity,
        "unit": part.unit,
        "provenance": "unpriced",
        "reason": part.reason,
        "currency": estimate.currency,
    }


def explanation_rows(explanation: Explanation) -> Iterator[DataRow]:
    """Give a row for each line that was taken apart."""
    for found in explanation.lines:
        yield {"resource": found.resource, **_line_row(found.line)}
    for part in explanation.unpriced:
        yield {
            "resource": part["resource"],
            "sku": part["sku"],
            "provenance": "unpriced",
            "reason": part["reason"],
        }


def check_rows(checks: Checks) -> Iterator[DataRow]:
    """Give a row for each rule."""
    for check in checks.checks:
        yield {"rule": check.rule, "passed": check.passed, "detail": check.detail}
    for one in checks.policies.results if checks.policies is not None else ():
        yield {"rule": one.rule, "passed": not one.fails, "detail": one.reason, **_policy_columns(one)}


def check_list_rows(found: CheckList) -> Iterator[DataRow]:
    """Give a row for each rule of each scenario."""
    for one in found.checks:
        yield from ({"scenario": one.scenario, **row} for row in check_rows(one))


def _policy_columns(one: PolicyResult) -> DataRow:
    return {
        "policy": one.policy,
        "level": one.level,
        "status": one.status,
        "limit": one.limit,
        "value": one.value,
        "currency": one.currency or None,
        "file": one.file,
        "line": Decimal(one.line) if one.line else None,
    }


def _line_row(line: LineItem) -> DataRow:
    return {
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "monthly_cost": line.monthly_cost,
        "provenance": line.provenance,
        "quantity_provenance": line.quantity_provenance,
        "source": line.source,
    }


def comparison_rows(comparison: Comparison) -> Iterator[DataRow]:
    """Give a row for each role of each scenario, and for its total."""
    for column in comparison.scenarios:
        common: DataRow = {"scenario": column_name(column), "monthly_requests": column.monthly_requests}
        for role, cost in column.roles.items():
            row = {**common, "role": role, "monthly_cost": cost, "currency": comparison.currency}
            yield row | _lower_bound(column.unpriced_roles.get(role, 0))
        yield {
            **common,
            "role": "total",
            "monthly_cost": column.total.monthly_cost,
            "currency": comparison.currency,
            **_lower_bound(column.unpriced),
            **not_billed_column(column.not_billed),
        }


def _lower_bound(unpriced: int) -> DataRow:
    """Give a column that says how many prices a cost lacks; none where it has all."""
    return {"unpriced": Decimal(unpriced)} if unpriced else {}
