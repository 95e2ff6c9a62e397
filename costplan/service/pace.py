"""Decides from what has been seen whether a model is quick enough to run on the event loop."""

from __future__ import annotations

QUICK_NS = 300_000
"""Processor time of a quick run. Handing a run to a thread and back costs about a third of this."""

SLOW_NS = 2_000_000
"""A run on the event loop that took longer held up every other request: trust is gone."""

_FIRST_STREAK = 100
_DISTRUST = 10
"""How many times longer the next streak must be after trust was broken."""


class Pace:
    """Starts with threads, moves to the event loop after a streak of quick runs, and back after one slow run.

    Blanks at the start would not do: what some models cost depends on the values that they are given.
    """

    def __init__(self) -> None:
        self._streak, self._needed, self._largest = 0, _FIRST_STREAK, 0

    def is_quick(self, elements: int) -> bool:
        """Say whether an input of so many elements may run on the event loop."""
        return self._streak >= self._needed and elements <= self._largest

    def ran(self, elements: int, processor_ns: int) -> None:
        """Take note of one run and the processor time of its thread, which waiting does not lengthen."""
        if processor_ns <= QUICK_NS:
            self._streak += 1
            self._largest = max(self._largest, elements)
            return
        if processor_ns > SLOW_NS and self.is_quick(elements):
            self._needed *= _DISTRUST
        self._streak, self._largest = 0, 0
