"""Reasons: why something holds or not, as a message with its values. No verdict depends on wording."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

Value = str | int | Decimal
"""What fills a field: a name, a count, a number, or another reason, which is a text too."""


class Reason(str):
    """An English sentence that remembers the message it was made from, and what fills it.

    The message is also the key of its translation. Documents hold a reason where a text is due; whoever
    says it in another language takes `message` and `values`, never the sentence.

    Example: `Reason("needs more than {most} machines", most=3)` is the text `needs more than 3 machines`.
    """

    __slots__ = ("message", "values")
    message: str
    values: Mapping[str, Value]

    def __new__(cls, message: str, /, **values: Value) -> Reason:
        """Fill the fields of a message; numbers get thousands separators.

        Args:
            message: With fields in braces.
            values: What stands in them.
        """
        self = super().__new__(cls, message.format(**{key: _shown(value) for key, value in values.items()}))
        self.message, self.values = message, values
        return self

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


def joined(parts: Iterable[str], separator: str = "; ") -> str:
    """Join reasons and texts to one that can still be said in another language."""
    found = list(parts)
    if len(found) == 1:
        return found[0]
    kind: type[Reason] = Reason  # its message is no text of its own, so it stands in no catalog
    return kind(
        separator.join(f"{{part{number}}}" for number in range(len(found))),
        **{f"part{number}": part for number, part in enumerate(found)},
    )


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def milliseconds(seconds: float, digits: int = 4) -> Decimal:
    """Return a time in milliseconds with few digits, as sentences say it: 0.0004186 s is 0.4186."""
    found = Decimal(f"{seconds * 1000:.{digits}g}").normalize()
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found
