"""Reasons: why something holds or not, as a message with its values. No verdict depends on wording."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from string import Formatter
from typing import Any

Value = str | int | Decimal
"""What fills a field: a name, a count, a number, or another reason, which is a text too."""


class Reason(str):
    """An English sentence that remembers the message it was made from, and what fills it.

    The message is also the key of its translation. Documents hold a reason where a text is due; whoever
    says it in another language takes `message` and `values`, never the sentence.

    Example: `Reason("needs {count} nodes, not {most}", 4, 3)` is the text `needs 4 nodes, not 3`.
    """

    __slots__ = ("message", "values")
    message: str
    values: Mapping[str, Value]

    def __new__(cls, message: str, /, *listed: object, **named: object) -> Reason:
        """Fill the fields of a message.

        Args:
            message: With named fields in braces.
            listed: What stands in the fields, in the order in which they come first.
            named: What stands in the others. Numbers get thousands separators; what is no number, its text.
        """
        if listed:
            fields = dict.fromkeys(field for _, field, _, _ in Formatter().parse(message) if field)
            named.update(zip((field for field in fields if field not in named), listed, strict=True))
        values = {key: _kept(value) for key, value in named.items()}
        self = super().__new__(cls, message.format(**{key: _shown(value) for key, value in values.items()}))
        self.message, self.values = message, values
        return self

    @classmethod
    def of(cls, text: str) -> Reason:
        """Take a text as a message of its own: one of a few, which stand in the catalogs."""
        return cls(text.replace("{", "{{").replace("}", "}}"))

    def __str__(self) -> str:
        """Stay a reason: the argument of an error, made to a text, can still be translated."""
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Value]]:
        """Copy by message and values."""
        return (self.message,), dict(self.values)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Give the schema of a text: that is what documents hold."""
        return handler(str)


def join_reasons(parts: Iterable[str], separator: str = "; ") -> str:
    """Join reasons and texts to one that can still be said in another language."""
    found = list(parts)
    if len(found) == 1:
        return found[0]
    kind: type[Reason] = Reason  # its message is no text of its own, so it stands in no catalog
    return kind(
        separator.join(f"{{part{number}}}" for number in range(len(found))),
        **{f"part{number}": part for number, part in enumerate(found)},
    )


def either(parts: Iterable[str]) -> str:
    """Join what may be chosen, so that it can be said in another language: `a or b`."""
    found = list(parts)
    return reduce(lambda one, other: Reason("{one} or {other}", one, other), found) if found else ""


def _kept(value: object) -> Value:
    if isinstance(value, Exception):
        return _raised(value)
    return value if isinstance(value, (str, Decimal)) or type(value) is int else str(value)


def _raised(error: Exception) -> Reason:
    """Take what an error says as a reason of its own; its text may have forgotten what it was made from."""
    faults: Sequence[Any] = getattr(error, "faults", ())
    said = str(error)
    if len(faults) == 1 and said == faults[0].message:
        said = faults[0].message
    return said if isinstance(said, Reason) else Reason.of(said)


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def milliseconds(seconds: float, digits: int = 4) -> Decimal:
    """Return a time in milliseconds with few digits, as sentences say it: 0.0004186 s is 0.4186."""
    found = Decimal(f"{seconds * 1000:.{digits}g}").normalize()
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found
