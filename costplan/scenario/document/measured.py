"""Result files that a scenario names: `{measured: FILE}` becomes the figures of that file, with their origin.

    workload:
      request_duration: {measured: digits-service}
    resources:
      api:
        capacity: {measured: results/api.json, utilisation: 60%}

`capacity: {published: ROW}` goes the same way, see `costplan.scenario.document.published`. The rest of the
program then reads ordinary marked values, as if they had been written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from costplan.checked.records import dataclass
from costplan.messages.errors import Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.quantities.quantity import MeasuredAt
from costplan.scenario.document.files import safe_path
from costplan.scenario.document.overrides import UNCERTAIN
from costplan.scenario.document.published import names_row, published_capacity
from costplan.scenario.document.stated_twice import (
    CAPACITY,
    MEASURED,
    MEASURED_FIGURES,
    VALUE,
    beside,
)
from costplan.source.reader import Mapping, Node, Scalar
from costplan.source.reader import Sequence as ListNode

if TYPE_CHECKING:
    from costplan.measurement.files import Figures

LOG_KEY = "log"
LOG = f"workload.arrivals.{LOG_KEY}"
DURATIONS = ("request_duration", "duration")
MAX_FILES = 50
"""Most result files of one scenario: each may be megabytes."""


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A result file that a scenario takes figures from."""

    name: str
    """As the scenario names it."""
    path: Path
    shown_as: str
    figures: Figures


