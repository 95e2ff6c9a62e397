"""What a policy looks at: a priced design, with its scenario and the design before where they are known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fnmatch import fnmatchcase

from costplan.analysis.policy.documents import Place
from costplan.analysis.policy.policy_file import Applies, Rule, Waiver
from costplan.checked.records import dataclass
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import Mapping, Scalar, locate

TOP = ("", ".", "*")
"""Patterns of a folder that mean everything."""


def as_named(file: str) -> str:
    """Leave a path as it was named."""
    return file


@dataclass(frozen=True, slots=True)
class Subject:
    """One design that is held against policies."""

    estimate: Estimate
    scenario: LoadedScenario | None = None
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
        node = self.scenario.node if self.scenario is not None else None
        name = node.entries.get("scenario") if isinstance(node, Mapping) else None
        return name.value if isinstance(name, Scalar) else None

    @property
    def folder(self) -> str:
        """Its folder from the top of the repository; empty for the top and where there is none."""
        return self.place().file.rpartition("/")[0]

    def place(self, *path: str | int) -> Place:
        """Return where something of the scenario is written; the scenario itself where that is in no file."""
        resource = str(path[1]) if path[:1] == ("resources",) else ""
        if self.scenario is None:
            return Place(self.file, 0, resource)
        mark, _ = locate(self.scenario.node, path, at_key=True)
        if mark.file.startswith("--"):  # said by an option
            mark, _ = locate(self.scenario.node, ["scenario"], at_key=True)
        return Place(self.shown_path(mark.file), mark.line, resource)

    def places(self, resources: tuple[str, ...]) -> tuple[Place, ...]:
        """Return where the resources are written; the scenario where there are none."""
        known = {one.name for one in self.estimate.resources}
        found = [self.place("resources", name) for name in resources if name in known]
        return tuple(found) or (self.place("scenario"),)

    def bill_in(self, currency: str) -> Estimate | None:
        """Return the bill in a currency; None where there are no prices in it."""
        if currency == self.estimate.currency:
            return self.estimate
        if self.scenario is None or currency not in self.scenario.catalog.currencies:
            return None
        return price_scenario(self.scenario, currency=currency, as_of=self.estimate.catalog.as_of)


@dataclass(frozen=True, slots=True)
class Question:
    """One rule, asked of one design on a day."""

    rule: Rule
    subject: Subject
    today: date

    def covers(self, name: str, role: str | None) -> bool:
        """Say whether the rule is about a resource; of one whose role nobody knows it may be."""
        rule = self.rule
        by_role = not rule.roles or role is None or role in rule.roles
        return by_role and (not rule.resources or matches(name, rule.resources))


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
