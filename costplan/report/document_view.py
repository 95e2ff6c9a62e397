"""Which view belongs to which document: one line each, imported when it is first asked for."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from costplan.pricing.price_basis import CatalogStamp
from costplan.report.price_notes import price_notes
from costplan.report.view import View

VIEWS: dict[str, str] = {
    "Estimate": "views:estimate_view",
    "UncertainEstimate": "views_uncertainty:uncertain_estimate_view",
    "Sensitivity": "views_sensitivity:sensitivity_view",
    "UncertainComparison": "views_uncertain_compare:uncertain_comparison_view",
    "Comparison": "views_compare:comparison_view",
    "Curve": "views_curve:curve_view",
    "Explanation": "views_detail:explanation_view",
    "Checks": "views_detail:checks_view",
    "PriceList": "views_catalog:price_list_view",
    "PriceHistory": "views_catalog:price_history_view",
    "QuotaList": "views_catalog:quota_list_view",
    "Verification": "views_catalog:verification_view",
    "ScenarioList": "views_catalog:scenario_list_view",
    "Measurement": "views_bench:measurement_view",
    "Plan": "views_plan:plan_view",
    "Timeline": "views_timeline:timeline_view",
    "Health": "views_catalog:health_view",
}
"""Class of the document -> module and function."""


def document_view(document: object) -> View:
    """Return the view of a document of one of `VIEWS`, with what its prices rest on."""
    module, _, function = VIEWS[type(document).__name__].partition(":")
    view: View = getattr(import_module(f"costplan.report.{module}"), function)(document)
    stamp = getattr(document, "catalog", None)
    notes = list(price_notes(stamp)) if isinstance(stamp, CatalogStamp) else []
    return replace(view, notes=[*notes, *view.notes]) if notes else view
