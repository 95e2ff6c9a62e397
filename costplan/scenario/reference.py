"""The reference of the scenario file, made from the models that read it: each key, its type, its meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from typing import Any

from costplan.catalog.store import Catalog
from costplan.checked.model import Model
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.quantities.money import plain, quantized
from costplan.quantities.quantity import Quantity
from costplan.resources.catalog_defaults import DEFAULT
from costplan.resources.kinds import KINDS, resource_kind
from costplan.source.field_texts import field_texts, reachable_models

SHORT_FORMS = {
    "Budget": "an amount, `235 USD`, or its keys",
    "NodeRange": "`3`, or `{min: 3, max: 12}`",
    "Slo": "an SLO: `p99 <= 100 ms`",
}
"""What may stand in place of a model's own keys."""
LIST, BY_NAME, ONE_OF, KEYS_OF = "a list: ", "name -> ", "one of ", "keys of "
"""How types begin."""
AMOUNTS = "an amount, such as `490 RUB` or `{RUB: 490, USD: 5}`"
FILES = {"Arrivals.log": "a file, such as `requests.csv`"}
"""Keys that name a file; the model has what was read from it."""
PATTERNS = {r"^\d{4}-\d{2}$": "a month, such as `2027-01`"}
"""Pattern of a text -> what it is."""
NO_DEFAULT = ""
NOTHING_NAMED: Mapping[str, str] = {}
MOST_EXAMPLES = 2


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the file."""

    name: str
    """Path inside the section: `disks[].size`."""
    type: str
    """What may stand there, with its unit: `a size in bytes, such as 16 GB`."""
    required: bool
    default: str
    """What holds when the key is left out; empty where nothing does."""
    meaning: str


def kind_summary(kind: str) -> str:
    """Return the line that says what a kind is."""
    module = KINDS[kind].partition(":")[0]
    text = import_module(f"costplan.resources.kinds.{module}").__doc__ or ""
    return text.strip().splitlines()[0]


def kind_lines() -> tuple[str, ...]:
    """Return a line per kind: its name, and what it is."""
    width = max(map(len, KINDS))
    return tuple(
        Reason("{kind}  {summary}", f"{kind:<{width}}", Reason.of(kind_summary(kind))) for kind in KINDS
    )


def serves_requests(kind: str) -> bool:
    """Say whether requests wait for a resource of the kind, so that it has a capacity."""
    return "capacity" in resource_kind(kind).model_fields


def kind_keys(kind: str) -> Iterator[Key]:
    """Return the keys of a kind; what the catalog names for those left out is the shipped catalog's."""
    model = resource_kind(kind)
    return keys_of(model, nested=True, named=Catalog.shipped().offer(model.catalog_service).defaults)


def keys_of(
    model: type[Model], *, nested: bool = False, named: Mapping[str, str] = NOTHING_NAMED
) -> Iterator[Key]:
    """Return the keys of a model in its order.

    Args:
        model: A model of the file.
        nested: Whether the keys of models inside it follow, each with its path.
        named: What the catalog names where a key is left out.
    """
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    models = {kind.__name__: kind for kind in reachable_models([model]) if issubclass(kind, Model)}
    own = schema if "properties" in schema else definitions[model.__name__]
    properties, required = own["properties"], own.get("required", ())
    texts = {name: text for base in reversed(model.__mro__) for name, text in field_texts(base).items()}
    for name, field in model.model_fields.items():
        part = properties[name]
        default = _default(field)
        if default == DEFAULT:
            default = named.get(getattr(model, "catalog_defaults", {}).get(name, ""), DEFAULT)
        kind = FILES.get(f"{model.__name__}.{name}") or type_words(part)
        yield Key(name, kind, name in required, default, texts.get(name, ""))
        below = _model_below(part) if nested else None
        if below is not None:
            steps = "[]" if _is_list(part) else ""
            for key in keys_of(models[below[0]], nested=True, named=named):
                yield Key(f"{name}{steps}.{key.name}", key.type, key.required, key.default, key.meaning)


