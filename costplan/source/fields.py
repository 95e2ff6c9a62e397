"""The base of every input model, its field types, and the way from a YAML node to a checked model.

Scalars arrive as the text of the file: each field type reads that text itself, so `010`, `no` and `1e3` mean
what the field says and prices never pass through float.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from costplan.checked.markers import Info, PlainValidator, WithJsonSchema
from costplan.checked.model import Model as Model
from costplan.messages.errors import FAULTS_SHOWN, Fault, InputError
from costplan.messages.reason import Reason
from costplan.messages.text import is_hidden, visible
from costplan.quantities import units
from costplan.quantities.money import Money, parse_decimal, parse_money, plain
from costplan.quantities.quantity import Origin, Quantity, WholeNumber
from costplan.source.explained import CURRENCY_CODE, explained, shown_value
from costplan.source.reader import Node, locate

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=Model)


class OriginText(str):
    """A scalar's text with the reason for its value: what `{value: ..., assumed: ...}` becomes."""

    __slots__ = ("origin",)
    origin: Origin

    def __new__(cls, text: str, origin: Origin) -> OriginText:
        self = super().__new__(cls, text)
        self.origin = origin
        return self

    def __repr__(self) -> str:
        return f"OriginText({super().__repr__()}, {self.origin!r})"


MAX_TEXT = 10_000
"""Longest text, in characters."""
MAX_LIST = 1000
"""Most entries of a list in a section; a file of five megabytes must not take minutes."""
MAX_SCALAR = 200
"""Longest name, number, date or the like: patterns would take minutes over a megabyte of blanks."""


def _scalar_text(value: object, what: str) -> str:
    if isinstance(value, str):
        if len(value) > MAX_SCALAR:
            raise ValueError(Reason("must be {what}, got {count} characters", Reason.of(what), len(value)))
        return value
    if isinstance(value, bool) or value is None or isinstance(value, (float, dict, list)):
        raise ValueError(Reason("must be {what}, got {value}", Reason.of(what), shown_value(value)))
    return str(value)


def checked_text(value: object) -> str:
    """Return a text that people read, such as a title or a reason.

    Raises:
        ValueError: Not a text, too long, or with characters that would act on a terminal or do not show.
    """
    text = value if isinstance(value, str) else _scalar_text(value, "text")
    if len(text) > MAX_TEXT:
        raise ValueError(Reason("is longer than {most} characters ({count})", MAX_TEXT, len(text)))
    if text.isascii() and text.isprintable():  # nearly all of a catalog's texts: no look at each letter
        return str(text)
    for position, character in enumerate(text):
        if is_hidden(character) and character != "\n":
            raise ValueError(
                Reason(
                    "holds the hidden character {character} at position {position}",
                    visible(character),
                    str(position + 1),
                )
            )
    return str(text)


MAX_NAME = 63
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)


def is_name(text: str) -> bool:
    """Say whether a text can be a name: lower-case letters, digits and single `-`."""
    return _NAME.fullmatch(text) is not None and len(text) <= MAX_NAME


def _name(value: object) -> str:
    text = _scalar_text(value, "a name")
    if not is_name(text):
        raise ValueError(_why_no_name(text))
    return str(text)


def _host_class(value: object) -> str:
    """Read a class of hosts in the provider's spelling or the catalog's: `s2.micro` is `s2-micro`."""
    return _name(_scalar_text(value, "a name").replace(".", "-"))


def _why_no_name(text: str) -> Reason:
    if not text:
        return Reason("is empty, and must be a name")
    shown = visible(text[:60])
    if _NAME.fullmatch(text):
        return Reason("is not a name: `{text}` and so on, of more than {most} characters", shown, MAX_NAME)
    if _NAME.fullmatch(f"a{text}"):
        return Reason("is not a name: `{text}`; a name begins with a letter", shown)
    return Reason("is not a name: `{text}`; use lower-case letters, digits and single `-`", shown)


def _whole(value: object) -> int:
    number = parse_decimal(_scalar_text(value, "a whole number"))
    if number != number.to_integral_value():
        raise ValueError(Reason("must be a whole number, got `{value}`", value=visible(str(value)[:40])))
    if isinstance(value, OriginText):
        return WholeNumber(int(number), frozenset({value.origin}))
    return int(number)


