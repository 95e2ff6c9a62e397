"""What resources cannot work out, at its place in the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from costplan.messages.errors import InputError
from costplan.resources.contract import MissingInputError, UnfitInputError
from costplan.scenario.loaded import LoadedScenario


@contextmanager
def placed(scenario: LoadedScenario, resource: str) -> Iterator[None]:
    """Say where in the scenario it stands that a resource misses a number, or cannot take one.

    Raises:
        InputError: With the place, instead of the resource's own error.
    """
    at = f"resources.{resource}"
    try:
        yield
    except MissingInputError as error:
        raise InputError(scenario.fault(at, f"needs `{error.path}`: {error.why}")) from None
    except UnfitInputError as error:
        raise InputError(scenario.fault(f"{at}.{error.field}", error.why)) from None
