"""What resources cannot work out, at its place in the scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason
from costplan.resources.contract import MissingInputError, Resource, UnfitInputError
from costplan.scenario.loaded import LoadedScenario

T = TypeVar("T")


def alike(resources: Mapping[str, Resource]) -> list[tuple[Resource, list[str]]]:
    """Return each resource once, with all of its names: those that are written alike are one object."""
    found: dict[int, tuple[Resource, list[str]]] = {}
    for name, resource in resources.items():  # they are held meanwhile, so that an id is of one object
        found.setdefault(id(resource), (resource, []))[1].append(name)
    return list(found.values())


def answers(scenario: LoadedScenario, ask: Callable[[Resource], T]) -> Iterator[tuple[str, T]]:
    """Ask every resource of a scenario, those that are alike once, and give its name with what it answers.

    Raises:
        InputError: A resource misses a number, or cannot take one; with the place.
    """
    known: dict[str, T] = {}
    for resource, names in alike(scenario.resources):
        with locating_errors(scenario, names[0]):
            known |= dict.fromkeys(names, ask(resource))
    yield from ((name, known[name]) for name in scenario.resources)


@contextmanager
def locating_errors(scenario: LoadedScenario, resource: str) -> Iterator[None]:
    """Say where in the scenario it stands that a resource misses a number, or cannot take one.

    Raises:
        InputError: With the place, instead of the resource's own error.
    """
    try:
        yield
    except (MissingInputError, UnfitInputError) as error:
        raise InputError(placed_fault(scenario, resource, error)) from None


def placed_fault(
    scenario: LoadedScenario, resource: str, error: MissingInputError | UnfitInputError
) -> Fault:
    """Return the fault at its place in the scenario for what a resource says."""
    at = f"resources.{resource}"
    if isinstance(error, MissingInputError):
        return scenario.fault(at, Reason("needs `{path}`: {why}", error.path, error.why))
    return scenario.fault(Reason("{at}.{field}", at, error.field), error.why)
