"""Make valid scenarios by chance: every kind and option, over the shapes that the catalog really sells."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

KINDS = (
    "api-gateway", "application-load-balancer", "cloud-function", "cloud-registry", "compute-disk",
    "compute-instance", "container-registry",
    "dns", "fixed-cost", "kubernetes-cluster", "kubernetes-node-group", "lockbox", "logging",
    "managed-clickhouse", "managed-kafka", "managed-opensearch", "managed-postgresql", "managed-prometheus",
    "metered", "monitoring", "network", "network-load-balancer", "object-storage", "serverless-container",
)  # fmt: skip
DAYS = (
    "2003-12-31", "2018-12-31", "2019-01-01", "2021-06-01", "2022-05-01", "2025-10-15", "2025-12-31",
    "2026-01-01", "2026-04-30", "2026-05-01", "2026-06-18", "2026-07-29", "2026-07-30", "2026-10-05",
    "2026-10-06", "2027-03-01",
)  # fmt: skip
CURRENCIES = ("RUB", "RUB", "USD", "KZT")
ROLES = ("compute", "inference", "database", "monitoring", "logs", "ci-cd", "storage", "network", "other")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Maker:
    """Makes one scenario after another; the same seed makes the same ones.

    Args:
        seed: Number of the scenario.
        catalog: What `independent.read_catalog` returns.
    """

    def __init__(self, seed: int, catalog: dict[str, Any]) -> None:
        self.random = Random(seed)
        self.catalog = catalog

    # Values

    def maybe(self, chance: float = 0.5) -> bool:
        return self.random.random() < chance

    def one(self, choices: Any) -> Any:
        return self.random.choice(list(choices))

    def up_to(self, highest: int) -> str:
        return str(self.random.randint(0, highest))

    def decimal(self, highest: int, decimals: int = 3) -> str:
        number = self.random.randint(0, highest * 10**decimals)
        return f"{number // 10**decimals}.{number % 10**decimals:0{decimals}d}"

    def size(self, units: str = "B KB MB GB TB", highest: int = 900) -> str:
        unit = self.one(units.split())
        number = self.one([self.up_to(highest), self.decimal(highest, self.random.randint(1, 6))])
        return f"{number} {self.one([unit, unit.replace('B', 'iB')]) if unit != 'B' else unit}"

    def duration(self) -> str:
        return self.one([
            f"{self.up_to(5000)} ms", f"{self.decimal(900, 2)} ms", f"{self.up_to(90)} s",
            "100 ms", "150 ms", "0 ms", f"{self.up_to(9)} min", f"{self.up_to(999_999)} us",
        ])  # fmt: skip

    def retention(self) -> str:
        return self.one([
            f"{self.up_to(400)} days", "1 month", f"{self.up_to(20)} months", "1 week",
            f"{self.up_to(99)} h", "1 year",
        ])  # fmt: skip

    def monthly(self) -> str:
        return self.one([
            f"{self.up_to(60)}M/month", f"{self.up_to(999_999)}", f"{self.up_to(40)} req/s",
            f"{self.up_to(99)}/day", f"{self.decimal(900, 4)}K", "0", f"{self.up_to(9)}/h",
            f"{self.decimal(60)}/min", "1B/month", "10M",
        ])  # fmt: skip

    def count(self, highest: int = 5000) -> str:
        return self.one([self.up_to(highest), self.decimal(highest, 2), f"{self.up_to(30)}K", "0"])

    def hours(self) -> str:
        first = self.random.randint(0, 23)
        last = self.random.randint(first + 1, 24)
        days = self.one(WEEKDAYS) if self.maybe() else f"{self.one(WEEKDAYS)}-{self.one(WEEKDAYS)}"
        return self.one([
            "24x7", "24x7", f"{first}-{last} {days}", f"{self.up_to(672)} h", f"{self.decimal(600)} h", "0 h",
            f"{self.up_to(100)}%", f"{self.decimal(99, 2)}%", f"{self.up_to(20)} days",
        ])  # fmt: skip

    def marked(self, value: Any) -> Any:
        return {"value": value, self.one(["assumed", "measured"]): "by chance"} if self.maybe(0.1) else value

    # The document

    def scenario(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "scenario": "made",
            "title": "Made by chance",
            "currency": self.one(CURRENCIES),
            "workload": {
                "monthly_requests": self.marked(self.monthly()),
                "request_duration": self.marked(self.duration()),
                "request_size": self.size("B KB MB"),
                "response_size": self.marked(self.size("B KB MB")),
                "log_size": self.size("B KB"),
                "log_retention": self.retention(),
                "stored_size": self.size("B KB MB"),
                "retention": self.marked(self.retention()),
            },
        }
        if self.maybe(0.75):
            chance = date(2018, 1, 1) + timedelta(days=self.random.randint(0, 3400))
            made["as_of"] = self.one([*DAYS, str(chance), str(chance)])
        if self.maybe(0.4):
            made["hours_per_month"] = self.one(["744", "672", "730", "730.5", "696", "720.0", "8784"])
        if self.maybe(0.25):
            made["free_tier"] = self.one(["false", "no", "true"])
        few = self.random.sample(KINDS, k=self.random.randint(1, 6))
        names = [f"r{number}" for number in range(self.random.randint(1, 12))]
        self.random.shuffle(names)
        made["resources"] = {name: self.resource(self.one(few)) for name in names}
        if prices := self.prices({resource["kind"] for resource in made["resources"].values()}):
            made["prices"] = prices
        if self.maybe(0.6):
            made["budget"] = self.budget(names)
        return made

    def prices(self, kinds: set[str]) -> dict[str, Any]:
        """Stand-ins: for prices that no list has, and for some that a list has on some days only."""
        units = {
            "cloud-registry.storage": ["GB*hour", "GB*month"],
            "cloud-registry.egress": ["GB", "1000 GB"],
        }
        codes = {
            "cloud-registry": list(units), "dns": ["dns.zones.v1"], "lockbox": ["lockbox.secret_versions"]
        }  # fmt: skip
        chosen = [code for kind in sorted(kinds) for code in codes.get(kind, []) if self.maybe()]
        return {code: self.stand_in(units.get(code)) for code in chosen}

    def stand_in(self, units: list[str] | None) -> dict[str, Any]:
        made = {"value": self.decimal(99, 6), "currency": self.one(CURRENCIES), "reason": "by chance"}
        if Fraction(made["value"]) == 0:
            made["value"] = "0.5"
        return made | ({"unit": self.one(units)} if units else {})

    def budget(self, names: list[str]) -> dict[str, Any]:
        left = self.random.sample(names, k=len(names))
        parts = []
        while left and self.maybe(0.7):
            taken, left = left[: self.random.randint(1, 3)], left[3:]
            parts.append({"name": f"part {len(parts)}", "amount": self.decimal(9000, 2), "resources": taken})
        budget = {"currency": self.one(CURRENCIES), "parts": parts}
        if self.maybe() or not parts:
            budget["total"] = self.decimal(99_999, 2)
        return budget

    def resource(self, kind: str) -> dict[str, Any]:
        made = {"kind": kind, "role": self.one(ROLES)}
        made |= getattr(self, kind.replace("-", "_"))()
        return made

    def some(self, **fields: Any) -> dict[str, Any]:
        """Take about half of the optional fields."""
        return {name: self.marked(make()) for name, make in fields.items() if self.maybe()}

    # Kinds

    def api_gateway(self) -> dict[str, Any]:
        return self.some(requests=self.monthly)

    def application_load_balancer(self) -> dict[str, Any]:
        return self.some(
            resource_units=lambda: self.count(20), requests_per_second=lambda: self.count(20_000),
            active_connections=lambda: self.count(90_000),
            new_connections_per_second=self.count, megabytes_per_second=lambda: self.count(500),
        ) | self.plain(zones=lambda: self.one("123"), public_addresses=lambda: self.up_to(3))  # fmt: skip

    def plain(self, **fields: Any) -> dict[str, Any]:
        return {name: make() for name, make in fields.items() if self.maybe()}

    def network_load_balancer(self) -> dict[str, Any]:
        return self.some(ingress=self.size) | self.plain(
            count=lambda: self.up_to(4), public_addresses=lambda: self.up_to(3)
        )

    def cloud_function(self) -> dict[str, Any]:
        return {"memory": self.instance_memory(4), **self.serverless()}

    def instance_memory(self, highest: int) -> str:
        """Make memory that is sold: from 128 MB to so many GB."""
        return (
            f"{self.random.randint(128, highest * 1024)} MB"
            if self.maybe()
            else f"{self.random.randint(1, highest)} GB"
        )

    def serverless(self) -> dict[str, Any]:
        return self.some(requests=self.monthly, duration=self.duration) | self.plain(
            run_time_rounding=lambda: self.one(["as-example", "total", "per-call", "unrounded"]),
            provisioned_instances=lambda: self.up_to(4),
        )

    def serverless_container(self) -> dict[str, Any]:
        memory, cores = self.one([(3, 1), (5, 2), (7, 3), (8, 4)])
        share = self.one([100, 100, self.random.randint(1, 100)])
        vcpu = f"{self.random.randint(1, cores) * share / 100:g}"
        least = {1: 128, 2: 4096, 3: 6144, 4: 8192}[cores]
        size = f"{self.random.randint(least, memory * 1024)} MB"
        return {"vcpu": vcpu, "memory": self.marked(size), **self.serverless()}

    def container_registry(self) -> dict[str, Any]:
        return {"size": self.marked(self.size())} | self.some(hours=self.hours)

    def cloud_registry(self) -> dict[str, Any]:
        return {"size": self.marked(self.size())} | self.some(egress=self.size)

    def dns(self) -> dict[str, Any]:
        return self.plain(zones=lambda: self.up_to(9)) | self.some(queries=self.monthly)

    def lockbox(self) -> dict[str, Any]:
        return {"versions": self.up_to(50), **self.some(operations=self.monthly)}

    def logging(self) -> dict[str, Any]:
        return self.some(written=self.size, retention=self.retention)

    def managed_prometheus(self) -> dict[str, Any]:
        return {"metrics": self.count(900_000), **self.some(interval=self.interval)}

    def monitoring(self) -> dict[str, Any]:
        fields = self.some(interval=self.interval, read_values=self.monthly)
        return {"metrics": self.count(900), **fields, **self.plain(alerts=lambda: self.up_to(9))}

    def interval(self) -> str:
        return self.one(["15 s", "1 s", "1 min", "7 s", "0.3 s", "5 min", "1 h"])

    def object_storage(self) -> dict[str, Any]:
        return self.some(
            size=self.size,
            hours=self.hours,
            put_requests=self.monthly,
            get_requests=self.monthly,
            egress=self.size,
        ) | self.plain(
            storage_class=lambda: self.one(["standard", "cold", "ice"]),
            keeps_requests=lambda: self.one(["true", "false", "yes"]),
        )

    def network(self) -> dict[str, Any]:
        return self.some(egress=self.size, nat_egress=self.size) | self.plain(
            nat_gateways=lambda: self.up_to(3), addresses=lambda: self.up_to(5),
            reserved_addresses=lambda: self.up_to(4),
        )  # fmt: skip

    def metered(self) -> dict[str, Any]:
        """A few SKUs of one service: what kinds use too, what none uses, what has no price."""
        services = {name: found for name, found in self.catalog.items() if name != "catalog"}
        name = self.one(sorted(services))
        sold = [(sku["code"], sku["pricing_unit"]) for sku in services[name].get("skus", [])]
        missing = [(entry["code"], None) for entry in services[name].get("known_missing", [])]
        uses = []
        for code, unit in self.random.choices(sold + missing, k=self.random.randint(1, 4)):
            use = {"sku": code, "quantity": self.marked(self.count())}
            if unit and self.maybe():
                use["unit"] = self.one([unit, unit.replace("*month", "*hour").replace("*hour", "*month")])
            uses.append(use)
        return {"service": name, "uses": uses}

    def fixed_cost(self) -> dict[str, Any]:
        currencies = self.random.sample(["RUB", "USD", "KZT"], k=self.random.randint(1, 3))
        amounts = {currency: self.decimal(90_000, self.random.randint(1, 12)) for currency in currencies}
        vat = self.plain(vat=lambda: self.one(["none", "as-list"]))
        return {"amounts": amounts, "source": "a contract", **vat}

    def kubernetes_cluster(self) -> dict[str, Any]:
        presets = [preset["name"] for preset in self.catalog["managed-kubernetes"]["presets"]]
        return self.plain(
            master=lambda: self.one(["basic", "highly-available"]), preset=lambda: self.one(presets)
        )

    # Machines

    def machine(self, service: str, *, gpus: bool) -> tuple[dict[str, Any], bool]:
        """A machine that is sold, and whether it is sold as preemptible too."""
        sold = [
            platform
            for platform in self.catalog[service]["platforms"]
            if gpus or not platform["name"].startswith(("zookeeper", "keeper"))
        ]
        platform = self.one(sold)
        share = self.one(platform["fractions"])
        shape = self.one(share["shapes"])
        vcpu = self.one(shape["vcpu"])
        memory = self.one(shape.get("memory") or shape["memory_per_vcpu"])
        hundredths = round(float(memory) * 100) * (1 if "memory" in shape else int(vcpu))
        gigabytes = f"{hundredths // 100}.{hundredths % 100:02d}"
        made = {"platform": platform["name"], "core_fraction": share["fraction"], "vcpu": vcpu}
        made["memory"] = self.one([f"{gigabytes} GB", f"{hundredths * 1024 // 100} MB"])
        if int(hundredths * 1024) % 100:
            made["memory"] = f"{gigabytes} GB"
        if gpus:
            cards = shape.get("gpu", "0")
            fewest = min(int(s.get("gpu", 0)) for f in platform["fractions"] for s in f["shapes"])
            if int(cards) != fewest or self.maybe():
                made["gpu"] = cards
        return made, "preemptible" in share

    def disk(self, service: str, hosts: int = 1, platform: str = "") -> dict[str, Any]:
        types = self.catalog[service]["disk_types"]
        elsewhere = {d["in_place_of"] for d in types if platform in d.get("on_platforms", ())}
        sold = [d for d in types if hosts >= int(d.get("min_hosts", 1)) and d["name"] not in elsewhere]
        kind = self.one(sold)
        step, least = int(kind.get("step_gb", 1)), int(kind.get("min_gb", 1))
        gigabytes = -(-least // step) * step + step * self.random.randint(0, 40)
        return {"type": kind["name"], "size": self.marked(f"{gigabytes} GB")}

    def compute_disk(self) -> dict[str, Any]:
        return {"disk": self.disk("compute")} | self.plain(count=lambda: self.up_to(9))

    def compute_instance(self) -> dict[str, Any]:
        made, preemptible = self.machine("compute", gpus=True)
        if preemptible:
            made |= self.plain(preemptible=lambda: self.one(["true", "false"]))
        return made | self.some(hours=self.hours) | self.plain(
            count=lambda: self.up_to(4),
            disks=lambda: [self.disk("compute") for _ in range(self.random.randint(0, 3))],
            public_address=lambda: self.one(["none", "dynamic", "static"]),
        )  # fmt: skip

    def kubernetes_node_group(self) -> dict[str, Any]:
        made, preemptible = self.machine("compute", gpus=True)
        if preemptible:
            made |= self.plain(preemptible=lambda: "true")
        least, more = self.random.randint(0, 4), self.random.randint(0, 6)
        bounds: dict[str, Any] = {"min": str(least), "max": str(least + more)}
        if self.maybe():
            bounds["average"] = f"{least}.{self.random.randint(0, 9)}" if more else str(least)
        made["nodes"] = self.one([str(self.random.randint(0, 6)), bounds, bounds])
        return made | {"disk": self.disk("compute")} | self.some(hours=self.hours)

    # Managed databases

    def hosts(self, service: str) -> dict[str, Any]:
        number = self.random.randint(1, 6)
        if self.maybe():
            preset = self.one(self.catalog[service]["presets"])
            made, platform = {"preset": preset["name"]}, preset["platform"]
        else:
            made, _ = self.machine(service, gpus=False)
            platform = made["platform"]
        made["count"] = str(number)
        if number == 1 and self.maybe():
            del made["count"]
        return made | {"storage": self.disk(service, number, platform)}

    def cluster(self, service: str) -> dict[str, Any]:
        hosts = self.hosts(service)
        number = int(hosts.get("count", 1))
        return {"hosts": hosts} | self.some(
            hours=self.hours, backup_size=lambda: self.size("GB TB", 90)
        ) | self.plain(public_addresses=lambda: str(self.random.randint(0, number)))  # fmt: skip

    def managed_postgresql(self) -> dict[str, Any]:
        return self.cluster("managed-postgresql")

    def managed_clickhouse(self) -> dict[str, Any]:
        return self.cluster("managed-clickhouse") | self.plain(
            coordination=lambda: self.one(["zookeeper", "embedded-keeper", "keeper"]),
            data_size=lambda: self.size("MB GB", 90),
            zookeeper_storage=lambda: self.disk("managed-clickhouse", 3),
            keeper_storage=lambda: self.disk("managed-clickhouse", 3),
            keeper_preset=lambda: self.one(["keeper-b2-medium", "keeper-b3-c1-m4", "keeper-s3-c2-m8"]),
            keeper_hosts=lambda: self.one(["3", "5"]),
            zookeeper_preset=lambda: self.one(["zookeeper-b2-medium", "zookeeper-b3-c1-m4"]),
        )

    def managed_kafka(self) -> dict[str, Any]:
        made = self.cluster("managed-kafka")
        made.pop("backup_size", None)
        return made | self.plain(
            kafka_ui=lambda: self.one(["true", "false"]),
            coordination=lambda: self.one(["zookeeper", "kraft", "kraft-hosts"]),
            kraft_preset=lambda: self.one(["kraft-b2-medium", "kraft-b3-c1-m4", "kraft-s3-c2-m8"]),
            kraft_storage=lambda: self.disk("managed-kafka", 3),
            zookeeper_preset=lambda: self.one(["zookeeper-b2-medium", "zookeeper-b3-c1-m4"]),
            zookeeper_storage=lambda: {"type": "network-ssd", "size": f"{self.random.randint(10, 99)} GB"},
        )  # fmt: skip

    def managed_opensearch(self) -> dict[str, Any]:
        return self.cluster("managed-opensearch") | self.plain(
            managers=lambda: self.hosts("managed-opensearch"),
            dashboards=lambda: self.hosts("managed-opensearch"),
        )
