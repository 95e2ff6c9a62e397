"""Read what a scenario says of how sure its numbers are: ranges, distributions, what moves together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import cast

from costplan.messages.errors import Fault, InputError, SourceLocation, did_you_mean
from costplan.messages.reason import Reason, join_reasons
from costplan.messages.text import listed, visible
from costplan.quantities.distribution import PEAKED, SHAPES, TAILED, Distribution, Shape, UncertainInput, Unit
from costplan.quantities.money import plain, quantized
from costplan.quantities.quantity import Quantity
from costplan.quantities.units import split_amount
from costplan.scenario.document.overrides import UNCERTAIN
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.uncertain.substitution import Substitution
from costplan.scenario.uncertain.variables import quantity_at
from costplan.source.fields import checked_text
from costplan.source.reader import Mapping, Node, Scalar

KEYS = ("distribution", "low", "likely", "high", "assumed")
EXAMPLE = "{low: 10 ms, high: 40 ms}"
MAX_SHOWN = 60


def uncertain_inputs(scenario: LoadedScenario) -> tuple[UncertainInput, ...]:
    """Return every number of a scenario that has a range or a distribution, in file order.

    Intervals of measured capacities are among them.

    Raises:
        InputError: With every fault of a range, at its place.
    """
    substitution = Substitution(scenario) if scenario.uncertain else None
    found: list[UncertainInput] = []
    faults: list[Fault] = []
    for path, node in scenario.uncertain.items():
        assert substitution is not None
        try:
            found.append(_Reader(scenario, substitution, path, node).read())
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tuple(found)


def check_uncertainties(scenario: LoadedScenario) -> None:
    """Check all ranges and correlations of a scenario.

    Raises:
        InputError: With every fault.
    """
    from costplan.scenario.uncertain.correlations import correlation_factor

    correlation_factor(scenario, uncertain_inputs(scenario))


class _Reader:
    """Reads one mark."""

    def __init__(
        self, scenario: LoadedScenario, substitution: Substitution, path: str, node: Mapping
    ) -> None:
        self.scenario, self.substitution, self.path, self.node = scenario, substitution, path, node
        self.stated = node.entries[UNCERTAIN]
        value = node.entries["value"]
        assert isinstance(value, Scalar)
        self.value = value

    def read(self) -> UncertainInput:
        number = quantity_at(self.scenario, self.path)
        if number is None:
            said = Reason("`{value}` is no quantity", visible((self.value.value or "")[:MAX_SHOWN]))
            hint = "sizes, times, counts, shares and rates may be; choices, whole numbers and money not"
            raise self._error(Reason("cannot be uncertain: {said}", said), self._mark(), hint=hint)
        distribution = self._distribution(number.value)
        origin = next((origin for origin in self.scenario.origins if origin.path == self.path), None)
        unit = self._unit(number.value, distribution)
        self._check_ends(distribution, unit)
        return UncertainInput(
            self.path, number.value, distribution, unit,
            origin.kind if origin else "stated", origin.reason if origin else "", self._range_reason(),
        )  # fmt: skip

    def _distribution(self, value: Fraction) -> Distribution:
        entries = self._entries()
        shape = self._shape(entries)
        low, high = self._bound(entries, "low"), self._bound(entries, "high")
        likely = self._bound(entries, "likely") if "likely" in entries else None
        ends = f"{self._text('low')} to {self._text('high')}"
        if low == high:
            raise self._error(
                Reason("has no width: {ends}", ends),
                self._mark("low"),
                hint=Reason("take away `{uncertain}`", UNCERTAIN),
            )
        if low > high:
            raise self._error(
                Reason("`low` is above `high`: {ends}", ends), self._mark("low"), hint="exchange the two"
            )
        if shape == "lognormal" and low <= 0:
            raise self._error("a lognormal number is above zero", self._mark("low"), "low", "use `pert`")
        if likely is not None and not low <= likely <= high:
            raise self._error(
                Reason("is outside {ends}: {value}", ends, self._text("likely")),
                self._mark("likely"),
                "likely",
            )
        if not low <= value <= high:
            said = Reason(
                "the value {value} is outside its own range, {ends}",
                visible((self.value.value or "")[:MAX_SHOWN]),
                ends,
            )
            raise self._error(said, self.value.mark)
        if shape in PEAKED and likely is None:
            likely = value
        return Distribution(shape, low, high, likely)

    def _range_reason(self) -> str:
        entries = self.stated.entries if isinstance(self.stated, Mapping) else {}
        if "assumed" not in entries:
            return ""
        try:
            reason = checked_text(self._text("assumed"))
        except ValueError as error:
            raise self._error(str(error), self._mark("assumed"), "assumed") from None
        if not reason.strip():
            raise self._error("must give the reason", self._mark("assumed"), "assumed")
        return reason

    def _entries(self) -> dict[str, Node]:
        if not isinstance(self.stated, Mapping):
            raise self._error(
                "must be a mapping",
                self._mark(),
                hint=Reason("write `{uncertain}: {example}`", UNCERTAIN, EXAMPLE),
            )
        for key in self.stated.entries:
            if key not in KEYS:
                mark = self.stated.key_marks[key]
                hint = did_you_mean(key, KEYS) or Reason("known keys: {choices}", listed(KEYS))
                raise self._error("unknown key", mark, visible(key[:MAX_SHOWN]), hint)
        for key in ("low", "high"):
            if key not in self.stated.entries:
                raise self._error(
                    Reason("missing `{key}`", key), self._mark(), hint=Reason("such as `{example}`", EXAMPLE)
                )
        return self.stated.entries

    def _shape(self, entries: dict[str, Node]) -> Shape:
        if "distribution" not in entries:
            return "pert" if "likely" in entries else "uniform"
        name = self._text("distribution")
        if name not in SHAPES:
            hint = did_you_mean(name, SHAPES)
            said = Reason("must be one of {shapes}; got `{name}`", listed(SHAPES), visible(name[:MAX_SHOWN]))
            raise self._error(said, self._mark("distribution"), "distribution", hint)
        if "likely" in entries and name not in PEAKED:
            said = Reason("a {name} distribution has no `likely`", name)
            raise self._error(
                said, self._mark("likely"), "likely", Reason("take it away, or use {peaked}", listed(PEAKED))
            )
        return cast(Shape, name)

    def _bound(self, entries: dict[str, Node], key: str) -> Fraction:
        node = entries[key]
        if not isinstance(node, Scalar) or not node.value:
            raise self._error("must be a single value", node.mark, key)
        return self._tried(node.value, node.mark, key).value

    def _tried(
        self, text: str, mark: SourceLocation, key: str = "", said: Sequence[str] = (), sold: bool = True
    ) -> Quantity:
        """Read a text as the field itself would."""
        found = self.substitution.read(self.path, text, sold=sold)
        if isinstance(found, Quantity):
            return found
        if found is None:
            raise self._error("is no number", mark, key)
        path = f"{self.path}.{UNCERTAIN}" + (f".{key}" if key else "")
        raise InputError(
            [
                replace(fault, message=join_reasons([*said, fault.message], ": "), mark=mark, path=path)
                for fault in found
            ]
        )

    def _unit(self, value: Fraction, distribution: Distribution) -> Unit:
        """Find the unit that the figures are written in."""
        texts = [(self.value.value or "", value), (self._text("high"), distribution.high)]
        unit = unit_in_which(self.substitution, self.path, texts)
        if unit is None:
            hint = "write the value, or `high`, as a number with a unit, such as `200 h`"
            raise self._error("what lies in between cannot be told", self._mark(), hint=hint)
        return unit

    def _check_ends(self, distribution: Distribution, unit: Unit) -> None:
        """Draws between and beyond the two figures must be possible as well."""
        if distribution.shape in TAILED:
            for end in distribution.ends:
                text = f"{_three_digits(end / unit.factor)}{unit.word}"
                said = Reason("the distribution reaches {text}", text)
                self._tried(text, self._mark(), "", [said], sold=False)
        middle = (distribution.low + distribution.high) / 2 / unit.factor
        text = f"{plain(quantized(Fraction(round(middle)) if middle > 2 else middle))}{unit.word}"
        self._tried(text, self._mark(), "", [Reason("draws lie in between, at {text} too", text)])

    def _text(self, key: str) -> str:
        node = self.stated.entries[key] if isinstance(self.stated, Mapping) else None
        return (node.value or "") if isinstance(node, Scalar) else ""

    def _mark(self, key: str | None = None) -> SourceLocation:
        if key is None or not isinstance(self.stated, Mapping):
            return self.stated.mark
        return self.stated.entries[key].mark

    def _error(self, said: str, mark: SourceLocation, key: str = "", hint: str | None = None) -> InputError:
        path = f"{self.path}.{UNCERTAIN}" + (f".{key}" if key else "")
        return InputError(Fault(said, mark, path, hint))


def unit_in_which(
    substitution: Substitution, path: str, texts: Iterable[tuple[str, Fraction]]
) -> Unit | None:
    """Return the unit of the first text in which half the number is half as much; None for `24x7`.

    Args:
        texts: What could stand at the path, with what it means.
    """
    for text, value in texts:
        for unit in _unit_of(text, value):
            half = substitution.read(path, unit.written(value / 2), sold=False)
            if isinstance(half, Quantity) and half.value == value / 2:
                return unit
    return None


def _unit_of(text: str, value: Fraction) -> Iterator[Unit]:
    """Take the unit off a text such as `20 ms`; nothing where it has none that multiplies."""
    try:
        number, word = split_amount(text)
    except ValueError:
        return
    if number and value:
        before = text.rstrip().removesuffix(word) if word else text.rstrip()
        blank = " " if re.search(r"\s$", before) else ""
        yield Unit(value / number, blank + word)


def _three_digits(number: Fraction) -> str:
    return plain(quantized(Fraction(f"{float(number):.3g}")))
