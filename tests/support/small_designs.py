"""Two designs over a catalog of two prices, so that a plan can be worked out by hand.

Calls cost 610 RUB a million (500 without the VAT of 22 %). A machine costs 0.61 RUB per core and hour: 2
cores for 720 hours make 878.40 RUB (720 without VAT), and it serves one request a second: 2,592,000 a month.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from small_bills import Desk, service, sku

from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

PER_MILLION = Decimal(610)
MACHINE = Decimal("878.40")
PER_MACHINE = 720 * 3600

CALLS = "  calls: {kind: api-gateway, role: network}\n"
MACHINES = """\
  fleet:
    {kind: compute-instance, role: compute, platform: standard-v3, vcpu: 2, memory: 2 GB,
     disks: [{size: 10 GB}], capacity: {requests_per_second: 1, utilisation: 100%MORE}}
"""


class Drawing:
    """Makes designs over the small catalog; with an SLO where somebody asks whether they keep it."""

    def __init__(self, folder: Path, slo: str = "") -> None:
        self.slo = f", slo: {slo}" if slo else ""
        shapes = [{"vcpu": ["2"], "memory_per_vcpu": ["1"]}]
        platform = {
            "name": "standard-v3", "title": "t", "source": "s",
            "fractions": [{"fraction": "100", "on_demand": {"cpu": "cpu", "ram": "ram"}, "shapes": shapes}],
        }  # fmt: skip
        disks = [{"name": "network-ssd", "title": "d", "sku": "disk", "source": "s"}]
        compute = service(
            "compute", sku("cpu", "core*hour", "0.61"), sku("ram", "GB*hour", "0"),
            sku("disk", "GB*month", "0"), platforms=[platform], disk_types=disks,
            defaults={"platform": "standard-v3", "disk-type": "network-ssd"},
        )  # fmt: skip
        gateway = service("api-gateway", sku("serverless.api-gateway.requests", "1000000 requests", "610"))
        self.folder = folder
        self.catalog = Desk(folder, compute, gateway).catalog

    def design(
        self,
        name: str,
        resources: str = CALLS,
        more: str = "",
        requests: str = "1M",
        month: str = "hours_per_month: 720\n",
    ) -> LoadedScenario:
        """Load a design; `more` are further sections, and `requests` may go on with more of the workload.

        Its months have 720 hours each, so that a machine costs the same in all of them.
        """
        path = self.folder / f"{name}.yaml"
        path.write_text(
            f"scenario: {name}\ntitle: {name}\n{month}{more}"
            f"workload: {{monthly_requests: {requests}, growth: 10%{self.slo}}}\nresources:\n{resources}",
            encoding="utf-8",
        )
        return load_scenario(str(path), lambda _: self.catalog)

    def calls(self, more: str = "", requests: str = "1M") -> LoadedScenario:
        """Pay per request."""
        return self.design("calls", CALLS, more, requests)

    def machines(
        self, most: int | None = None, more: str = "", requests: str = "1M", name: str = "machines"
    ) -> LoadedScenario:
        """Pay per machine, of which there may be a most."""
        bound = f", max_replicas: {most}" if most else ""
        return self.design(name, MACHINES.replace("MORE", bound), more, requests)