class Resolver:
    """Replaces what names a result file in one document.

    Args:
        folder: Where relative paths begin: that of the document.
        root: Folder that paths must not leave.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root = folder, root
        self._read: dict[str, ResultFile] = {}

    def resolved(self, node: Node, path: str = "") -> Node:
        """Return the node with figures in place of files; the same node where there is nothing to replace.

        Raises:
            InputError: A file cannot be read, or has not measured what is asked of it.
        """
        if isinstance(node, Scalar):
            return node
        if isinstance(node, ListNode):
            return node  # what names a file stands under a key of its own, never in a list
        changed = {}
        for key, value in node.entries.items():
            if not isinstance(value, Mapping) and not key.endswith(LOG_KEY):
                continue  # most of a document: a single value, or a list
            found = self._entry(key, value, f"{path}.{key}" if path else key)
            if found is not value:
                changed[key] = found
        return Mapping({**node.entries, **changed}, node.key_places, node.place) if changed else node

    def _entry(self, key: str, value: Node, path: str) -> Node:
        # A variant's `set` has whole paths for keys: `resources.api.capacity`.
        last = key.rpartition(".")[2]
        if path.endswith(LOG):
            return self._log(value, path)
        if last == CAPACITY and isinstance(value, Mapping) and names_row(value):
            return published_capacity(value, path)
        file = value.entries.get(MEASURED) if isinstance(value, Mapping) else None
        if file is None or not isinstance(value, Mapping):
            return self.resolved(value, path)
        if VALUE in value.entries:
            if _names_result(file):
                _refuse(beside(value, (MEASURED, VALUE), path))
            return self.resolved(value, path)
        if last == CAPACITY:
            return self._capacity(value, file, path)
        if last in DURATIONS:
            return self._duration(value, file, path)
        return self.resolved(value, path)

    def _log(self, file: Node, path: str) -> Node:
        """Put the weights of a request log in place of its name."""
        from costplan.scenario.document.request_log import week_of

        if isinstance(file, WeightsOfLog) or (isinstance(file, Scalar) and file.value is None):
            return file
        if not isinstance(file, Scalar) or not file.value:
            raise InputError(Fault("must name a request log", file.mark, path))
        found = safe_path(file.value, self.folder, self.root, file.mark, at=path)
        try:
            weights = week_of(found, file.value)
        except InputError as error:
            raise InputError(
                fault if fault.mark else Fault(fault.message, file.mark, path, fault.hint)
                for fault in error.faults
            ) from None
        return WeightsOfLog([Scalar(str(weight), file.place) for weight in weights], file.place)

    def _duration(self, node: Mapping, file: Node, path: str) -> Node:
        extra = sorted(set(node.entries) - {MEASURED})
        if extra:
            raise InputError(
                Fault(
                    "unknown key",
                    node.key_marks[extra[0]],
                    f"{path}.{extra[0]}",
                    Reason("only `{measured}`", MEASURED),
                )
            )
        return _one_request(self._result(file, path), file, path)

    def _capacity(self, node: Mapping, file: Node, path: str) -> Node:
        _refuse(fault for key in MEASURED_FIGURES for fault in beside(node, (MEASURED, key), path))
        result = self._result(file, path)
        figures = result.figures
        rate = figures.requests_per_second
        if rate is None:
            raise _unusable("has no capacity: no rate kept the SLO", file, path)
        why = Reason(
            "{source}: highest rate that keeps {slo}; {remark}",
            source=figures.source,
            slo=figures.slo,
            remark=figures.remark,
        )
        entries: dict[str, Node] = {
            "requests_per_second": _marked(f"{rate!r}", why, file, result, figures.interval),
            "request_duration": _one_request(result, file, path),
        }
        kept = {key: value for key, value in node.entries.items() if key != MEASURED}
        places = dict.fromkeys(entries, node.place)
        return Mapping({**kept, **entries}, {**places, **node.key_places}, node.place)

    def _result(self, file: Node, path: str) -> ResultFile:
        if not isinstance(file, Scalar) or not file.value:
            raise _unusable("must name a result file", file, path)
        name = file.value
        if name not in self._read:
            if len(self._read) >= MAX_FILES:
                raise _unusable(Reason("more than {most} result files", MAX_FILES), file, path)
            self._read[name] = self._load(name, file.mark, path)
        return self._read[name]

    def _load(self, name: str, mark: SourceLocation, path: str) -> ResultFile:
        from costplan.measurement.files import load_figures, shipped_measurement

        at = f"{path}.{MEASURED}"
        try:
            if not is_file(name):
                found, shown_as = shipped_measurement(name), f"measurements/{name}.json"
            else:
                found, shown_as = safe_path(name, self.folder, self.root, mark, at=at), visible(name)
            return ResultFile(name, found, shown_as, load_figures(found, shown_as))
        except InputError as error:
            if error.faults[0].mark == mark:
                raise
            first = error.faults[0]
            said = Reason("{path}: {why}", first.path, first.message) if first.path else first.message
            raise InputError(
                Fault(Reason("cannot take `{name}`: {said}", visible(name[:80]), said), mark, at, first.hint)
            ) from None


class WeightsOfLog(ListNode):
    """What a request log says of the hours of the week, in its place."""

    __slots__ = ()


def _refuse(faults: Iterable[Fault]) -> None:
    found = list(faults)
    if found:
        raise InputError(found)


def _names_result(file: Node) -> bool:
    """Say whether what stands beside a value is no reason but another source of it."""
    from costplan.measurement.files import shipped_measurements

    text = file.value if isinstance(file, Scalar) and file.value else ""
    return not any(letter.isspace() for letter in text) and (
        text.endswith(".json") or text in shipped_measurements()
    )


def is_file(name: str) -> bool:
    """Say whether a reference names a file and not a shipped measurement."""
    return name.endswith(".json") or "/" in name or "\\" in name


def _one_request(result: ResultFile, file: Node, path: str) -> Node:
    """Return the run time of a call: what one request takes on an idle server, in the mean."""
    figures = result.figures
    if figures.request_ms is None:
        raise _unusable("has no time of a single request (mode `single` or `slo`)", file, path)
    why = Reason(
        "{source}: mean of one request at a time; {remark}", source=figures.source, remark=figures.remark
    )
    return _marked(f"{figures.request_ms!r} ms", why, file, result)


def _marked(
    value: str, why: str, file: Node, result: ResultFile, interval: tuple[float, float] | None = None
) -> Mapping:
    said = _Said(why, file.place)
    said.measured_at, said.result = result.figures.measured_at, result
    entries: dict[str, Node] = {"value": Scalar(value, file.place), MEASURED: said}
    if interval is not None:
        entries[UNCERTAIN] = _Interval(
            {key: Scalar(f"{end!r}", file.place) for key, end in zip(("low", "high"), interval, strict=True)},
            dict.fromkeys(("low", "high"), file.place),
            file.place,
        )
    return Mapping(entries, dict.fromkeys(entries, file.place), file.place)


class _Said(Scalar):
    """What a result file says of a figure, with the conditions it was measured under."""

    __slots__ = ("measured_at", "result")
    measured_at: MeasuredAt
    result: ResultFile


class _Interval(Mapping):
    """What a result file, and not the scenario, says of how sure a figure is."""

    __slots__ = ()


def is_from_file(node: Mapping) -> bool:
    """Say whether a marked value took its interval from a result file: read only where it is asked for."""
    return isinstance(node.entries.get(UNCERTAIN), _Interval)


def result_files(node: Node) -> Iterator[ResultFile]:
    """Find the result files that figures of a document still come from, in its order; again where again."""
    if isinstance(node, _Said):
        yield node.result
    elif isinstance(node, Mapping):
        for value in node.entries.values():
            yield from result_files(value)


def _unusable(message: str, file: Node, path: str) -> InputError:
    name = file.value if isinstance(file, Scalar) else None
    shown = Reason("`{name}` {said}", visible(name[:80]), message) if name else message
    return InputError(Fault(shown, file.mark, f"{path}.{MEASURED}"))
