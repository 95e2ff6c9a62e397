"""What the mapping of one resource asks of the rest of the file: images, addresses, server defaults."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from costplan.messages.reason import Reason
from costplan.terraform.links import Links, Target, Written, instances_of
from costplan.terraform.mapped import Assumed
from costplan.terraform.plan_file import PlanFile
from costplan.terraform.planned import Planned, looked_up
from costplan.terraform.values import UNKNOWN

ADDRESS = "yandex_vpc_address"
IMAGE = "yandex_compute_image"
LICENSED = "windows"
"""System whose use is charged for each core: yandex-cloud/docs:en/compute/pricing.md@013dabfe97eb."""
ONLY_NAMED_BY = frozenset({"yandex_dns_recordset", ADDRESS})
"""Types that may name an address and do not take it."""
HOLDERS = {
    "yandex_compute_instance": ("network_interface", "nat_ip_address"),
    "yandex_lb_network_load_balancer": ("listener", "external_address_spec", "address"),
    "yandex_alb_load_balancer": (
        "listener", "endpoint", "address", "external_ipv4_address", "address",
    ),
}  # fmt: skip
"""Type -> where it holds a public address that may be one of the file's own."""


CONFIDENCES = {
    "documented": Reason("documented"),
    "observed": Reason("seen in use"),
    "assumed": Reason("not documented"),
}
"""How sure a default of the server is -> how it is said."""
AS_IT_STARTS = "start"
"""Instead of a confidence: the file says how large it is at the start, and nobody knows how large later."""


@dataclass(frozen=True, slots=True)
class Default:
    """What the server fills in where nothing is stated."""

    value: str
    confidence: str
    source: str
    attribute: str

    @property
    def reason(self) -> Reason:
        """Say it as the reason of an assumption."""
        if self.confidence == AS_IT_STARTS:
            return Reason("billed as large as it is at the start")
        return Reason(
            "not in the file; the server's default, {confidence}: {source}",
            CONFIDENCES[self.confidence],
            self.source,
        )

    def assumed(self, value: str | None = None) -> Assumed:
        """Return it as a value of a scenario, or another one with its reason."""
        return Assumed(value or self.value, self.reason, self.attribute)


@lru_cache(maxsize=1)
def server_defaults() -> dict[tuple[str, str], Default]:
    """Return what is known of the server's defaults: type and attribute -> value, confidence, source."""
    with (Path(__file__).parent / "server_defaults.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["type"], row["attribute"]): Default(
                row["value"], row["confidence"], row["source"], row["attribute"]
            )
            for row in csv.DictReader(file)
        }


def is_as_it_starts(kind: str, attribute: str) -> bool:
    """Say whether what was taken for an attribute is no default, but what the file says of the start."""
    known = server_defaults().get((kind, attribute))
    return known is not None and known.confidence == AS_IT_STARTS


