"""CSV for spreadsheets: one row per line of the bill, amounts exact, texts that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from costplan.analysis.bill.compare import column_name
from costplan.analysis.bill.documents import Checks, Comparison, Explanation
from costplan.analysis.curve.document import Curve
from costplan.analysis.inventory.price_list import PriceHistory, PriceList
from costplan.analysis.inventory.quota_list import QuotaList
from costplan.analysis.inventory.scenario_list import ScenarioList
from costplan.analysis.plan.documents import Plan
from costplan.analysis.timeline.document import Timeline
from costplan.analysis.uncertainty.documents import Sensitivity, UncertainComparison, UncertainEstimate
from costplan.measurement.model import Measurement
from costplan.messages.text import visible
from costplan.output.views.registry import document_view
from costplan.output.views.view import Column, View
from costplan.output.views.works import not_billed_column
from costplan.pricing.estimate import Estimate, LineItem
from costplan.quantities.money import plain

CsvRow = dict[str, str | Decimal | bool | None]

_FORMULA = re.compile(r"(^|[\n\r])((?:'|[^\S\n\r])*[=+\-@\t\r\uff0b\uff0d\uff1d\uff20])")
"""A line's beginning that a spreadsheet may run; with its `'`, so that taking one off gives the text back."""


def render(document: object) -> str:
    """Render a document as CSV with a heading row."""
    rows = list(_rows(document))
    text = io.StringIO()
    heading = list(dict.fromkeys(key for row in rows for key in row)) or _headings(document)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    for row in rows:
        writer.writerow([cell(row.get(key)) for key in heading])
    return text.getvalue()


def cell(value: str | Decimal | bool | None) -> str:
    """Write one cell; numbers stay numbers, a text that a spreadsheet would run gets an apostrophe.

    Source: OWASP, CSV injection: a cell is run when it begins, also after blanks or on a later line, with
    `=`, `+`, `-`, `@` (also in full width), tab or carriage return.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    safe = _FORMULA.sub(r"\1'\2", value)
    return "\n".join(visible(line) for line in safe.split("\n"))


def _rows(document: object) -> Iterable[CsvRow]:
    if isinstance(document, UncertainEstimate):
        from costplan.output.views.uncertainty import uncertainty_rows

        return uncertainty_rows(document)
    if isinstance(document, UncertainComparison):
        from costplan.output.views.uncertain_compare import uncertain_comparison_rows

        return uncertain_comparison_rows(document)
    if isinstance(document, Sensitivity):
        from costplan.output.views.sensitivity import sensitivity_rows

        return sensitivity_rows(document)
    if isinstance(document, Timeline):
        from costplan.output.views.timeline import timeline_rows

        return timeline_rows(document)
    if isinstance(document, Estimate):
        return _estimate_rows(document)
    if isinstance(document, Comparison):
        return _comparison_rows(document)
    if isinstance(document, Explanation):
        return _explanation_rows(document)
    if isinstance(document, Checks):
        return (
            {"rule": check.rule, "passed": check.passed, "detail": check.detail} for check in document.checks
        )
    if isinstance(document, Measurement):
        from costplan.output.views.bench import point_rows

        return point_rows(document)
    if isinstance(document, Curve):
        from costplan.output.views.curve import curve_rows

        return curve_rows(document)
    if isinstance(document, Plan):
        from costplan.output.views.plan import plan_rows

        return plan_rows(document)
    if isinstance(document, (PriceList, PriceHistory, QuotaList, ScenarioList)):
        return _catalog_rows(document)
    return _table_rows(document_view(document))


def _catalog_rows(document: PriceList | PriceHistory | QuotaList | ScenarioList) -> Iterable[CsvRow]:
    from costplan.output.formats import csv_catalog

    if isinstance(document, PriceList):
        return csv_catalog.price_list_rows(document)
    if isinstance(document, PriceHistory):
        return csv_catalog.price_history_rows(document)
    if isinstance(document, QuotaList):
        return csv_catalog.quota_rows(document)
    return csv_catalog.scenario_list_rows(document)


def _table_rows(view: View) -> Iterable[CsvRow]:
    """Take the rows of a view's tables, for documents whose figures are texts anyway."""
    for table in view.tables:
        for row in table.rows:
            if row.spans:
                continue
            yield {name: one.text.strip() for name, one in zip(_names(table.columns), row.cells, strict=True)}


def _names(columns: Sequence[Column]) -> list[str]:
    """Return the headings of columns in the style of all CSV headings: `what_is_wrong`."""
    found = [re.sub(r"\W+", "_", column.heading.lower()).strip("_") for column in columns]
    return [name or f"column_{number}" for number, name in enumerate(found, start=1)]


def _headings(document: object) -> list[str]:
    """Return the headings of a document without rows."""
    tables = document_view(document).tables
    return _names(tables[0].columns) if tables else []


def _estimate_rows(estimate: Estimate) -> Iterable[CsvRow]:
    for resource in estimate.resources:
        for line in resource.line_items:
            yield {
                "scenario": estimate.scenario,
                "resource": resource.name,
                "role": resource.role,
                **_line_row(line),
                "currency": estimate.currency,
            }
        for part in estimate.unpriced:
            if part.resource == resource.name:
                yield {
                    "scenario": estimate.scenario,
                    "resource": resource.name,
                    "role": resource.role,
                    "sku": part.sku,
                    "name": part.name,
                    "quantity": part.quantity,
                    "unit": part.unit,
                    "provenance": "unpriced",
                    "reason": part.reason,
                    "currency": estimate.currency,
                }
    for left_out in estimate.not_billed:
        yield {
            "scenario": estimate.scenario,
            "name": left_out.path,
            "quantity": left_out.value,
            "provenance": "not billed",
            "reason": str(left_out),
            "currency": estimate.currency,
        }


def _explanation_rows(explanation: Explanation) -> Iterable[CsvRow]:
    for found in explanation.lines:
        yield {"resource": found.resource, **_line_row(found.line)}
    for part in explanation.unpriced:
        yield {
            "resource": part["resource"],
            "sku": part["sku"],
            "provenance": "unpriced",
            "reason": part["reason"],
        }


def _line_row(line: LineItem) -> CsvRow:
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


def _comparison_rows(comparison: Comparison) -> Iterable[CsvRow]:
    for column in comparison.scenarios:
        common: CsvRow = {"scenario": column_name(column), "monthly_requests": column.monthly_requests}
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


def _lower_bound(unpriced: int) -> CsvRow:
    """Give a column that says how many prices a cost lacks; none where it has all."""
    return {"unpriced": Decimal(unpriced)} if unpriced else {}