def _date(value: object) -> date:
    if isinstance(value, date):
        return value
    text = _scalar_text(value, "a date")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(Reason("is not a date: `{text}`; write it like `2026-05-01`", visible(text[:40])))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(Reason("is not a day of the calendar: `{text}`", text)) from None


_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = _scalar_text(value, "true or false").lower()
    if text not in _TRUTHS:
        raise ValueError(Reason("must be true or false, got `{value}`", value=visible(text[:40])))
    return _TRUTHS[text]


def _quantity(parse: Callable[[str, Fraction], Fraction], what: str) -> PlainValidator:
    def read(value: object, info: Info) -> Quantity:
        return _read_quantity(value, info, parse, what)

    return PlainValidator(read)


def _read_hours(value: object, info: Info) -> Quantity:
    longest = (info.context or {}).get("longest_hours")
    return _read_quantity(
        value, info, partial(units.parse_hours, longest=longest), "a running time such as `24x7`"
    )


def _read_quantity(
    value: object, info: Info, parse: Callable[[str, Fraction], Fraction], what: str
) -> Quantity:
    if isinstance(value, Quantity):
        return value
    text = _scalar_text(value, what)
    month = (info.context or {}).get("hours_per_month", Fraction(units.HOURS_PER_MONTH))
    origins = frozenset({value.origin}) if isinstance(value, OriginText) else frozenset()
    return Quantity(parse(text, month), origins)


class HeldIn(str):
    """In what a number is held, whatever it is written in: `bytes`, `seconds`, `hours`."""

    __slots__ = ()


def measure_of(field: FieldInfo) -> str:
    """Return in what the number of a field is held; empty for a plain number."""
    waiting: list[Any] = [field.annotation, *field.metadata]
    while waiting:
        part = waiting.pop()
        if isinstance(part, HeldIn):
            return str(part)
        waiting += [*typing.get_args(part), *getattr(part, "__metadata__", ())]
    return ""


def _described(description: str, *examples: str, number: bool = True) -> WithJsonSchema:
    kinds = ["string", "number"] if number else "string"
    return WithJsonSchema({"type": kinds, "description": description, "examples": list(examples)})


def _currency(value: object, info: Info) -> str:
    """Check a currency: three capital letters, and one of the catalog's where the context names them."""
    known = (info.context or {}).get("currencies")
    if known is not None and value not in known:
        from pydantic_core import PydanticKnownError  # slow to import, and few currencies are wrong

        raise PydanticKnownError("literal_error", {"expected": ", ".join(f"'{one}'" for one in known)})
    if not isinstance(value, str) or not CURRENCY_CODE.fullmatch(value):
        raise ValueError(
            Reason(
                "must be a currency of three capital letters such as `USD`, got {value}", shown_value(value)
            )
        )
    return str(value)


Currency = Annotated[
    str,
    PlainValidator(_currency),
    WithJsonSchema({"type": "string", "minLength": 3, "maxLength": 3, "examples": ["USD", "EUR"]}),
]
"""Code of a currency; which there are, the catalog says."""


def money_by_currency(value: object) -> object:
    """Read an amount that is written as one text by its currency: `490 RUB` as `{RUB: 490}`."""
    if not isinstance(value, str):
        return value
    money = parse_money(_scalar_text(value, "an amount"))
    return {money.currency: plain(money.amount)}


def _amount(value: object) -> Money:
    return value if isinstance(value, Money) else parse_money(_scalar_text(value, "an amount"))


