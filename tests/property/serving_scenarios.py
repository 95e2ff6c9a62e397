"""Scenarios made by chance that serve requests, or fail to: with and without SLO, capacity, bounds."""

from __future__ import annotations

import json
from random import Random
from typing import Any

SLOS = ("p50 <= 1 s", "p95 <= 1.5 s", "p99 <= 100 ms", "p99.9 <= 20 ms", "p99 <= 1 ms", None)
TIMES = ("0.5 ms", "20 ms", "90 ms", "400 ms", "1.2 s")


def scenario(seed: int) -> dict[str, Any]:
    """Return a scenario of one to three resources that serve, and some that do not."""
    return _Maker(seed).scenario()


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def maybe(self, share: float = 0.5) -> bool:
        return self.random.random() < share

    def scenario(self) -> dict[str, Any]:
        makers = [self.container, self.function, self.machine, self.nodes, self.database]
        resources = {f"r{n}": self.one(*makers)() for n in range(self.random.randint(1, 3))}
        if self.maybe():
            resources["net"] = {"kind": "network", "role": self.one("network", "inference")}
        if self.maybe(0.3):
            resources["fee"] = {
                "kind": "fixed-cost", "role": self.one("other", "inference"), "source": "an offer",
                "amounts": {self.one("RUB", "USD"): "100"},
            }  # fmt: skip
        workload: dict[str, Any] = {
            "monthly_requests": self.one("0", "1", "30K", "1M", "12M", "200M"),
            "response_size": "2 KB",
            self.one("request_duration", "request_duration", "request_cpu_time"): self.one(*TIMES),
        }
        slo = self.one(*SLOS)
        if slo is not None:
            workload["slo"] = slo
        if self.maybe():
            profile = self.one("office-hours", "consumer-evening", "batch-at-night")
            workload["arrivals"] = {"profile": profile, "peak_factor": self.one("1", "2")}
        made = {
            "scenario": "made", "title": "Made", "hours_per_month": "720", "workload": workload,
            "resources": resources,
        }  # fmt: skip
        changes = self.variant(resources)
        if changes:
            made["variants"] = {"other": {"title": "Other", "set": changes}}
        return made

    def role(self) -> str:
        return str(self.one("inference", "inference", "compute", "logs"))

    def container(self) -> dict[str, Any]:
        vcpu, memory = self.one(("0.1", "512 MB"), ("0.5", "1 GB"), ("1", "2 GB"), ("2", "4 GB"))
        made = {"kind": "serverless-container", "role": self.role(), "vcpu": vcpu, "memory": memory}
        return made | self.serverless()

    def function(self) -> dict[str, Any]:
        made = {"kind": "cloud-function", "role": self.role(), "memory": self.one("128 MB", "1 GB")}
        return made | self.serverless()

    def serverless(self) -> dict[str, Any]:
        made: dict[str, Any] = {"duration": self.one(*TIMES)}
        if self.maybe(0.3):
            made["max_instances"] = self.one("1", "10", "100")
        if self.maybe(0.3):
            made |= {"cold_start": self.one("100 ms", "3 s"), "idle_limit": "30 min"}
        return made

    def machine(self) -> dict[str, Any]:
        vcpu, memory = self.one(("2", "4 GB"), ("4", "8 GB"))
        made = {"kind": "compute-instance", "role": self.role(), "vcpu": vcpu, "memory": memory}
        if self.maybe(0.3):
            made["preemptible"] = "true"
        return made | self.hours() | self.capacity()

    def nodes(self) -> dict[str, Any]:
        least = self.random.randint(1, 2)
        return {
            "kind": "kubernetes-node-group", "role": self.role(), "vcpu": "2", "memory": "4 GB",
            "disk": {"size": "64 GB"}, "nodes": {"min": least, "max": least + self.random.randint(0, 3)},
        } | self.capacity()  # fmt: skip

    def database(self) -> dict[str, Any]:
        hosts = {"preset": "s3-c2-m8", "count": self.one("1", "3"), "storage": {"size": "20 GB"}}
        made = {"kind": "managed-postgresql", "role": "database", "hosts": hosts}
        if self.maybe(0.7):
            made["capacity"] = {"requests_per_second": self.one("1", "50", "5000")} | self.held()
        return made

    def hours(self) -> dict[str, Any]:
        return {"hours": self.one("9-18 mon-fri", "700 h")} if self.maybe(0.3) else {}

    def held(self) -> dict[str, Any]:
        """Return the SLO that a capacity holds at, and the time of a request, or neither."""
        made = {"slo": self.one("p99 <= 100 ms", "p95 <= 2 s")} if self.maybe(0.4) else {}
        return made | ({"request_duration": self.one(*TIMES)} if self.maybe(0.4) else {})

    def capacity(self) -> dict[str, Any]:
        if self.maybe(0.25):
            return {}
        made: dict[str, Any] = {"requests_per_second": self.one("0.5", "5", "100", "2000")} | self.held()
        if self.maybe():
            made["max_replicas"] = self.one("1", "2", "20")
        if self.maybe(0.3):
            made |= {"scaling": "autoscaled", "scale_up_delay": self.one("1 min", "15 min")}
        return {"capacity": made}

    def variant(self, resources: dict[str, Any]) -> dict[str, Any]:
        """Return changes of machines that say nothing of their capacity."""
        changes: dict[str, Any] = {}
        for name, made in resources.items():
            if made["kind"] == "compute-instance" and self.maybe():
                changes[f"resources.{name}.core_fraction"] = "50"
            if made["kind"] == "serverless-container" and self.maybe():
                changes[f"resources.{name}.vcpu"] = "0.1" if made["vcpu"] != "2" else "2"
        return {path: value for path, value in changes.items() if value != "2"}


def text(seed: int) -> str:
    """Return the scenario as a document; JSON is YAML too."""
    return json.dumps(scenario(seed))
