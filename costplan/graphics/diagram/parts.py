"""What a diagram shows of an estimate: nodes for the users and each resource, and who talks to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from costplan.graphics.diagram.graph import Pair
from costplan.graphics.text_metrics import printable
from costplan.language.terms import ROLES
from costplan.language.translator import Translator
from costplan.pricing.estimate import Estimate, ResourceEstimate

WAY: Final = (
    "users",
    "network",
    "compute",
    "inference",
    "database",
    "storage",
    "other",
    "monitoring",
    "logs",
    "ci-cd",
)
"""Roles in the order in which a request meets them; those that no request waits for come last."""
ASIDE: Final = frozenset({"monitoring", "logs", "ci-cd"})
_SERVING: Final = ("compute", "inference")


@dataclass(frozen=True, slots=True)
class Part:
    """What stands on a node."""

    name: str
    """Key of the resource; empty for the users."""
    role: str
    role_text: str
    title: str
    runs: str
    cost: str
    """Monthly cost, or the requests of the users."""
    missing: str
    """Says how many lines have no price; empty when all have one."""
    share: str
    fraction: float
    """Share of the bill, from 0 to 1."""

    @property
    def is_users(self) -> bool:
        """Whether this is where requests come from."""
        return not self.name

    @property
    def is_aside(self) -> bool:
        """Whether no request waits for it."""
        return self.role in ASIDE

    @property
    def rank(self) -> int:
        """Place of the role along the way of a request."""
        return WAY.index(self.role) if self.role in WAY else len(WAY)


def parts(estimate: Estimate, words: Translator) -> tuple[list[Part], list[Pair]]:
    """Return the nodes, the users first where requests enter anywhere, and who talks to whom."""
    entries = _entries(estimate.resources)
    found = [_users(estimate, words)] if entries else []
    missing = Counter(line.resource for line in estimate.unpriced)
    found += [_part(resource, estimate, missing[resource.name], words) for resource in estimate.resources]
    place = {part.name: index for index, part in enumerate(found)}
    talks = [(place[""], place[name]) for name in entries]
    for resource in estimate.resources:
        known = [place[other] for other in resource.talks_to if other in place and other != resource.name]
        talks += [(place[resource.name], other) for other in dict.fromkeys(known)]
    return found, talks


def on_the_way(found: Sequence[Part], talks: Sequence[Pair]) -> set[int]:
    """Return the nodes that requests of users reach; all that do not stand aside where there are no users."""
    waiting = [node for node, part in enumerate(found) if part.is_users]
    if not waiting:
        return {node for node, part in enumerate(found) if not part.is_aside}
    reached: set[int] = set()
    while waiting:
        node = waiting.pop()
        if node not in reached and not found[node].is_aside:
            reached.add(node)
            waiting += [target for source, target in talks if source == node]
    return reached


def _entries(resources: Sequence[ResourceEstimate]) -> list[str]:
    """Say where requests come in: at a network that passes them on, else at what serves, uncalled."""
    network = [resource.name for resource in resources if resource.role == "network" and resource.talks_to]
    called = {
        other
        for resource in resources
        if resource.role in ("network", *_SERVING)
        for other in resource.talks_to
        if other != resource.name
    }
    first = [name for name in network if name not in called] or network
    serving = [resource for resource in resources if resource.role in _SERVING]
    free = [resource for resource in serving if resource.name not in called] or serving[:1]
    calling = [resource.name for resource in free if resource.talks_to]
    return first or calling or [resource.name for resource in free]


def _users(estimate: Estimate, words: Translator) -> Part:
    count = estimate.workload.get("monthly_requests")
    said = "" if count is None else words("{requests} requests a month", requests=words.requests(count))
    return Part("", "users", "", words("Users"), "", said, "", "", 0.0)


def _part(resource: ResourceEstimate, estimate: Estimate, missing: int, words: Translator) -> Part:
    total, cost = estimate.total.monthly_cost, resource.monthly_cost
    return Part(
        name=resource.name,
        role=resource.role,
        role_text=printable(words.term(resource.role, ROLES)),
        title=printable(words.title(resource.title, resource.name)),
        runs=", ".join(printable(name) for name in resource.runs),
        cost=words.money(cost, estimate.currency),
        missing=_without_price(missing, words) if missing else "",
        share=words.share(cost, total),
        fraction=float(cost / total) if total else 0.0,
    )


def _without_price(lines: int, words: Translator) -> str:
    return words.many("+ {count} line without price", "+ {count} lines without price", lines)
