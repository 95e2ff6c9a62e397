"""The scenarios that come with costplan."""

from __future__ import annotations

from dataclasses import dataclass

from costplan.messages.result import Result
from costplan.scenario.document.files import open_document, shipped_scenarios
from costplan.scenario.document.layers import resolve_extends
from costplan.source.reader import Mapping, Node, to_plain

SCENARIO_LIST_SCHEMA = "costplan/scenario-list/1"


@dataclass(frozen=True, slots=True)
class ListedScenario:
    """One scenario."""

    scenario: str
    title: dict[str, str]
    resources: tuple[str, ...]
    variants: dict[str, dict[str, str]]
    """Title of each variant by its name."""


@dataclass(frozen=True, slots=True)
class ScenarioList(Result):
    """All shipped scenarios."""

    schema: str
    scenarios: tuple[ListedScenario, ...]


def scenario_list() -> ScenarioList:
    """Read the shipped scenarios, without pricing them."""
    return ScenarioList(SCENARIO_LIST_SCHEMA, tuple(_listed(name) for name in shipped_scenarios()))


def _listed(name: str) -> ListedScenario:
    document = resolve_extends(open_document(name))
    resources, variants = document.entries["resources"], document.entries.get("variants")
    assert isinstance(resources, Mapping)
    titles = {
        key: _texts(variant.entries["title"])
        for key, variant in (variants.entries.items() if isinstance(variants, Mapping) else ())
        if isinstance(variant, Mapping)
    }
    return ListedScenario(name, _texts(document.entries["title"]), tuple(resources.entries), titles)


def _texts(node: Node) -> dict[str, str]:
    plain = to_plain(node)
    return {"en": plain} if isinstance(plain, str) else {str(k): str(v) for k, v in dict(plain or {}).items()}
