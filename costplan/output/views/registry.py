"""Which view belongs to which document: one line each, imported when it is first asked for."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from costplan.language.translator import ENGLISH, Translator
from costplan.output.views.price_notes import price_notes
from costplan.output.views.view import View
from costplan.pricing.price_basis import CatalogStamp

VIEWS: dict[str, str] = {
    "Estimate": "estimate:estimate_view",
    "UncertainEstimate": "uncertainty:uncertain_estimate_view",
    "Sensitivity": "sensitivity:sensitivity_view",
    "UncertainComparison": "uncertain_compare:uncertain_comparison_view",
    "Comparison": "compare:comparison_view",
    "Curve": "curve:curve_view",
    "Explanation": "detail:explanation_view",
    "Checks": "detail:checks_view",
    "PriceList": "catalog:price_list_view",
    "PriceHistory": "catalog:price_history_view",
    "QuotaList": "catalog:quota_list_view",
    "Verification": "catalog:verification_view",
    "ScenarioList": "catalog:scenario_list_view",
    "KindList": "scenario:kind_list_view",
    "KindReference": "scenario:kind_reference_view",
    "ShownScenario": "scenario:shown_scenario_view",
    "Measurement": "bench:measurement_view",
    "Plan": "plan:plan_view",
    "Timeline": "timeline:timeline_view",
    "Health": "catalog:health_view",
    "Configuration": "catalog:configuration_view",
}
"""Class of the document -> module and function."""


def document_view(document: object, words: Translator = ENGLISH, *, is_brief: bool = False) -> View:
    """Return the view of a document of one of `VIEWS`, with what its prices rest on.

    Args:
        document: An answer.
        words: The language.
        is_brief: Keep only the notes that say what the answer lacks: a price, a capacity.
    """
    module, _, function = VIEWS[type(document).__name__].partition(":")
    view: View = getattr(import_module(f"costplan.output.views.{module}"), function)(document, words)
    stamp = getattr(document, "catalog", None)
    notes = list(price_notes(stamp, words)) if isinstance(stamp, CatalogStamp) else []
    every = [*notes, *view.notes]
    return replace(view, notes=[note for note in every if note.tone == "bad" or not is_brief])
