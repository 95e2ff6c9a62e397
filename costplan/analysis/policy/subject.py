"""What a policy looks at: a priced design, with its scenario and the design before where they are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from costplan.analysis.policy.documents import Place
from costplan.checked.records import dataclass
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.resources.contract import Resource
from costplan.scenario.account.loaded import LoadedAccount
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import Mapping as MappingNode
from costplan.source.reader import Scalar, locate

if TYPE_CHECKING:
    from costplan.analysis.policy.policy_file import Applies, Rule, Waiver

OWN_NAME = ("scenario", "account")
"""Keys of which a design has one: its name."""
TOP = ("", ".", "*")
"""Patterns of a folder that mean everything."""


def as_named(file: str) -> str:
    """Leave a path as it was named."""
    return file


@dataclass(frozen=True, slots=True)
class Subject:
    """One design that is held against policies."""

    estimate: Estimate
    design: LoadedScenario | LoadedAccount | None = None
    """None for a bill that was saved: rules about the design itself cannot be said then."""
    base: Subject | None = None
    """The design before."""
    shown_path: Callable[[str], str] = as_named
    """Gives the path of a file from the top of the repository."""
    file: str = ""
    """Of a bill that was saved."""

    @property
    def label(self) -> str:
        """What tells it from the others."""
        return self.estimate.name

    @property
    def names(self) -> tuple[str, ...]:
        """Its own name with its variants, and without them."""
        own = self._own_name or self.estimate.scenario
        variants = "+".join(self.estimate.variants)
        return (f"{own}:{variants}", own) if variants else (own,)

    @property
    def _own_name(self) -> str | None:
        """As it is written: beside another of the same name it is called by its file too."""
        node = self.design.node if self.design is not None else None
        entries = node.entries if isinstance(node, MappingNode) else {}
        name = entries.get("scenario", entries.get("account"))
        return name.value if isinstance(name, Scalar) else None

    @property
    def designs(self) -> dict[str, LoadedScenario]:
        """Its scenarios by what stands before their resources in the bill: `shop.` in an account."""
        if isinstance(self.design, LoadedAccount):
            return {f"{name}.": one for name, one in self.design.designs.items()}
        return {} if self.design is None else {"": self.design}

    @property
    def resources(self) -> Iterator[tuple[str, Resource, LoadedScenario]]:
        """Its resources, by their names in the bill, each with its scenario."""
        for before, scenario in self.designs.items():
            yield from ((before + name, one, scenario) for name, one in scenario.resources.items())

    @property
    def folder(self) -> str:
        """Its folder from the top of the repository; empty for the top and where there is none.

        A folder of Terraform that is a design itself is its own.
        """
        place = self.place(*OWN_NAME).file
        return place if self._is_folder else place.rpartition("/")[0]

    @property
    def _is_folder(self) -> bool:
        """Say whether the design itself, and not a file that it was made of once, is a folder."""
        made_of = self.estimate.terraform
        if self.design is None or made_of is None or not made_of.without_terraform:
            return False
        return locate(self.design.node, OWN_NAME, at_key=True)[0].file == made_of.file

    def place(self, *path: str | int) -> Place:
        """Return where something of the design is written; the design itself where that is in no file."""
        if self.design is None:
            return Place(self.file, 0)
        mark, _ = locate(self.design.node, path, at_key=True)
        if mark.file.startswith("--"):  # said by an option
            mark, _ = locate(self.design.node, OWN_NAME, at_key=True)
        return Place(self.shown_path(mark.file), mark.line)

    def place_of(self, resource: str) -> Place:
        """Return where a resource of the bill is written."""
        for before, scenario in self.designs.items():
            name = resource.removeprefix(before)
            if resource.startswith(before) and name in scenario.resources:
                found = replace(self, design=scenario).place("resources", name)
                return replace(found, resource=resource)
        return replace(self.place(*OWN_NAME), resource=resource)

    def places(self, resources: tuple[str, ...]) -> tuple[Place, ...]:
        """Return where the resources are written; the scenario where there are none."""
        known = {one.name for one in self.estimate.resources}
        found = [self.place_of(name) for name in resources if name in known]
        return tuple(found) or (self.place(*OWN_NAME),)

    def bill_in(self, currency: str) -> Estimate | None:
        """Return the bill in a currency; None where there are no prices in it."""
        if currency == self.estimate.currency:
            return self.estimate
        if self.design is None or currency not in self.design.catalog.currencies:
            return None
        day = self.estimate.catalog.as_of
        if isinstance(self.design, LoadedAccount):
            from costplan.pricing.account import price_account  # most designs are no account

            return price_account(self.design, currency=currency, as_of=day)
        return price_scenario(self.design, currency=currency, as_of=day)


@dataclass(frozen=True, slots=True)
class Question:
    """One rule, asked of one design on a day."""

    rule: Rule
    subject: Subject
    today: date
    addresses: Mapping[str, str]
    """Resource of the bill -> its address, of a file of Terraform."""

    @classmethod
    def of(cls, rule: Rule, subject: Subject, today: date) -> Question:
        """Ask it; addresses are looked up where the rule names resources."""
        file = subject.estimate.terraform if rule.resources else None
        rows = file.resources if file is not None else ()
        return cls(rule, subject, today, {name: row.address for row in rows for name in row.resources})

    def covers(self, name: str, role: str | None) -> bool:
        """Say whether the rule is about a resource; of one whose role nobody knows it may be."""
        rule = self.rule
        by_role = not rule.roles or role is None or role in rule.roles
        return by_role and (not rule.resources or self._is_named(name))

    def _is_named(self, name: str) -> bool:
        address = self.addresses.get(name, name)
        return any(address == one or matches(address, (one,)) for one in self.rule.resources) or matches(
            name, self.rule.resources
        )


def matches(text: str, patterns: tuple[str, ...]) -> bool:
    """Say whether one of some patterns fits a text."""
    return any(fnmatchcase(text, pattern) for pattern in patterns)


def is_within(folder: str, patterns: tuple[str, ...]) -> bool:
    """Say whether a folder, or one that it lies in, fits one of some patterns."""
    wanted = tuple(pattern.removeprefix("./").rstrip("/") for pattern in patterns)
    parts = folder.split("/") if folder else []
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return any(one in TOP for one in wanted) or any(matches(one, wanted) for one in above)


def applies(where: Applies, subject: Subject) -> bool:
    """Say whether a policy is for a design."""
    return (not where.folders or is_within(subject.folder, where.folders)) and (
        not where.scenarios or any(matches(name, where.scenarios) for name in subject.names)
    )


def is_for(waiver: Waiver, subject: Subject) -> bool:
    """Say whether a waiver means a design: a variant is another design, and has to be named."""
    return fnmatchcase(subject.names[0], waiver.scenario) and is_within(subject.folder, (waiver.folder,))
