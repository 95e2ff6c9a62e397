"""What the file of a new scenario says in place of a shipped value: a marked assumption, or nothing yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from costplan.language.translator import Translator
from costplan.messages.reason import Reason
from costplan.quantities.money import plain, quantized
from costplan.quantities.quantity import MeasuredAt
from costplan.quantities.shown import significant
from costplan.scenario.document.overrides import is_marked
from costplan.scenario.export import flow, quoted
from costplan.source.reader import Mapping, Node, Scalar

DIGITS = 3
"""Significant digits of a figure that was measured for another model."""
LOAD = Reason("the load of a shipped scenario; write your own here")
EXAMPLE_MODEL = Reason("the shipped example's; `costplan bench` measures yours")
EXAMPLE_MODEL_WITHOUT_GPU = Reason(
    "the shipped example's, measured without a GPU; `costplan bench` measures yours"
)
FIGURE_EXAMPLES = {"requests_per_second": "20", "request_duration": "150 ms", "duration": "150 ms"}
"""Key of a measured figure -> how a value of it is written."""


@dataclass(frozen=True, slots=True)
class Values:
    """Writes lines of the file."""

    words: Translator
    is_blank: bool
    """Whether values are left open."""

    def line(self, start: str, node: Node, example: str, why: Reason | None = None) -> str:
        """Write a key with a value that is not the user's.

        Args:
            start: The key with what stands before it on its line.
            node: The shipped value.
            example: How one is written.
            why: The reason to assume it; its own when left out.
        """
        if self.is_blank:
            return self.open(start, example)
        if why is not None:
            return self.taken(start, self._assumed(node, why))
        if is_measured(node):
            at = _measured_at(node)
            is_on_cpu = at is not None and not at.gpus
            return self.taken(
                start, self._assumed(node, EXAMPLE_MODEL_WITHOUT_GPU if is_on_cpu else EXAMPLE_MODEL)
            )
        return self.taken(start, flow(self._translated(node)))

    def open(self, start: str, example: str) -> str:
        """Write a key without a value."""
        words = self.words
        return f"{start}: ~  # {words('such as {example}', example=example)}"

    def taken(self, start: str, value: str) -> str:
        """Write a key with a value that somebody else chose."""
        words = self.words
        return f"{start}: {value}  # {words('yours?')}"

    def figures(self, node: Node, depth: int) -> Iterator[str]:
        """Give what below a resource was measured for the example."""
        start = "  " * depth
        for key, value in node.entries.items() if isinstance(node, Mapping) else ():
            if not is_measured(value):
                lines = [*self.figures(value, depth + 1)]
                yield from (f"{start}{key}:", *lines) if lines else ()
                continue
            if not self.is_blank:
                yield from self._conditions(key, value, node, start)
            yield self.line(f"{start}{key}", value, FIGURE_EXAMPLES[key])

    def _assumed(self, node: Node, why: Reason) -> str:
        return f"{{value: {quoted(rounded_value(node))}, assumed: {quoted(self.words.reason(why))}}}"

    def _translated(self, node: Node) -> Node:
        """Say the reasons of a value in the language of the file."""
        if not isinstance(node, Mapping):
            return node
        entries = {key: self._translated(value) for key, value in node.entries.items()}
        why = entries.get("assumed")
        if isinstance(why, Scalar) and why.value:
            entries["assumed"] = Scalar(self.words.reason(why.value), why.place)
        return Mapping(entries, node.key_places, node.place)

    def _conditions(self, key: str, value: Node, capacity: Node, start: str) -> Iterator[str]:
        """Say where a capacity was measured, and at which SLO: on another machine it is another one."""
        words = self.words
        at = _measured_at(value)
        if key != "requests_per_second" or at is None:
            return
        message = "Measured on {vcpu} vCPU, {processor}."
        yield f"{start}# {words(message, vcpu=_plain(at.vcpu), processor=at.processor)}"
        if isinstance(capacity, Mapping) and "slo" not in capacity.entries:
            slo = f"p{_plain(at.percentile * 100)} <= {_plain(at.latency * 1000)} ms"
            yield self.taken(f"{start}slo", slo)


def is_measured(node: Node) -> bool:
    """Say whether a value is a figure of a measurement."""
    return isinstance(node, Mapping) and is_marked(node) and "measured" in node.entries


def on_cores(node: Node, vcpu: Fraction | None) -> Node:
    """Return a measured time as it is on so many cores, where it was measured there; else as it is."""
    at = _measured_at(node) if is_measured(node) else None
    found = at.over_cores.time_on(vcpu) if at is not None and vcpu is not None else None
    if found is None:
        return node
    assert isinstance(node, Mapping)
    value = Scalar(f"{plain(quantized(found.mean_ms))} ms", node.entries["value"].place)
    return Mapping({**node.entries, "value": value}, node.key_places, node.place)


def rounded_value(node: Node) -> str:
    """Write a value; one that was measured with few digits: `0.418597 ms` -> `0.419 ms`."""
    value = node.entries["value"] if isinstance(node, Mapping) and "value" in node.entries else node
    assert isinstance(value, Scalar)
    text = value.value or ""
    if not is_measured(node):
        return text
    number, space, unit = text.partition(" ")
    return f"{significant(Decimal(number), DIGITS)}{space}{unit}"


def _measured_at(node: Node) -> MeasuredAt | None:
    said = node.entries["measured"] if isinstance(node, Mapping) else None
    return getattr(said, "measured_at", None)


def _plain(number: Fraction) -> str:
    return plain(quantized(number))
