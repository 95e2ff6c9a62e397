"""What is known of each document that commands answer with: one row a document.

Everything is named and imported when it is first asked for.
"""

from __future__ import annotations

from typing import NamedTuple


class Document(NamedTuple):
    """A kind of answer."""

    kind: str
    """Module of `costplan` and class."""
    view: str
    """Module of `costplan.output.views` and function."""
    rows: str | None = None
    """Module of `costplan.output` and function that gives its main table; else the view's texts are."""
    plot: str | None = None
    """Module of `costplan.graphics.pictures` and function, where it can be drawn."""


DOCUMENTS: dict[str, Document] = {
    "estimate": Document(
        "pricing.estimate:Estimate",
        "estimate:estimate_view",
        rows="rows.bill:estimate_rows",
        plot="bill:bill_picture",
    ),
    "uncertain-estimate": Document(
        "analysis.uncertainty.documents:UncertainEstimate",
        "uncertainty:uncertain_estimate_view",
        rows="rows.uncertainty:uncertainty_rows",
        plot="uncertainty:uncertain_bill_picture",
    ),
    "uncertain-comparison": Document(
        "analysis.uncertainty.documents:UncertainComparison",
        "uncertain_compare:uncertain_comparison_view",
        rows="views.uncertain_compare:uncertain_comparison_rows",
        plot="uncertainty:uncertain_comparison_picture",
    ),
    "sensitivity": Document(
        "analysis.uncertainty.documents:Sensitivity",
        "sensitivity:sensitivity_view",
        rows="views.sensitivity:sensitivity_rows",
        plot="uncertainty:tornado_picture",
    ),
    "comparison": Document(
        "analysis.bill.documents:Comparison",
        "compare:comparison_view",
        rows="rows.bill:comparison_rows",
        plot="bill:step_picture",
    ),
    "diff": Document("analysis.diff.documents:Diff", "changes.diff:diff_view", rows="rows.diff:diff_rows"),
    "curve": Document(
        "analysis.curve.documents:Curve",
        "curve:curve_view",
        rows="views.curve:curve_rows",
        plot="forecast:scaling_picture",
    ),
    "explanation": Document(
        "analysis.bill.documents:Explanation", "detail:explanation_view", rows="rows.bill:explanation_rows"
    ),
    "checks": Document(
        "analysis.bill.documents:Checks", "policy.checks:checks_view", rows="rows.bill:check_rows"
    ),
    "check-list": Document(
        "analysis.bill.documents:CheckList", "policy.checks:check_list_view", rows="rows.bill:check_list_rows"
    ),
    "price-list": Document(
        "analysis.inventory.price_list:PriceList",
        "catalog:price_list_view",
        rows="rows.catalog:price_list_rows",
    ),
    "price-history": Document(
        "analysis.inventory.price_list:PriceHistory",
        "catalog:price_history_view",
        rows="rows.catalog:price_history_rows",
    ),
    "price-changes": Document(
        "analysis.inventory.price_changes:PriceChanges",
        "catalog:price_changes_view",
        rows="rows.catalog:price_change_rows",
    ),
    "price-import": Document(
        "analysis.inventory.price_import:PriceImport",
        "billing.prices:price_import_view",
        rows="views.billing.prices:price_import_rows",
    ),
    "quota-list": Document(
        "analysis.inventory.quota_list:QuotaList", "catalog:quota_list_view", rows="rows.catalog:quota_rows"
    ),
    "capacity-list": Document(
        "analysis.inventory.capacity_list:CapacityList",
        "capacities:capacity_list_view",
        rows="rows.catalog:capacity_rows",
    ),
    "verification": Document("analysis.inventory.price_list:Verification", "catalog:verification_view"),
    "scenario-list": Document(
        "analysis.inventory.scenario_list:ScenarioList",
        "catalog:scenario_list_view",
        rows="rows.catalog:scenario_list_rows",
    ),
    "kind-list": Document("analysis.inventory.kinds:KindList", "scenario:kind_list_view"),
    "kind-reference": Document("analysis.inventory.kinds:KindReference", "scenario:kind_reference_view"),
    "shown-scenario": Document(
        "analysis.inventory.shown_scenario:ShownScenario", "scenario:shown_scenario_view"
    ),
    "health": Document("analysis.inventory.health:Health", "catalog:health_view"),
    "configuration": Document("analysis.inventory.configuration:Configuration", "catalog:configuration_view"),
    "timeline": Document(
        "analysis.timeline.documents:Timeline",
        "timeline:timeline_view",
        rows="rows.timeline:timeline_rows",
        plot="forecast:month_picture",
    ),
    "plan": Document("analysis.plan.documents:Plan", "plan:plan_view", rows="views.plan:plan_rows"),
    "measurement": Document(
        "measurement.model:Measurement",
        "bench:measurement_view",
        rows="rows.bench:point_rows",
        plot="measurement:measurement_picture",
    ),
    "bench-list": Document(
        "analysis.inventory.kept_runs:BenchList",
        "measured.kept:bench_list_view",
        rows="views.measured.kept:bench_list_rows",
    ),
    "bench-comparison": Document(
        "analysis.measured.documents:BenchComparison",
        "measured.comparison:bench_comparison_view",
        rows="rows.bench_comparison:bench_comparison_rows",
        plot="comparison:bench_comparison_picture",
    ),
}
"""Name of its schema -> what is known of it."""
_BY_CLASS = {row.kind.partition(":")[2]: row for row in DOCUMENTS.values()}


def document_row(document: object) -> Document:
    """Return the row of an answer."""
    return _BY_CLASS[type(document).__name__]
