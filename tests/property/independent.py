"""A second pricing, in exact fractions, that shares no code with costplan.

It is written from the provider's billing rules and reads the catalog's files itself, so that a slip in the
engine cannot repeat itself here. Everything is slow, plain and spelled out on purpose. The one rule of the
engine that is restated: a pricing quantity is rounded half to even to twelve decimals, and so is the net part
of what VAT is inside of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

GB = 2**30
TEN_GIGABYTES = {"type": "network-ssd", "size": "10 GB"}
"""Storage of a coordination host where none is stated."""
YEAR_OF_ICE = Fraction(12 * 720)
"""Hours that are charged of ice in any case."""
HALF = Fraction(1, 2)


def read_catalog(folder: Path) -> dict[str, Any]:
    """Read every file of a catalog as texts: `{service: document}`, and `catalog` for the index."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return {path.stem: yaml.load(path.read_bytes(), Loader=loader) for path in folder.glob("*.yaml")}


def twelve_decimals(value: Fraction) -> Fraction:
    """Round half to even."""
    scaled = value * 10**12
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest
    if twice > scaled.denominator or (twice == scaled.denominator and whole % 2):
        whole += 1
    return Fraction(whole, 10**12)


def tenths(seconds: Fraction) -> Fraction:
    """Round up to a multiple of 100 ms."""
    return Fraction(-(-(seconds * 10).numerator // (seconds * 10).denominator), 10)


# What people write.


def plain_value(node: Any) -> Any:
    """Take the value out of `{value: ..., assumed: ...}`."""
    if isinstance(node, dict) and "value" in node and ("assumed" in node or "measured" in node):
        return node["value"]
    return node


def number_and_rest(text: Any) -> tuple[Fraction, str]:
    found = re.match(r"\s*([0-9.]+(?:[eE][+-]?[0-9]+)?)\s*(.*)$", str(text))
    assert found, text
    return Fraction(found[1]), found[2].strip()


def size(text: Any) -> Fraction:
    """Bytes."""
    number, unit = number_and_rest(text)
    letters = unit.replace("i", "")
    return number * 1024 ** ["B", "KB", "MB", "GB", "TB", "PB"].index(letters)


def duration(text: Any) -> Fraction:
    """Seconds."""
    number, unit = number_and_rest(text)
    unit = unit if unit in {"s", "ms", "us"} else unit.removesuffix("s")
    day = 86400
    lengths = {"us": Fraction(1, 10**6), "ms": Fraction(1, 1000), "s": 1, "min": 60, "h": 3600, "hour": 3600}
    lengths |= {"day": day, "week": 7 * day, "month": 30 * day, "year": 360 * day}
    return number * lengths[unit]


SUFFIX = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}


def count(text: Any) -> Fraction:
    number, suffix = number_and_rest(text)
    return number * SUFFIX[suffix]


def per_month(text: Any, month: Fraction) -> Fraction:
    """Events in a month of so many hours."""
    number, rest = number_and_rest(text)
    found = re.fullmatch(r"([KMB]?)\s*(?:req)?\s*(?:/\s*([a-z]+))?", rest)
    assert found, text
    times = {None: 1, "month": 1, "day": month / 24, "h": month, "min": month * 60, "s": month * 3600}
    return number * SUFFIX[found[1]] * times[found[2]]


def running_hours(text: Any, month: Fraction) -> Fraction:
    """Hours of a month: `24x7`, `50%`, `200 h`, `9-18 mon-fri`."""
    text = str(text)
    if text == "24x7":
        return month
    if text.endswith("%"):
        return Fraction(text[:-1]) / 100 * month
    week = re.fullmatch(r"(\d+)-(\d+) (\w{3})(?:-(\w{3}))?", text)
    if not week:
        return duration(text) / 3600
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    day, open_days = days.index(week[3]), 1
    while days[day] != (week[4] or week[3]):
        day, open_days = (day + 1) % 7, open_days + 1
    return (int(week[2]) - int(week[1])) * open_days * month / 168


def truth(text: Any) -> bool:
    return str(text).lower() in {"true", "yes", "on"}


# What the provider charges.


@dataclass
class Use:
    resource: str
    service: str
    sku: str
    quantity: Fraction
    """Hours count as hours; the pricing unit turns them into months."""


@dataclass
class Bill:
    uses: list[Use] = field(default_factory=list)
    sku_quantity: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    sku_cost: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    resource_cost: dict[str, Fraction] = field(default_factory=dict)
    """Resources that share no SKU of several tiers with another one."""
    unpriced: list[tuple[str, str, Fraction]] = field(default_factory=list)
    gross: Fraction = Fraction(0)
    vat: Fraction = Fraction(0)
    net: Fraction = Fraction(0)
    per_million: Fraction | None = None
    all_costs: dict[str, Fraction] = field(default_factory=dict)


class Account:
    """One billing account and month: a scenario, the catalog, a day and a currency."""

    def __init__(self, scenario: dict[str, Any], catalog: dict[str, Any], currency: str, day: str) -> None:
        self.scenario, self.catalog, self.currency, self.day = scenario, catalog, currency, day
        self.month = Fraction(str(scenario.get("hours_per_month", "720")))
        self.workload = {key: plain_value(value) for key, value in scenario["workload"].items()}
        self.requests = per_month(self.workload["monthly_requests"], self.month)

    # Prices

    def currency_rules(self) -> dict[str, Any]:
        return next(c for c in self.catalog["catalog"]["currencies"] if c["currency"] == self.currency)

    def derivation(self) -> dict[str, str] | None:
        """The rule of this day by which the currency follows another one."""
        found = None
        for rule in self.currency_rules().get("derivations", []):
            if rule["effective_from"] <= self.day and self.day < rule.get("effective_until", "9999"):
                found = rule
        return found

    def tiers(self, service: str, code: str) -> tuple[str, list[tuple[Fraction, Fraction]]] | None:
        """The price of the list, else the one that the scenario states in its place."""
        listed = self.listed_tiers(service, code)
        stated = self.scenario.get("prices", {}).get(code)
        if listed is not None or stated is None:
            return listed
        sku = next((s for s in self.catalog[service].get("skus", []) if s["code"] == code), None)
        unit, price = stated["unit"] if sku is None else sku["pricing_unit"], Fraction(stated["value"])
        if stated["currency"] == self.currency:
            return unit, [(Fraction(0), price)]
        rule = self.derivation()
        if rule is None or self.currency_rules().get("derived_from") != stated["currency"]:
            return None
        return unit, [(Fraction(0), convert(price, rule))]

    def listed_tiers(self, service: str, code: str) -> tuple[str, list[tuple[Fraction, Fraction]]] | None:
        """Pricing unit and (start, unit price) of the price that holds; None when there is none."""
        sku = next((s for s in self.catalog[service].get("skus", []) if s["code"] == code), None)
        if sku is None:
            return None
        rule, base = self.derivation(), self.currency_rules().get("derived_from")
        for version in sorted(sku["prices"], key=lambda v: v["effective_from"], reverse=True):
            quoted = version["rates"].get(self.currency)
            derived = version["rates"].get(base) if rule else None
            if version["effective_from"] > self.day or (quoted is None and derived is None):
                continue
            if "effective_until" in version and version["effective_until"] <= self.day:
                return None
            unit = version.get("pricing_unit", sku["pricing_unit"])
            if quoted is not None:
                return unit, self.free_tier_rule(rates(quoted))
            assert rule is not None
            assert derived is not None
            following = [(start, convert(price, rule)) for start, price in rates(derived)]
            return unit, self.free_tier_rule(following)
        return None

    def free_tier_rule(self, tiers: list[tuple[Fraction, Fraction]]) -> list[tuple[Fraction, Fraction]]:
        """An account without its free volume pays the next price from the first unit on."""
        used_up = not truth(self.scenario.get("free_tier", "true"))
        if used_up and len(tiers) > 1 and tiers[0][1] == 0:
            return [(Fraction(0), tiers[1][1]), *tiers[2:]]
        return tiers

    # The bill

    def bill(self) -> Bill:
        result = Bill()
        parts: dict[tuple[str, str], list[tuple[str, Fraction]]] = {}
        fixed: dict[str, Fraction] = {}
        untaxed = Fraction(0)
        for name, resource in self.scenario["resources"].items():
            if resource["kind"] == "fixed-cost":
                if self.currency in resource["amounts"]:
                    fixed[name] = Fraction(str(resource["amounts"][self.currency]))
                    untaxed += fixed[name] if resource.get("vat") == "none" else 0
                else:
                    result.unpriced.append((name, "fixed-cost", Fraction(1)))
                continue
            for service, sku, quantity, *stated in self.usage(resource):
                found = self.tiers(service, sku)
                if found is None:
                    in_its_unit = quantity / stated[0] if stated else quantity
                    result.unpriced.append((name, sku, twelve_decimals(in_its_unit)))
                    continue
                inside = twelve_decimals(quantity / unit_size(found[0]))
                parts.setdefault((service, sku), []).append((name, inside))
        several = {}
        for key, used in parts.items():
            found = self.tiers(*key)
            assert found is not None
            total = sum((quantity for _, quantity in used), Fraction(0))
            result.sku_quantity[key] = total
            result.sku_cost[key] = graduated(total, found[1])
            several[key] = len(found[1]) > 1 and len({name for name, _ in used}) > 1
        for name in self.scenario["resources"]:
            own = [key for key, used in parts.items() if any(name == other for other, _ in used)]
            if not any(several[key] for key in own):
                result.resource_cost[name] = fixed.get(name, Fraction(0)) + sum(
                    (self.own_cost(name, key, parts[key]) for key in own), Fraction(0)
                )
        result.gross = sum(result.sku_cost.values(), Fraction(0)) + sum(fixed.values(), Fraction(0))
        rate = self.vat_rate()
        if rate is not None:
            taxed = result.gross - untaxed
            result.vat = taxed - twelve_decimals(taxed / (1 + rate))
        result.net = result.gross - result.vat
        if self.requests:
            result.per_million = twelve_decimals(result.gross * 1_000_000 / self.requests)
        return result

    def own_cost(self, name: str, key: tuple[str, str], used: list[tuple[str, Fraction]]) -> Fraction:
        found = self.tiers(*key)
        assert found is not None
        return graduated(sum((q for other, q in used if other == name), Fraction(0)), found[1])

    def vat_rate(self) -> Fraction | None:
        rules = self.currency_rules()
        begun = [r for r in rules.get("vat_rates", []) if r["effective_from"] <= self.day]
        return Fraction(begun[-1]["rate"]) if begun and rules["vat"] == "included" else None

    # Kinds

    def usage(self, resource: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
        method = getattr(self, "use_" + resource["kind"].replace("-", "_"))
        yield from method({key: plain_value(value) for key, value in resource.items()})

    def service(self, name: str) -> dict[str, Any]:
        document: dict[str, Any] = self.catalog[name]
        return document

    def rule(self, service: str, name: str) -> Fraction:
        return Fraction(next(r for r in self.service(service)["rules"] if r["name"] == name)["value"])

    def calls(self, r: dict[str, Any], key: str = "requests") -> Fraction:
        return per_month(r[key], self.month) if key in r else self.requests

    def hours(self, r: dict[str, Any]) -> Fraction:
        return running_hours(r["hours"], self.month) if "hours" in r else self.month

    def started_hours(self, r: dict[str, Any]) -> Fraction:
        hours = self.hours(r)
        return hours if hours == self.month else Fraction(-(-hours.numerator // hours.denominator))

    def use_api_gateway(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        yield "api-gateway", "serverless.api-gateway.requests", self.calls(r)

    def use_application_load_balancer(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        alb = "application-load-balancer"
        load = {key: count(r[key]) for key in r if key.endswith(("_per_second", "_connections"))}
        load.setdefault("requests_per_second", self.requests / (self.month * 3600))
        units = [self.rule(alb, "minimum-units-per-zone") * int(r.get("zones", 1))]
        for key, value in load.items():
            filled = value / self.rule(alb, key.replace("_", "-"))
            units.append(Fraction(-(-filled.numerator // filled.denominator)))
        known = count(r["resource_units"]) if "resource_units" in r else max(units)
        yield alb, "alb.resource_unit", known * self.month
        addresses = int(r.get("public_addresses", 1))
        if addresses:
            yield "vpc", "network.public_fips", addresses * self.month

    def use_network_load_balancer(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        nlb = "network-load-balancer"
        yield nlb, "nlb.balancer.active", int(r.get("count", 1)) * self.month
        each = self.workload["request_size"]
        incoming = size(r["ingress"]) if "ingress" in r else self.requests * size(each)
        yield nlb, "nlb.vip_bytes.ingress", incoming / GB
        addresses = int(r.get("public_addresses", 1))
        if addresses:
            yield "vpc", "network.public_fips", addresses * self.month

    def instance_hours(self, service: str, r: dict[str, Any]) -> tuple[Fraction, Fraction, Fraction]:
        """On demand, on instances that are kept ready, and those idle; calls come evenly over the month."""
        ready = int(r.get("provisioned_instances", 0)) * self.month
        seconds = duration(r["duration"] if "duration" in r else self.workload["request_duration"])
        reading = r.get("run_time_rounding", "total" if service == "serverless-containers" else "per-call")
        busy = self.calls(r) * (tenths(seconds) if reading == "per-call" else seconds)
        taken = min(busy, ready * 3600)
        sums = [tenths(part) if reading == "total" else part for part in (busy - taken, taken)]
        return sums[0] / 3600, sums[1] / 3600, ready - taken / 3600

    def use_cloud_function(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        name, memory = "cloud-functions", size(r["memory"]) / GB
        on_demand, taken, idle = self.instance_hours(name, r)
        yield name, "serverless.functions.compute.memory", memory * on_demand
        yield name, "serverless.functions.invocations", self.calls(r)
        if int(r.get("provisioned_instances", 0)):
            yield name, "serverless.functions.provisioned.running", memory * taken
            yield name, "serverless.functions.provisioned.idle", memory * idle

    def use_serverless_container(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        name, cores, memory = "serverless-containers", count(r["vcpu"]), size(r["memory"]) / GB
        prefix = "serverless.containers."
        on_demand, taken, idle = self.instance_hours(name, r)
        yield name, prefix + "compute.cpu", cores * on_demand
        yield name, prefix + "compute.memory", memory * on_demand
        yield name, prefix + "invocations", self.calls(r)
        if int(r.get("provisioned_instances", 0)):
            for state, hours in (("provisioned_request", taken), ("provision_enabled", idle)):
                yield name, f"{prefix}compute.{state}.cpu", cores * hours
                yield name, f"{prefix}compute.{state}.memory", memory * hours

    def use_container_registry(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        yield (
            "container-registry",
            "cr.bucket.used_space.standard",
            size(r["size"]) / GB * self.started_hours(r),
        )

    def use_cloud_registry(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        yield "cloud-registry", "cloud-registry.storage", size(r["size"]) / GB * self.month
        if "egress" in r:
            yield "cloud-registry", "cloud-registry.egress", size(r["egress"]) / GB

    def use_dns(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        yield "cloud-dns", "dns.zones.v1", int(r.get("zones", 1)) * self.month
        if "queries" in r:
            yield "cloud-dns", "dns.queries.authoritative", self.calls(r, "queries")

    def use_lockbox(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        yield "lockbox", "lockbox.secret_versions", int(r["versions"]) * self.month
        if "operations" in r:
            yield "lockbox", "lockbox.operations", self.calls(r, "operations")

    def use_logging(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        written = size(r["written"]) if "written" in r else self.requests * size(self.workload["log_size"])
        kept = duration(r["retention"] if "retention" in r else self.workload["log_retention"])
        yield "cloud-logging", "logging.write", written / GB
        # Every byte that a month writes is paid for as many hours as it is kept.
        yield "cloud-logging", "logging.storage", written / GB * kept / 3600

    def use_object_storage(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        kind, name = r.get("storage_class", "standard"), "object-storage"
        there = self.started_hours(r)
        if kind == "ice" and "hours" in r:
            there = max(there, YEAR_OF_ICE)
        gigabyte_hours = size(r.get("size", "0 B")) / GB * there
        puts = self.calls(r, "put_requests") if "put_requests" in r else Fraction(0)
        if truth(r.get("keeps_requests", "false")):
            left = self.requests * size(self.workload["stored_size"]) / GB
            kept = duration(self.workload["retention"]) / 3600
            gigabyte_hours += left * (max(kept, YEAR_OF_ICE) if kind == "ice" else kept)
            puts = self.calls(r, "put_requests")
        yield name, f"storage.bucket.used_space.{kind}", gigabyte_hours
        if puts:
            yield name, f"storage.api.put.{kind}", puts
        if "get_requests" in r:
            yield name, f"storage.api.get.{kind}", self.calls(r, "get_requests")
        if "egress" in r:
            yield name, "storage.api.network.inet.egress", size(r["egress"]) / GB

    def use_network(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        out = size(r["egress"]) if "egress" in r else self.requests * size(self.workload["response_size"])
        yield "vpc", "network.egress.inet", out / GB
        if "nat_egress" in r:
            yield "vpc", "network.egress.nat", size(r["nat_egress"]) / GB
        gateways, used = int(r.get("nat_gateways", 0)), int(r.get("addresses", 0))
        idle = int(r.get("reserved_addresses", 0))
        if gateways:
            yield "vpc", "vpc.gateway.shared_egress_gateway.v1", gateways * self.month
        if used + idle:
            yield "vpc", "network.public_fips", (used + idle) * self.month
        if idle:
            yield "vpc", "network.public_fips.deallocated", idle * self.month

    def use_managed_prometheus(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        every = duration(r.get("interval", "15 s"))
        yield "managed-prometheus", "prometheus.remote_write", count(r["metrics"]) * self.month * 3600 / every

    def use_monitoring(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        every = duration(r.get("interval", "60 s"))
        yield "monitoring", "monitoring.metrics.write", count(r["metrics"]) * self.month * 3600 / every
        if "read_values" in r:
            yield "monitoring", "monitoring.metrics.read", self.calls(r, "read_values")
        if int(r.get("alerts", 0)):
            yield "monitoring", "monitoring.alerts", int(r["alerts"]) * self.month

    def use_metered(self, r: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
        """Quantities as they are stated, in a unit that is stated or else the one that is priced."""
        for use in r["uses"]:
            skus = self.service(r["service"]).get("skus", [])
            sku = next((sku for sku in skus if sku["code"] == use["sku"]), None)
            stand_in = self.scenario.get("prices", {}).get(use["sku"], {})
            unit = use.get("unit", sku["pricing_unit"] if sku else stand_in.get("unit", "1 piece"))
            stated = unit_size(unit)
            yield r["service"], use["sku"], count(plain_value(use["quantity"])) * stated, stated

    # Machines

    def fraction(self, service: str, platform: str, percent: Any) -> tuple[dict[str, Any], int]:
        """The share of a core and the fewest GPUs of its platform."""
        found = next(p for p in self.service(service)["platforms"] if p["name"] == platform)
        fewest = min(int(s.get("gpu", 0)) for f in found["fractions"] for s in f["shapes"])
        return next(f for f in found["fractions"] if f["fraction"] == str(percent)), fewest

    def machine(
        self, service: str, r: dict[str, Any], hours: Fraction, *, gpus: int | None = None
    ) -> Iterator[tuple[str, str, Fraction]]:
        platform = r.get("platform", "standard-v3")
        share, fewest = self.fraction(service, platform, r.get("core_fraction", 100))
        skus = share["preemptible" if truth(r.get("preemptible", "false")) else "on_demand"]
        cards = int(r.get("gpu", fewest)) if gpus is None else gpus
        if cards and "gpu" in skus:
            yield service, skus["gpu"], cards * hours
        yield service, skus["cpu"], int(r["vcpu"]) * hours
        yield service, skus["ram"], size(r["memory"]) / GB * hours

    def disk(self, service: str, disk: dict[str, Any], hours: Fraction) -> tuple[str, str, Fraction]:
        kind = disk.get("type", "network-ssd")
        found = next(d for d in self.service(service)["disk_types"] if d["name"] == kind)
        return service, found["sku"], size(plain_value(disk["size"])) / GB * hours

    def use_compute_disk(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        yield self.disk("compute", r["disk"], self.month * int(r.get("count", 1)))

    def use_compute_instance(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        machines = int(r.get("count", 1))
        running, there = self.hours(r) * machines, self.month * machines
        yield from self.machine("compute", r, running)
        for disk in r.get("disks", []):
            yield self.disk("compute", disk, there)
        address = r.get("public_address", "none")
        if address == "dynamic":
            yield "vpc", "network.public_fips", running
        if address == "static":
            yield "vpc", "network.public_fips", there
            if there != running:
                yield "vpc", "network.public_fips.deallocated", there - running

    def use_kubernetes_node_group(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        nodes = r["nodes"]
        mean = count(nodes.get("average", nodes["max"]) if isinstance(nodes, dict) else nodes)
        yield from self.machine("compute", r, mean * self.hours(r))
        yield self.disk("compute", r["disk"], mean * self.hours(r))

    def use_kubernetes_cluster(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        name, available = "managed-kubernetes", r.get("master", "basic") == "highly-available"
        preset = self.preset(name, r.get("preset", "s-c2-m8"))
        hosts = 3 if available else 1
        yield name, "mk8s.master.master_host_resources.cpu", hosts * int(preset["vcpu"]) * self.month
        memory = hosts * Fraction(preset["memory_gb"])
        yield name, "mk8s.master.master_host_resources.ram", memory * self.month
        yield name, f"mk8s.master.{'regional' if available else 'zonal'}.small", self.month

    # Managed databases

    def preset(self, service: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(p for p in self.service(service)["presets"] if p["name"] == name)
        return found

    def as_machine(self, service: str, hosts: dict[str, Any]) -> dict[str, Any]:
        if "preset" not in hosts:
            return hosts
        preset = self.preset(service, hosts["preset"])
        return {
            "platform": preset["platform"], "core_fraction": preset.get("fraction", "100"),
            "vcpu": preset["vcpu"], "memory": preset["memory_gb"] + " GB",
        }  # fmt: skip

    def host_group(
        self, service: str, hosts: dict[str, Any], hours: Fraction
    ) -> Iterator[tuple[str, str, Fraction]]:
        number = int(hosts.get("count", 1))
        if hosts["storage"].get("type", "network-ssd").startswith("local-ssd"):
            hours = self.month  # "even a stopped cluster is charged in full"
        yield from self.machine(service, self.as_machine(service, hosts), number * hours, gpus=0)
        yield self.disk(service, hosts["storage"], number * self.month)

    def cluster(
        self, service: str, short: str, r: dict[str, Any], *more: str
    ) -> Iterator[tuple[str, str, Fraction]]:
        groups = [r["hosts"], *(r[name] for name in more if name in r)]
        for group in groups:
            yield from self.host_group(service, group, self.hours(r))
        if "backup_size" in r:
            free = sum(int(g.get("count", 1)) * size(plain_value(g["storage"]["size"])) for g in groups)
            if short == "ch":
                free = size(plain_value(r["hosts"]["storage"]["size"])) - size(r.get("data_size", "0 B"))
                free = max(free, Fraction(0))
            above = size(r["backup_size"]) - free
            if above > 0:
                yield service, f"mdb.cluster.backup.{short}", above / GB * self.month
        addresses = int(r.get("public_addresses", 0))
        if addresses:
            yield service, f"mdb.public_fips.{short}", addresses * self.month

    def coordinators(
        self, service: str, software: str, r: dict[str, Any], storage: dict[str, str] | None
    ) -> Iterator[tuple[str, str, Fraction]]:
        """Hosts that coordinate a cluster: three, or as many as are stated."""
        number = int(r.get(f"{software}_hosts", 3))
        preset = r.get(f"{software}_preset", f"{software}-b3-c1-m4")
        yield from self.machine(
            service, self.as_machine(service, {"preset": preset}), number * self.hours(r), gpus=0
        )
        disk = r.get(f"{software}_storage", storage)
        if disk is not None:
            yield self.disk(service, disk, number * self.month)

    def use_managed_postgresql(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        yield from self.cluster("managed-postgresql", "pg", r)

    def use_managed_opensearch(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        yield from self.cluster("managed-opensearch", "opensearch", r, "managers", "dashboards")

    def use_managed_clickhouse(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        yield from self.cluster("managed-clickhouse", "ch", r)
        chosen = r.get("coordination", "zookeeper")
        if int(r["hosts"].get("count", 1)) > 1 and chosen != "embedded-keeper":
            storage = TEN_GIGABYTES if chosen == "keeper" else None
            yield from self.coordinators("managed-clickhouse", chosen, r, storage)

    def use_managed_kafka(self, r: dict[str, Any]) -> Iterator[tuple[str, str, Fraction]]:
        name = "managed-kafka"
        yield from self.cluster(name, "kafka", r)
        chosen = r.get("coordination", "zookeeper")
        if int(r["hosts"].get("count", 1)) > 1 and chosen != "kraft":
            yield from self.coordinators(name, chosen.removesuffix("-hosts"), r, TEN_GIGABYTES)
        if truth(r.get("kafka_ui", "false")):
            yield name, "mdb.cluster.kafka.ui", self.month


def rates(quoted: Any) -> list[tuple[Fraction, Fraction]]:
    if isinstance(quoted, str):
        return [(Fraction(0), Fraction(quoted))]
    return [(Fraction(rate["start_quantity"]), Fraction(rate["unit_price"])) for rate in quoted]


def convert(price: Fraction, rule: dict[str, str]) -> Fraction:
    """Follow the other currency's list, rounded half up."""
    value = price * Fraction(rule["factor"]) if "factor" in rule else price / Fraction(rule["divisor"])
    scale = 10 ** int(rule["decimals"])
    rounded = value * scale + HALF
    return Fraction(rounded.numerator // rounded.denominator, scale)


def unit_size(unit: str) -> Fraction:
    """How much of hours and pieces one pricing unit is: `1000 alert*hours` -> 1000, `GB*month` -> 720."""
    found = re.match(r"(\d+)([KM]?) ", unit)
    pieces = int(found[1]) * SUFFIX[found[2]] if found else 1
    return Fraction(pieces * (720 if unit.rstrip("s").endswith("month") else 1))


def graduated(quantity: Fraction, tiers: list[tuple[Fraction, Fraction]]) -> Fraction:
    """Charge unit by unit: what lies above a start costs the difference to the price below it."""
    cost, below = Fraction(0), Fraction(0)
    for start, price in tiers:
        cost += max(quantity - start, Fraction(0)) * (price - below)
        below = price
    return cost


def budget_costs(scenario: dict[str, Any], catalog: dict[str, Any], day: str) -> tuple[Bill, list[list[str]]]:
    """Price a scenario in the currency of its budget; also the resources of each of its parts."""
    budget = scenario["budget"]
    bill = Account(scenario, catalog, budget["currency"], day).bill()
    return bill, [part["resources"] for part in budget.get("parts", [])]