Amount = Annotated[
    Money,
    PlainValidator(_amount),
    _described("An amount with its currency", "60000 RUB", "1.5M RUB", number=False),
]
Text = Annotated[str, PlainValidator(checked_text), WithJsonSchema({"type": "string", "maxLength": MAX_TEXT})]
Name = Annotated[
    str, PlainValidator(_name), WithJsonSchema({"type": "string", "pattern": f"^{_NAME.pattern}$"})
]
HostClass = Annotated[
    str,
    PlainValidator(_host_class),
    WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9]*([.-][a-z0-9]+)*$"}),
]
"""A name of a catalog's preset; `s2.micro`, as the provider writes it, is `s2-micro`."""
Whole = Annotated[int, PlainValidator(_whole), WithJsonSchema({"type": "integer", "minimum": 0})]
Flag = Annotated[bool, PlainValidator(_flag), WithJsonSchema({"type": "boolean"})]
Date = Annotated[date, PlainValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
Exact = Annotated[
    Decimal,
    PlainValidator(lambda value: parse_decimal(_scalar_text(value, "a number"))),
    _described("A number, read exactly as it is written", "1.24"),
]
Size = Annotated[
    Quantity,
    _quantity(lambda text, _: units.parse_size(text), "a size such as `16 GB`"),
    _described("A size in bytes; 1 GB = 1 GiB = 2^30 bytes, as the provider bills", "16 GB", "512 MB"),
    HeldIn("bytes"),
]
Duration = Annotated[
    Quantity,
    _quantity(lambda text, _: units.parse_duration(text), "a duration such as `150 ms`"),
    _described("A length of time; a month is 720 hours", "150 ms", "30 days"),
    HeldIn("seconds"),
]
Bandwidth = Annotated[
    Quantity,
    _quantity(lambda text, _: units.parse_bandwidth(text), "a bandwidth such as `1 Gbit/s`"),
    _described("Bits of a network in a second, in powers of a thousand", "1 Gbit/s", "500 Mbit/s"),
    HeldIn("bytes/s"),
]
Monthly = Annotated[
    Quantity,
    _quantity(units.parse_monthly, "a count per month such as `5M`"),
    _described("A count per month", "5M/month", "20 req/s", "100/day"),
]
Hours = Annotated[
    Quantity,
    PlainValidator(_read_hours),
    _described("Hours that something runs in a month", "24x7", "9-18 mon-fri", "200 h", "50%"),
    HeldIn("hours"),
]
Share = Annotated[
    Quantity,
    _quantity(lambda text, _: units.parse_share(text), "a share such as `60%`"),
    _described("A part of a whole", "60%", "0.6"),
]
Growth = Annotated[
    Quantity,
    _quantity(lambda text, _: units.parse_growth(text), "a growth such as `10%/month`"),
    _described("Growth per month", "10%/month", "2x/year"),
]
Count = Annotated[
    Quantity,
    _quantity(lambda text, _: units.parse_count(text), "a number"),
    _described("A number, with K, M or B where wanted", "1500", "5M"),
]


def validate(
    model: type[M],
    data: object,
    node: Node | Callable[[], Node],
    *,
    at: Sequence[str | int] = (),
    context: Mapping[str, object] | None = None,
    faults: list[Fault] | None = None,
) -> M | None:
    """Check plain data against a model and place every fault in the file.

    Args:
        model: What the data should be.
        data: Mappings, lists and texts, as `costplan.source.reader.to_plain` gives them.
        node: The whole document, or how to get it; `at` is the path of `data` in it.
        context: Handed to the field types; `hours_per_month` among it.
        faults: Where to collect faults; when None, they are raised at once.

    Returns:
        The model, or None when faults were collected instead.

    Raises:
        InputError: The data is not right and `faults` is None.
    """
    try:
        return model.model_validate(data, context=dict(context or {}))
    except ValueError as error:
        from pydantic import ValidationError

        if not isinstance(error, ValidationError):
            raise
        details = [*_told(error.errors(include_url=False))][: 2 * FAULTS_SHOWN]
        whole = node() if callable(node) else node
        found = [_fault(model, detail, whole, at) for detail in details]
        if faults is None:
            raise InputError(found) from None
        faults += found
        return None


def _told(details: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Leave out a list that is only too short because what it holds is wrong, which is said already."""
    for detail in details:
        place = detail["loc"]
        if detail["type"] != "too_short" or not any(
            other["loc"][: len(place)] == place and other is not detail for other in details
        ):
            yield detail


def _fault(model: type[Model], detail: ErrorDetails, node: Node, at: Sequence[str | int]) -> Fault:
    location = [*at, *detail["loc"]]
    mark, path = locate(node, location, at_key=detail["type"] == "extra_forbidden")
    if isinstance(detail["input"], OriginText):
        mark, _ = locate(node, [*location, "value"])
    message, hint = explained(model, detail)
    return Fault(message, mark, path, hint)
