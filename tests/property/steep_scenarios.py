"""Small scenarios whose whole story happens within some hundred requests a month."""

from __future__ import annotations

from random import Random
from typing import Any

MONTH = 720 * 3600


class Steep:
    """Makes scenarios of expensive requests, and of machines that serve few of them: many steps and tiers."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def scenario(self) -> dict[str, Any]:
        pick = self.random
        kinds = [self.machines, self.nodes, self.container, self.storage, self.network, self.fixed]
        chosen = pick.sample(kinds, k=pick.randint(1, 4))
        return {
            "scenario": "steep",
            "title": "Steep",
            "workload": {
                "monthly_requests": 100,
                "request_duration": f"{pick.randint(1, 40)} min",
                "request_size": "1 MB",
                "response_size": f"{pick.randint(1, 40)} GB",
                "stored_size": f"{pick.randint(1, 90)} GB",
                "retention": f"{pick.randint(1, 60)} days",
            },
            "resources": {f"r{number}": kind() for number, kind in enumerate(chosen)},
        }

    def machine(self) -> dict[str, Any]:
        """A machine that serves so many requests a month; the rate is written with twelve decimals."""
        vcpu, memory = self.random.choice([(2, "2 GB"), (2, "4 GB"), (4, "8 GB"), (2, "8 GB")])
        served = self.random.randint(3, 60)
        return {
            "role": "compute", "vcpu": vcpu, "memory": memory,
            "capacity": {
                "requests_per_second": f"{served / MONTH:.12f}",
                "utilisation": f"{self.random.choice([40, 60, 75, 100])}%",
                **self.limits(),
            },
        }  # fmt: skip

    def limits(self) -> dict[str, Any]:
        return {"max_replicas": self.random.randint(2, 30)} if self.random.random() < 0.5 else {}

    def machines(self) -> dict[str, Any]:
        return {"kind": "compute-instance", "count": self.random.randint(1, 3), **self.machine()}

    def nodes(self) -> dict[str, Any]:
        disk = {"type": "network-ssd", "size": f"{self.random.randint(10, 90)} GB"}
        return {
            "kind": "kubernetes-node-group",
            "nodes": self.random.randint(1, 3),
            "disk": disk,
            **self.machine(),
        }

    def container(self) -> dict[str, Any]:
        vcpu = self.random.randint(1, 4)
        return {"kind": "serverless-container", "role": "inference", "vcpu": vcpu, "memory": f"{2 * vcpu} GB"}

    def storage(self) -> dict[str, Any]:
        return {"kind": "object-storage", "role": "storage", "size": "1 GB", "keeps_requests": "true"}

    def network(self) -> dict[str, Any]:
        return {"kind": "network", "role": "network"}

    def fixed(self) -> dict[str, Any]:
        amounts = {"RUB": f"{self.random.randint(1, 4_000_000) / 100:.2f}"}
        return {"kind": "fixed-cost", "role": "other", "amounts": amounts, "source": "a contract"}
