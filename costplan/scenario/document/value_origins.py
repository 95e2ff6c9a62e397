"""Values that say more than themselves: why they were taken, and how sure they are.

request_duration: {value: 20 ms, assumed: "as on our laptop", uncertain: {low: 10 ms, high: 40 ms}}
"""

from __future__ import annotations

from dataclasses import field

from costplan.checked.records import dataclass
from costplan.messages.errors import Fault
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Origin, OriginKind
from costplan.scenario.document.overrides import MARKS, UNCERTAIN, is_marked
from costplan.source.fields import OriginText, checked_text
from costplan.source.reader import Mapping, Node, Scalar
from costplan.source.reader import Sequence as ListNode

_KINDS: dict[str, OriginKind] = {"assumed": "assumed", "measured": "measured", "published": "published"}


def _is_applied(path: str) -> bool:
    """Marks in variants, and in what is left open, say nothing of the scenario as it stands."""
    steps = path.split(".")
    return steps[0] not in {"variants", "choose"} and steps[2:3] != ["choose"]


@dataclass(frozen=True, slots=True)
class ValueOrigins:
    """What a document says of its values."""

    origins: list[Origin] = field(default_factory=list)
    """Values with their reasons, in file order."""
    uncertain: dict[str, Mapping] = field(default_factory=dict)
    """Path -> the marked value that has `uncertain` beside it."""
    faults: list[Fault] = field(default_factory=list)


def plain_data(node: Node, marks: ValueOrigins, path: str = "") -> object:
    """Turn nodes into plain data; `{value: ..., assumed: ...}` becomes a text that carries its origin."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, ListNode):
        return [plain_data(item, marks, f"{path}[{index}]") for index, item in enumerate(node.items)]
    if "value" not in node.entries or not is_marked(node):
        prefix = f"{path}." if path else ""
        return {
            key: value.value if isinstance(value, Scalar) else plain_data(value, marks, prefix + key)
            for key, value in node.entries.items()
        }
    return _marked_value(node, path, marks)


def _marked_value(node: Mapping, path: str, marks: ValueOrigins) -> object:
    kind = next((kind for kind in MARKS if kind in node.entries), None)
    value = node.entries["value"]
    _refuse_other_keys(node, kind, path, marks)
    is_reasoned = kind is None or _check_reason(node.entries[kind], f"{path}.{kind}", marks)
    if not isinstance(value, Scalar) or value.value is None:
        if is_reasoned:
            marks.faults.append(Fault("only a single value can be marked so", value.mark, f"{path}.value"))
        return plain_data(value, marks, path)
    if UNCERTAIN in node.entries and _is_applied(path):
        marks.uncertain[path] = node
    if kind is None or not is_reasoned:
        return value.value
    reason = node.entries[kind]
    assert isinstance(reason, Scalar)
    said = getattr(reason, "measured_at", None)
    origin = Origin(_KINDS[kind], path, reason.value or "", said)
    if _is_applied(path):
        marks.origins.append(origin)
    return OriginText(value.value, origin)


def _refuse_other_keys(node: Mapping, kind: str | None, path: str, marks: ValueOrigins) -> None:
    known = ["value", *([kind] if kind else []), UNCERTAIN]
    extra = sorted(set(node.entries) - set(known))
    if extra:
        hint = Reason("only `value` and `{kind}`", kind or UNCERTAIN)
        if kind:
            hint = Reason("only `value` and `{kind}`, and `{uncertain}`", kind, UNCERTAIN)
        marks.faults.append(Fault("unknown key", node.key_marks[extra[0]], f"{path}.{extra[0]}", hint))


def _check_reason(reason: Node, path: str, marks: ValueOrigins) -> bool:
    """Say whether there is a reason at all; one that cannot be shown is a fault of its own."""
    if not isinstance(reason, Scalar) or not (reason.value or "").strip():
        kind = path.rpartition(".")[2]
        marks.faults.append(Fault(Reason("`{kind}` must give the reason", kind), reason.mark, path))
        return False
    try:
        checked_text(reason.value)
    except ValueError as error:
        marks.faults.append(Fault(str(error), reason.mark, path))
    return True
