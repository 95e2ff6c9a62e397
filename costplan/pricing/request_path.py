"""What a request takes on its way: resources that call one another add their times up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from costplan.capacity.slo import Slo
from costplan.messages.reason import Reason, milliseconds
from costplan.messages.text import listed
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Constraint
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.resource_errors import answers

MOST_SHOWN: Final = 6


def path_constraints(scenario: LoadedScenario) -> Iterator[tuple[str, Constraint]]:
    """Say that the SLO must leave time for the whole way of a request, where several resources take some.

    A request waits for whatever its resource calls (`talks_to`). Of the ways that it may go the longest
    counts, and is said of the resource that it begins at. Example: 9 ms at `api` and 3.5 ms at `inference` do
    not keep p99 <= 10 ms, though each alone does.

    Raises:
        InputError: A resource needs a number that is not there.
    """
    slo = scenario.model.workload.slo
    if slo is None:
        return
    context = scenario.context
    asked = dict(answers(scenario, lambda one: one.time_alone(context)))
    times = {name: time for name, time in asked.items() if time is not None and time.value}
    path = [name for name in _longest(scenario, times) if name in times]
    if len(path) > 1:
        yield path[0], _constraint(path, times, slo)


def _constraint(path: list[str], times: Mapping[str, Quantity], slo: Slo) -> Constraint:
    parts = [
        Reason("{resource} {time} ms", resource=name, time=milliseconds(float(times[name].value)))
        for name in path
    ]
    whole = sum((times[name] for name in path), Quantity(0))
    reason = Reason(
        "a request takes {time} ms even where it waits for no other: {parts}",
        time=milliseconds(float(whole.value)),
        parts=listed(parts, MOST_SHOWN),
    )
    return Constraint("slo", whole, slo.latency, reason)


def _longest(scenario: LoadedScenario, times: Mapping[str, Quantity]) -> list[str]:
    """Return the way that takes longest; what calls back to where a request came from is no way on.

    Each resource is settled once, after all that it calls, without recursion: ways may be long.
    """
    seconds: dict[str, Fraction] = {}
    onward: dict[str, str | None] = {}
    for start in scenario.resources:
        stack = [start]
        opened: set[str] = set()
        while stack:
            name = stack[-1]
            # A plan looks at single parts of a design: what they call may not be among them.
            called = [other for other in scenario.resources[name].talks_to if other in scenario.resources]
            if name not in opened and name not in seconds:
                opened.add(name)
                stack += [other for other in called if other not in opened and other not in seconds]
                continue
            stack.pop()
            if name not in seconds:
                settled = [other for other in called if other in seconds]
                onward[name] = max(settled, key=seconds.__getitem__, default=None)
                own = times[name].value if name in times else Fraction(0)
                seconds[name] = own + max((seconds[other] for other in settled), default=Fraction(0))
    path: list[str] = []
    step = max(seconds, key=seconds.__getitem__, default=None)
    while step is not None:
        path.append(step)
        step = onward[step]
    return path
