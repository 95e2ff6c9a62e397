"""What the checks of a model find wrong, in words that say what to write instead."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from costplan.checked.model import Model
from costplan.messages.errors import did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

CURRENCY_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
"""Key of an amount by its currency."""


def shown_value(value: object) -> str:
    """Write what stands where something else should."""
    if value is None:
        return Reason("nothing")
    if isinstance(value, dict):
        return Reason("a mapping")
    if isinstance(value, list):
        return Reason("a list")
    return f"`{visible(str(value)[:60])}`"


def explained(model: type[Model], detail: ErrorDetails) -> tuple[str, str | None]:
    """Say what is wrong with a value, and what to write instead."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "missing":
        choices = [str(one) for one in _choices_at(model, detail["loc"])]
        one = Reason("one of {choices}", choices=listed(choices)) if choices else None
        return Reason("missing `{key}`", key=last), one
    if kind == "extra_forbidden":
        known = _fields_at(model, detail["loc"][:-1])
        keys = Reason("known keys: {choices}", choices=listed(known)) if known else None
        return Reason("unknown key"), did_you_mean(last, known) or keys
    if kind in {"value_error", "assertion_error"}:
        message = str(context.get("error", detail["msg"]))
        return message, None
    if kind in {"literal_error", "enum"}:
        choices = [choice.strip("'") for choice in re.findall(r"'[^']*'", str(context.get("expected", "")))]
        near = did_you_mean(str(value), choices)
        if last == "[key]" and all(map(CURRENCY_CODE.fullmatch, [str(value), *choices])):
            return Reason("there is no currency `{value}`", value), near or Reason(
                "known: {names}", listed(choices)
            )
        return Reason(
            "must be one of {choices}; got {value}", choices=listed(choices), value=shown_value(value)
        ), near
    if kind in {"model_type", "dict_type", "model_attributes_type", "mapping_type"}:
        known = _fields_at(model, detail["loc"])
        keys = Reason("its keys: {choices}", choices=listed(known)) if known else None
        return Reason("must be a mapping, got {value}", value=shown_value(value)), keys
    if kind in {"list_type", "tuple_type"}:
        return Reason("must be a list, got {value}", value=shown_value(value)), None
    if kind == "too_long":
        return Reason("holds too much: at most {most} entries are read", context["max_length"]), None
    if kind == "too_short":
        return Reason(
            "must hold {min_length} or more entries, got {actual_length}",
            context["min_length"],
            context["actual_length"],
        ), None
    return f"{detail['msg'][0].lower()}{detail['msg'][1:]}, got {shown_value(value)}", None


def _choices_at(model: type[Model], location: Sequence[str | int]) -> list[object]:
    """Return the words that may stand at a place inside a model; empty where it is not one of some words."""
    here: list[Any] = [model]
    for step in location:
        here = [found for kind in here for found in _below(kind, step)]
    words = [kind for kind in here if typing.get_origin(kind) is typing.Literal]
    return [choice for kind in words for choice in typing.get_args(kind)]


def _fields_at(model: type[Model], location: Sequence[str | int]) -> list[str]:
    """Return the field names that are known at a place inside a model; empty when that cannot be told."""
    here: list[Any] = [model]
    for step in location:
        here = [found for kind in here for found in _below(kind, step)]
    models = [kind for kind in here if isinstance(kind, type) and issubclass(kind, Model)]
    return sorted({field.alias or name for kind in models for name, field in kind.model_fields.items()})


def _below(kind: Any, step: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, Model):
        field = kind.model_fields.get(str(step))
        return _unwrapped(field.annotation) if field else []
    arguments = typing.get_args(kind)
    return _unwrapped(arguments[-1] if typing.get_origin(kind) is dict else arguments[0]) if arguments else []


def _unwrapped(annotation: Any) -> list[Any]:
    """Open unions and annotations: `Disk | None` -> `[Disk]`."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        return _unwrapped(typing.get_args(annotation)[0])
    if origin in {typing.Union, types.UnionType}:
        return [found for part in typing.get_args(annotation) for found in _unwrapped(part)]
    return [annotation]
