"""Usage that no file of Terraform knows: who bills it, what states it, and what a workload says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Keys
from dataclasses import dataclass, field
from functools import lru_cache

from costplan.messages.errors import Fault, InputError, SourceLocation, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.resources.kinds import resource_kind
from costplan.source.tree import Mapping, Node, Scalar


@dataclass(frozen=True, slots=True)
class Quantity:
    """A key of a kind that says how much is used."""

    key: str
    of: tuple[str, ...] = ()
    """Keys of the workload of which one is enough to work it out."""
    otherwise: str | None = None
    """What stands there where nobody says; None where the key is left out."""
    example: str = ""
    beside: str = ""
    """Key without which nobody asks for it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about a kind."""

    quantities: tuple[Quantity, ...]
    needs: str = "nothing"
    """`all` or `any` of them: without, there is nothing to bill, and the resource is usage-based."""
    takes: str = ""
    """What of the workload it takes: where several resources may take it, none does."""


_CALLS = Asked(
    (
        Quantity("requests", ("monthly_requests",), example="1M/month"),
        Quantity("duration", ("request_duration", "request_cpu_time"), example="150 ms"),
    ),
    "all",
    "calls",
)
_UNITS = (Quantity("requests_per_second", ("monthly_requests",), "0", example="20"),)
_REQUESTS = Asked((Quantity("requests", example="1M/month"),), "all")
_VOLUME = Asked((Quantity("size", example="100 GB"),), "all")
_BACKUPS = Quantity("backup_size", example="20 GB")
_IN_STORAGE = Quantity("data_size", example="20 GB")
"""The database, where it takes room that backups would have for nothing."""
_OF_CLUSTERS, _OF_ONE_STORAGE = Asked((_BACKUPS,)), Asked((_BACKUPS, _IN_STORAGE))
ASKED: dict[str, Asked] = {
    "api-gateway": Asked(
        (Quantity("requests", ("monthly_requests",), example="1M/month"),), "all", "gateway"
    ),
    "application-load-balancer": Asked(_UNITS, takes="application-load-balancer"),
    "audit-trails": Asked((Quantity("events", example="1M/month"),), "all"),
    "cdn": Asked((Quantity("traffic", example="500 GB"), Quantity("requests", example="1M/month")), "all"),
    "cloud-function": _CALLS,
    "cloud-registry": Asked((Quantity("size", example="5 GB"),), "all"),
    "compute-image": _VOLUME,
    "compute-snapshot": _VOLUME,
    "container-registry": Asked((Quantity("size", example="5 GB"),), "all"),
    "data-transfer": Asked(
        (Quantity("hours", example="24x7"), Quantity("rows", example="100M/month")), "all"
    ),
    "dns": Asked((Quantity("queries", example="1M/month"),)),
    "kms-key": Asked(
        (
            Quantity("versions", otherwise="1", example="12"),
            Quantity("operations", example="10K/month"),
        )
    ),
    "lockbox": Asked((Quantity("operations", example="10K/month"),)),
    "logging": Asked(
        (
            Quantity("written", ("log_size",), example="10 GB"),
            Quantity("retention", ("log_retention",), example="14 days"),
        ),
        "all",
        "logs",
    ),
    "managed-clickhouse": Asked(
        (_BACKUPS, _IN_STORAGE, Quantity("cloud_size", example="500 GB", beside="cloud_storage"))
    ),
    "managed-gitlab": Asked((Quantity("backup_size", example="20 GB"),)),
    "managed-greenplum": _OF_ONE_STORAGE,
    "managed-mysql": _OF_ONE_STORAGE,
    "managed-opensearch": _OF_CLUSTERS,
    "managed-postgresql": _OF_CLUSTERS,
    "managed-spqr": _OF_CLUSTERS,
    "managed-storedoc": _OF_ONE_STORAGE,
    "managed-valkey": _OF_CLUSTERS,
    "message-queue": _REQUESTS,
    "network-load-balancer": Asked(
        (Quantity("ingress", ("request_size",), "0 B", example="20 GB"),), takes="network-load-balancer"
    ),
    "object-storage": Asked(
        (
            Quantity("size", example="100 GB"),
            Quantity("put_requests", example="10K/month"),
            Quantity("get_requests", example="100K/month"),
            Quantity("egress", example="10 GB"),
        ),
        "any",
    ),
    "serverless-container": _CALLS,
    "smart-web-security": _REQUESTS,
    "smartcaptcha": _REQUESTS,
    "ydb-serverless": Asked(
        (Quantity("request_units", example="20M/month"), Quantity("storage", example="5 GB")), "all"
    ),
}
"""Kind -> what is asked about it; other kinds are all in the file."""


def least_of(kind: str, key: str) -> str | None:
    """Return what is billed of a quantity that nobody states; None for nothing."""
    asked = ASKED.get(kind, Asked(()))
    found = next((one.otherwise for one in asked.quantities if one.key == key), None)
    return None if found is None or found.startswith("0") else found


@dataclass(frozen=True, slots=True)
class Usage:
    """What is known besides the file: a workload, and keys of single resources."""

    workload: Mapping | None = None
    by_address: Mapping | None = None
    """Address -> keys of the resource, over those out of the file."""

    def keys_of(self, address: str) -> dict[str, Node]:
        """Return what is stated for a resource; a key without a value is not stated."""
        rows = self.by_address.entries if self.by_address is not None else {}
        row = rows.get(address)
        if not isinstance(row, Mapping):
            return {}
        return {key: value for key, value in row.entries.items() if not _is_open(value)}

    def states(self, key: str) -> bool:
        """Say whether the workload states a key."""
        entries = self.workload.entries if self.workload is not None else {}
        return key in entries and not _is_open(entries[key])

    def check(self, kinds: Keys[str, str | None]) -> None:
        """Refuse entries of no resource, of one that takes no usage, and keys that its kind does not have.

        Args:
            kinds: Address -> the kind that bills it; None where none does.

        Raises:
            InputError: With each of them.
        """
        if self.by_address is None:
            return
        faults = [
            fault
            for address, row in self.by_address.entries.items()
            for fault in _entry_faults(address, row, self.by_address.key_mark(address), kinds)
        ]
        if faults:
            raise InputError(faults)


def _entry_faults(
    address: str, row: Node, mark: SourceLocation, kinds: Keys[str, str | None]
) -> Iterator[Fault]:
    kind = kinds.get(address)
    if address not in kinds:
        message = Reason("there is no resource `{name}`", visible(address[:200]))
        yield Fault(message, mark, "usage", did_you_mean(address, kinds))
    elif kind is None:
        yield Fault(Reason("`{name}` takes no usage", visible(address[:200])), mark, "usage")
    elif isinstance(row, Mapping):
        known = keys_of_kind(kind)
        for key in row.entries:
            if key not in known:
                path = f"usage.{visible(key[:80])}"
                yield Fault("unknown key", row.key_mark(key), path, did_you_mean(key, known))
    elif not _is_open(row):
        yield Fault(Reason("must be a mapping of keys of the resource"), mark, "usage")


@lru_cache(maxsize=100)
def keys_of_kind(kind: str) -> frozenset[str]:
    """Return the keys that a resource of a kind may have."""
    models = resource_kind(kind).__mro__
    return frozenset(key for model in models for key in getattr(model, "own_fields", ()))


def _is_open(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


@dataclass(frozen=True, slots=True)
class Part:
    """One resource of the scenario, before and after what is used is known."""

    kind: str
    stated: frozenset[str]
    """Keys that it has, out of the file or of the usage."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of the quantities of a part."""

    is_billed: bool
    extra: dict[str, str] = field(default_factory=dict)
    """Keys that stand for usage which nobody states."""
    missing: tuple[str, ...] = ()


def takers(parts: Iterable[Part]) -> Counter[str]:
    """Count who would take the same thing out of the workload."""
    return Counter(
        asked.takes
        for part in parts
        if (asked := ASKED.get(part.kind)) is not None
        and asked.takes
        and any(one.of and one.key not in part.stated for one in asked.quantities)
    )


def filled(part: Part, usage: Usage, counted: Counter[str]) -> Filled:
    """Say whether what is known makes a bill of a part, and what it lacks."""
    asked = ASKED.get(part.kind)
    if asked is None:
        return Filled(True)
    is_alone = counted[asked.takes] == 1
    missing, extra = [], {}
    for one in asked.quantities:
        if one.beside and one.beside not in part.stated:
            continue
        if one.key in part.stated or (is_alone and any(map(usage.states, one.of))):
            continue
        missing.append(one.key)
        if one.otherwise is not None:
            extra[one.key] = one.otherwise
    lacks_all = len(missing) == len(asked.quantities)
    is_billed = {"nothing": True, "all": not missing, "any": not lacks_all}[asked.needs]
    if not is_billed and "provisioned_instances" in part.stated:
        return Filled(True, {"requests": "0", "duration": "1 ms"}, tuple(missing))
    return Filled(is_billed, extra, tuple(missing))
