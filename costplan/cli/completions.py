"""What the shell offers for an argument or an option: names that are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Given = Mapping[str, Any]
"""What stands on the line already, by parameter."""
Completion = Callable[[Given], Sequence[str]]


def scenarios(_: Given) -> Sequence[str]:
    """Name the shipped scenarios with their variants; files are the shell's own to offer."""
    from costplan.scenario.document.files import shipped_scenarios
    from costplan.scenario.document.variants import with_variants

    return [found for name in shipped_scenarios() for found in with_variants(name)]


def shipped(_: Given) -> Sequence[str]:
    """Name the shipped scenarios."""
    from costplan.scenario.document.files import shipped_scenarios

    return list(shipped_scenarios())


def scenarios_and_bench(given: Given) -> Sequence[str]:
    """Name scenarios, and the commands below `bench`."""
    from costplan.cli.registry import COMMANDS, Group

    group = COMMANDS["bench"]
    return [*(group.commands if isinstance(group, Group) else ()), *scenarios(given)]


def variants(given: Given) -> Sequence[str]:
    """Name the variants of the scenario on the line, else of the shipped ones."""
    from costplan.messages.errors import CostplanError
    from costplan.scenario.document.files import shipped_scenarios
    from costplan.scenario.document.variants import with_variants

    named = given.get("scenario")
    try:
        found = [one for name in ([named] if named else shipped_scenarios()) for one in with_variants(name)]
    except CostplanError:
        return []
    return list(dict.fromkeys(one.partition(":")[2] for one in found if ":" in one))


def resources(given: Given) -> Sequence[str]:
    """Name the resources of the scenario on the line."""
    from costplan.messages.errors import CostplanError
    from costplan.scenario.document.files import open_document
    from costplan.scenario.document.layers import resolve_extends
    from costplan.source.reader import Mapping as MappingNode

    try:
        document = resolve_extends(open_document(str(given.get("scenario", "")).partition(":")[0]))
    except CostplanError:
        return []
    found = document.entries.get("resources")
    return list(found.entries) if isinstance(found, MappingNode) else []


def currencies(_: Given) -> Sequence[str]:
    """Name the currencies of the shipped catalog."""
    from costplan.catalog.store import Catalog

    return tuple(Catalog.shipped().currencies)


def formats(_: Given) -> Sequence[str]:
    """Name the formats of answers."""
    from costplan.output.formats import RENDERERS

    return list(RENDERERS)


def schemas(_: Given) -> Sequence[str]:
    """Name the schemas that are published."""
    from costplan.output.schemas import SCHEMAS

    return list(SCHEMAS)


def kinds(_: Given) -> Sequence[str]:
    """Name the kinds of resources."""
    from costplan.resources.kinds import KINDS

    return list(KINDS)


def languages(_: Given) -> Sequence[str]:
    """Name the languages of tables and reports."""
    from costplan.language.catalog import LANGUAGES

    return LANGUAGES


def services(_: Given) -> Sequence[str]:
    """Name the services of the shipped catalog."""
    from costplan.catalog.store import Catalog

    return Catalog.shipped().service_names


def targets(_: Given) -> Sequence[str]:
    """Name what can be measured."""
    from costplan.bench.targets import TARGETS

    return list(TARGETS)


def runs(_: Given) -> Sequence[str]:
    """Name the runs of `bench` that are kept, the newest first."""
    from costplan.cli.bench.kept import state_folder

    return sorted({file.stem for file in state_folder().glob("run-*.json*")}, reverse=True)


def topics(_: Given) -> Sequence[str]:
    """Name commands, and the pages of the docs."""
    from costplan.cli.help_topics import pages
    from costplan.cli.registry import COMMANDS

    return list(dict.fromkeys([*COMMANDS, *pages()]))


def pipelines(_: Given) -> Sequence[str]:
    """Name the pipelines that files can be made for."""
    from costplan.posting.pipelines import PIPELINES

    return list(PIPELINES)


def sites(_: Given) -> Sequence[str]:
    """Name the sites that a note can be posted to."""
    from costplan.posting.place import AUTOMATIC
    from costplan.posting.sites import SITES

    return [*SITES, AUTOMATIC]
