"""One resource by itself, priced as if a scenario of nothing else held it."""

from __future__ import annotations

from costplan.catalog.store import Catalog
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Resource
from costplan.resources.workload import Workload
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.model import Scenario
from costplan.source.reader import parse_yaml

ALONE = "alone"
"""Name of the resource, and of the scenario."""


def resource_alone(
    resource: Resource, catalog: Catalog, requests: int, request_duration: Quantity | None = None
) -> LoadedScenario:
    """Return a scenario of one checked resource, in an account whose free volumes others have used up.

    Args:
        resource: Checked.
        catalog: That it is priced by.
        requests: A month.
        request_duration: Seconds of one request, where the cost depends on it.
    """
    model = Scenario.model_construct(
        scenario=ALONE,
        title={"en": resource.kind},
        catalog=catalog.index.catalog,
        free_tier=False,
        workload=Workload.model_construct(
            monthly_requests=Quantity(requests), request_duration=request_duration
        ),
        resources={},
    )
    nowhere = parse_yaml(b"{}", ALONE)
    return LoadedScenario(model, {ALONE: resource}, catalog, nowhere, ())
