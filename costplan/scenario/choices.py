"""What a scenario leaves open: its `choose` sections and `--over`, as paths with what may stand there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from costplan.catalog.model import term_in_words
from costplan.messages.errors import Fault, InputError, did_you_mean
from costplan.messages.reason import Reason, join_reasons
from costplan.messages.text import listed, visible
from costplan.resources.alternatives import MAX_ALTERNATIVES
from costplan.scenario.document.overrides import Path, dotted, split_path
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import Mapping, Node, Scalar, mark_of, scalar_from_text
from costplan.source.reader import Sequence as ListNode

REPLICAS, COMMITMENT, AUTO = "replicas", "commitment", "auto"
"""Words that stand for a field by another name, for no field at all, and for what the capacity says."""
NO_COMMITMENT = "none"
"""Stands beside the terms of commitments."""
OPEN = ("resources", "workload")
"""Where a path may begin: all else is no property of a design."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A path and the values that may stand there."""

    path: Path
    values: tuple[Node, ...]
    origin: str
    """Who leaves it open: `choose`, `--over`."""


@dataclass(frozen=True, slots=True)
class OpenChoices:
    """All that a scenario leaves open."""

    choices: tuple[Choice, ...] = ()
    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Terms of commitments by resource; those under the empty name hold for all."""


def open_choices(scenario: LoadedScenario, over: Sequence[str] = ()) -> OpenChoices:
    """Collect what a scenario, and `--over`, leave open; `--over` takes the place of the same path.

    Raises:
        InputError: With every choice that cannot be one.
    """
    faults: list[Fault] = []
    found: dict[Path, Choice] = {}
    terms: dict[str, tuple[str, ...]] = {}
    for choice in [*_sections(scenario), *(_from_text(text) for text in over)]:
        try:
            if choice.path[-1] == COMMITMENT:
                terms[_resource_of(choice, scenario)] = _terms(choice, scenario)
            else:
                meant = _meant(choice, scenario)
                found[meant.path] = meant
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return OpenChoices(tuple(found.values()), terms)


def _sections(scenario: LoadedScenario) -> Iterator[Choice]:
    assert isinstance(scenario.node, Mapping)
    yield from _section(scenario.node, ())
    resources = scenario.node.entries.get("resources")
    for name, resource in (resources.entries if isinstance(resources, Mapping) else {}).items():
        if isinstance(resource, Mapping):
            yield from _section(resource, ("resources", name))


def _section(node: Mapping, at: Path) -> Iterator[Choice]:
    section = node.entries.get("choose")
    for key, values in (section.entries if isinstance(section, Mapping) else {}).items():
        try:
            path = split_path(key)
        except ValueError as error:
            assert isinstance(section, Mapping)
            mark = mark_of(section.key_places[key])
            raise InputError(
                Fault(Reason("`{key}` {why}", visible(key[:80]), error), mark, dotted((*at, "choose")))
            ) from None
        yield Choice((*at, *path), _values(values), "choose")


def _values(node: Node) -> tuple[Node, ...]:
    return tuple(node.items) if isinstance(node, ListNode) else (node,)


def _from_text(text: str) -> Choice:
    """Read `--over resources.api.vcpu=2,4`."""
    shown = f"--over {visible(text[:80])}"
    path, equals, values = text.partition("=")
    hint = "--over resources.inference.preemptible=true,false"
    if not equals or not values.strip():
        raise InputError(Reason("{option}: must be path=value,value", shown), hint=hint)
    try:
        steps = split_path(path.strip())
    except ValueError as error:
        raise InputError(Reason("{shown}: `{path}` {why}", shown, visible(path[:80]), error)) from None
    listing = values if values.lstrip().startswith("[") or values.strip() == AUTO else f"[{values}]"
    found = _values(scalar_from_text(listing, shown))
    if not 0 < len(found) <= MAX_ALTERNATIVES:
        raise InputError(
            Reason(
                "{option}: needs 1 to {most} values, got {found}",
                shown,
                MAX_ALTERNATIVES,
                len(found),
            ),
            hint=hint,
        )
    return Choice(steps, found, "--over")


def _fault(choice: Choice, message: str, hint: str | None = None) -> InputError:
    return InputError(Fault(message, choice.values[0].mark, dotted(choice.path), hint))


def _resource_of(choice: Choice, scenario: LoadedScenario) -> str:
    """Return the resource that a path leads into; empty for a path of one step."""
    if len(choice.path) == 1:
        return ""
    name = choice.path[1]
    if choice.path[0] != "resources" or name not in scenario.resources:
        raise _fault(
            choice, Reason("there is no resource `{name}`", name), did_you_mean(name, scenario.resources)
        )
    return name


def _terms(choice: Choice, scenario: LoadedScenario) -> tuple[str, ...]:
    terms = scenario.catalog.index.commitment_terms
    known = (NO_COMMITMENT, *terms)
    for node in choice.values:
        if not isinstance(node, Scalar) or node.value not in known:
            shown = (
                visible(str(node.value)[:40]) if isinstance(node, Scalar) else Reason("a list or a mapping")
            )
            said = [Reason("{term} is {words}", term, Reason.of(term_in_words(term))) for term in terms]
            hint = join_reasons(said, ", ") if said else None
            raise _fault(
                choice, Reason("a commitment is one of {known}; got `{shown}`", listed(known), shown), hint
            )
    return tuple(term for term in terms if any(_text(node) == term for node in choice.values))


def _text(node: Node) -> str | None:
    return node.value if isinstance(node, Scalar) else None


def _meant(choice: Choice, scenario: LoadedScenario) -> Choice:
    """Check the beginning of a path, and put the field in place of `replicas` and of `auto`."""
    if choice.path[0] not in OPEN or len(choice.path) < 2:
        hint = did_you_mean(choice.path[0], OPEN) or Reason("write it like resources.inference.preemptible")
        raise _fault(choice, "only what is under `resources` or `workload` can be chosen", hint)
    is_auto = _text(choice.values[0]) == AUTO
    if choice.path[0] == "workload":
        if is_auto:
            raise _fault(choice, "only `replicas` can be `auto`")
        return choice
    resource = scenario.resources[_resource_of(choice, scenario)]
    if choice.path[2:] != (REPLICAS,):
        if is_auto:
            raise _fault(choice, "only `replicas` can be `auto`")
        return choice
    found = resource.deployment(scenario.catalog)
    if found.replicas is None:
        raise _fault(choice, Reason("a {kind} has no number of replicas to choose", resource.kind))
    path = (*choice.path[:2], *found.replicas.field)
    if not is_auto:
        return Choice(path, choice.values, choice.origin)
    if found.capacity is None or not found.replicas.follow_load:
        raise _fault(choice, "`auto` needs a `capacity`: nothing says how many replicas the load takes")
    return Choice(path, (Scalar("1", choice.values[0].place),), choice.origin)
