"""What the catalog takes where a scenario leaves a name out: a platform, a type of disk, a host class.

A field that may be left out so has the word `default`, and its model says by which name the catalog knows it:

    catalog_defaults = {"platform": "platform"}      in the model of a machine
    defaults: {platform: standard-v3}                in the catalog's file of the service

A scenario is read with the word, and gets the catalog's name before anything else looks at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from costplan.catalog.model import Service
from costplan.checked.model import Model, ModelType
from costplan.messages.reason import Reason

DEFAULT = "default"
"""The word that stands for what the catalog takes; a scenario may write it, too."""

M = TypeVar("M", bound=Model)


def with_defaults(model: M, service: Service) -> M:
    """Return a model with the catalog's names in place of the word, also in the models that it holds.

    The word stays where the service names none: nothing is sold by that name.
    """
    changed = {}
    for name, value in model.__dict__.items():
        # Cheap questions first: they are asked of each field of a thousand resources.
        if isinstance(value, (str, tuple)) or isinstance(type(value), ModelType):
            named = _named(model, name, value, service)
            if named is not value:
                changed[name] = named
    return model.model_copy(update=changed) if changed else model


def _named(model: Model, name: str, value: Any, service: Service) -> Any:
    if isinstance(value, str):
        known: Mapping[str, str] = getattr(model, "catalog_defaults", {}) if value == DEFAULT else {}
        return service.defaults.get(known[name], value) if name in known else value
    if isinstance(value, tuple):
        items = tuple(_named(model, name, item, service) for item in value)
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return with_defaults(value, service) if isinstance(type(value), ModelType) else value


def unknown_name(name: str, what: str, service: Service) -> str:
    """Say that a service sells nothing by a name: a `platform`, a `disk type`, a `preset`."""
    if name == DEFAULT:
        return Reason(
            "names no {what}, and the catalog has no default one of {title}", Reason.of(what), service.title
        )
    return Reason("`{name}` is not a {what} of {title}", name, Reason.of(what), service.title)
