"""Which view belongs to which document: one line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from costplan.analysis.documents import Checks, Comparison, Explanation
from costplan.analysis.health import Health
from costplan.analysis.price_list import PriceHistory, PriceList, Verification
from costplan.analysis.scenario_list import ScenarioList
from costplan.pricing.estimate import Estimate
from costplan.report import views, views_catalog, views_detail
from costplan.report.view import View

VIEWS: dict[type, Callable[[Any], View]] = {
    Estimate: views.estimate_view,
    Comparison: views.comparison_view,
    Explanation: views_detail.explanation_view,
    Checks: views_detail.checks_view,
    PriceList: views_catalog.price_list_view,
    PriceHistory: views_catalog.price_history_view,
    Verification: views_catalog.verification_view,
    ScenarioList: views_catalog.scenario_list_view,
    Health: views_catalog.health_view,
}
"""Type of document -> how people see it."""


def document_view(document: object) -> View:
    """Return the view of a document of one of `VIEWS`."""
    return VIEWS[type(document)](document)