class Reading:
    """The file as a whole, for whoever maps one of its resources."""

    def __init__(self, plan: PlanFile, resources: list[Planned]) -> None:
        self.plan = plan
        self.links = Links(plan)
        self.by_block: dict[Written, list[Planned]] = {}
        for one in resources:
            self.by_block.setdefault(one.written_as, []).append(one)

    def image_size(self, one: Planned, *keys: str) -> str | None:
        """Return the smallest disk in GB of the image that a disk is made of; None where it was not read.

        Args:
            one: The resource with the disk.
            keys: Path of `image_id`.
        """
        return next((size for image in self._images(one, keys) if (size := _disk_of(image))), None)

    def needs_a_licence(self, one: Planned, *keys: str) -> bool:
        """Say whether the image of a disk is known to hold a system that is paid for by itself."""
        return any(str(image.get("os_type")).lower() == LICENSED for image in self._images(one, keys))

    def _images(self, one: Planned, keys: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Give what data sources said of the image at a path: by its id, and by who is referred to."""
        image = one.values.find(".".join(keys))
        if isinstance(image, str) and image in self._images_by_id:
            yield self._images_by_id[image]
        for target in self.links.targets(one.written_as, *keys):
            if target.block in self._images_by_source:
                yield self._images_by_source[target.block]

    @cached_property
    def _images_by_source(self) -> dict[Written, dict[str, Any]]:
        found: dict[Written, dict[str, Any]] = {}
        for block, values in looked_up(self.plan, IMAGE):
            known = {key: value for key, value in values.items() if value is not None}
            found[block] = found.get(block, {}) | known
        return found

    @cached_property
    def _images_by_id(self) -> dict[str, dict[str, Any]]:
        return {
            str(values[key]): values
            for values in self._images_by_source.values()
            for key in ("id", "image_id")
            if values.get(key)
        }

    def attached(self, address: Planned) -> bool:
        """Say whether something in the file takes a public address."""
        return address.address in self._attached or address.values.flag("used")

    def own_addresses(self, one: Planned) -> int:
        """Return how many addresses a resource holds that the file bills by themselves."""
        return self._holders.get(one.address, 0)

    @cached_property
    def _attached(self) -> set[str]:
        return self._pairs[0]

    @cached_property
    def _holders(self) -> dict[str, int]:
        return self._pairs[1]

    @cached_property
    def _pairs(self) -> tuple[set[str], dict[str, int]]:
        """Return the addresses that are taken, and how many of them a resource holds."""
        own = [one for rows in self.by_block.values() for one in rows if one.type == ADDRESS]
        taken: set[str] = set()
        holders: dict[str, int] = {}
        if not own:
            return taken, holders
        by_value = {text: one for one in own for text in _texts(one, ("external_ipv4_address", "address"))}
        for block, users in self.by_block.items():
            if users[0].type in ONLY_NAMED_BY:
                continue
            keys = HOLDERS.get(users[0].type, ())
            held = self._addresses(self.links.targets(block, *keys))
            named = self._addresses(self.links.targets(block))
            for user in users:
                found = {one.address for target in named for one in instances_of(target, user, self.by_block)}
                equal = [by_value[text] for text in _texts(user, keys) if text in by_value]
                taken |= found | {one.address for one in equal}
                if held or equal:
                    holders[user.address] = max(len(held), len(equal))
        self._pair_untraced(own, taken, holders)
        return taken, holders

    def _pair_untraced(self, own: list[Planned], taken: set[str], holders: dict[str, int]) -> None:
        """Give what nobody else takes to those whose addresses no plan traces: from the same module first."""
        free = [one for one in own if one.address not in taken]
        for block, users in self.by_block.items():
            keys = HOLDERS.get(users[0].type, ())
            for user in users if keys and self._is_untraced(block, keys) else ():
                free.sort(key=lambda one: one.module != user.module)
                given = free[: _open_places(user, keys)] if user.address not in holders else []
                if given:
                    taken |= {one.address for one in given}
                    holders[user.address] = len(given)
                    free = free[len(given) :]

    def _is_untraced(self, block: Written, keys: tuple[str, ...]) -> bool:
        """Say whether an address comes through a local, or a block is `dynamic`: a plan shows neither."""
        if self.links.says(block, keys[0]):
            return bool(self.links.says(block, *keys)) and not self.links.targets(block, *keys)
        return self.links.says(block, keys[0]) is False

    @staticmethod
    def _addresses(targets: Iterable[Target]) -> list[Target]:
        return [target for target in targets if target.block[1].startswith(f"{ADDRESS}.")]


def _disk_of(image: dict[str, Any]) -> str | None:
    """Return the smallest disk of an image in GB; None where it is not said."""
    size = image.get("min_disk_size")
    if isinstance(size, bool) or not isinstance(size, (int, str)) or not str(size).isdecimal():
        return None
    number = int(size)
    # The provider gives gigabytes; no disk has a million of them, so a larger number is in bytes.
    return str(-(-number // 2**30) if number > 10**6 else number) if number else None


def _open_places(one: Planned, keys: tuple[str, ...]) -> int:
    """Return in how many blocks a resource has a public address that nobody knows yet."""
    blocks = one.values.blocks(keys[0])
    return sum(
        block.find(".".join(keys[1:])) is UNKNOWN and block.find("nat") is not False for block in blocks
    )


def _texts(one: Planned, keys: tuple[str, ...]) -> Iterator[str]:
    """Give the known addresses that a resource holds."""
    if keys:
        found = one.values.find(".".join(keys))
        if isinstance(found, str) and found:
            yield found