def split_type(said: str) -> tuple[str, str]:
    """Split a type into how it begins, where it holds others or names, and what follows."""
    head = next((one for one in (LIST, BY_NAME, ONE_OF, KEYS_OF) if said.startswith(one)), "")
    return head, said.removeprefix(head)


def type_words(part: dict[str, Any]) -> str:
    """Say in words what a part of a JSON Schema allows: `a size in bytes, such as 16 GB`."""
    choices = list(_choices(part))
    if _is_money(choices):
        return AMOUNTS
    named = [SHORT_FORMS[name] for one in choices if (name := _reference(one)) in SHORT_FORMS]
    return named[0] if named else " or ".join(dict.fromkeys(_words(one) for one in choices))


def _is_money(choices: list[dict[str, Any]]) -> bool:
    """Whether a text may stand there, or amounts by currency."""
    if [one.get("type") for one in choices] != ["string", "object"]:
        return False
    amount = choices[1].get("additionalProperties")
    return isinstance(amount, dict) and "number" in amount.get("type", ())


def _choices(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    inner: list[dict[str, Any]] | None = part.get("anyOf", part.get("oneOf"))
    for one in inner or ():
        yield from _choices(one)
    if inner is None and part.get("type") != "null":
        yield part


def _words(part: dict[str, Any]) -> str:
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return ONE_OF + listed([f"`{one}`" for one in part["enum"]], 30)
    if name := _reference(part):
        return SHORT_FORMS.get(name, f"{KEYS_OF}`{_as_key(name)}`")
    if "examples" in part and "description" in part:
        head = re.split("[;,]", part["description"])[0]
        shown = " or ".join(f"`{one}`" for one in part["examples"][:MOST_EXAMPLES])
        return f"{head[0].lower()}{head[1:]}, such as {shown}"
    return _plain_words(part)


def _plain_words(part: dict[str, Any]) -> str:
    kind = part.get("type")
    if kind == "array":
        items = part.get("items")
        return f"{LIST}{type_words(items)}" if isinstance(items, dict) and items else "a list"
    if kind == "object":
        patterns = part.get("patternProperties", {})
        inner: Any = part.get("additionalProperties") or next(iter(patterns.values()), {})
        if set(part.get("properties", {})) == {"en", "ru"}:
            return "`{en: ..., ru: ...}`"
        return f"{BY_NAME}{type_words(inner)}" if isinstance(inner, dict) and inner else "name -> value"
    pattern = part.get("pattern", "")
    if pattern in PATTERNS:
        return PATTERNS[pattern]
    if pattern.startswith("^[a-z]"):
        return "a name"
    if part.get("examples"):
        return "text, such as " + " or ".join(f"`{one}`" for one in part["examples"][:MOST_EXAMPLES])
    words = {"boolean": "`true` or `false`", "integer": "a whole number", "string": "text"}
    if part.get("format") == "date":
        return "a date, such as `2026-05-01`"
    return words.get(str(kind), "text or a number" if isinstance(kind, list) else "any value")


def _reference(part: dict[str, Any]) -> str:
    return str(part.get("$ref", "")).rpartition("/")[2]


def _as_key(name: str) -> str:
    """Write a model's name as a key is written: `PaymentFee` as `payment_fee`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _model_below(part: dict[str, Any]) -> list[str] | None:
    """Return the names of the models that stand at a key, behind lists and choices; None for short forms."""
    found = []
    for one in part.get("anyOf", [part]):
        inner = one.get("items", one)
        for choice in inner.get("anyOf", [inner]) if isinstance(inner, dict) else ():
            name = _reference(choice)
            if name and (name not in SHORT_FORMS or name == "Budget"):
                found.append(name)
    return found or None


def _is_list(part: dict[str, Any]) -> bool:
    return any(one.get("type") == "array" for one in part.get("anyOf", [part]))


def _default(field: Any) -> str:
    if field.is_required():
        return NO_DEFAULT
    value = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Quantity):
        return plain(quantized(Fraction(value.value)))
    return NO_DEFAULT if value is None or value in ((), {}) else str(value)
