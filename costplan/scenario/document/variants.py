"""Variants: names behind a scenario's, and the changes that each makes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from costplan.messages.errors import FAULTS_SHOWN, Fault, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.scenario.document.files import (
    open_document,
)
from costplan.scenario.document.layers import resolve_extends
from costplan.scenario.document.overrides import (
    Override,
    split_path,
)
from costplan.source.fields import MAX_LIST
from costplan.source.reader import Mapping, mark_of

MAX_SHOWN = 80
"""Characters of an option's value that a message shows."""


def split_reference(reference: str) -> tuple[str, tuple[str, ...]]:
    """Split `stage2:preemptible+office-hours` into the scenario and its variants."""
    name, colon, variants = reference.rpartition(":")
    if not colon or "/" in variants or "\\" in variants or variants.endswith((".yaml", ".yml")):
        return reference, ()
    return name, tuple(variants.split("+"))


def variant_overrides(document: Mapping, name: str) -> Iterable[Override]:
    """Give what a variant of a document changes.

    Raises:
        InputError: There is no such variant, or it is not written as one.
    """
    variants = document.entries.get("variants")
    known = variants.entries if isinstance(variants, Mapping) else {}
    variant = known.get(name)
    if variant is None:
        hint = did_you_mean(name, known) or (
            Reason("known: {names}", listed(known)) if known else "the scenario has no variants"
        )
        raise InputError(Reason("there is no variant `{name}`", visible(name[:60])), hint=hint)
    changes = variant.entries.get("set") if isinstance(variant, Mapping) else None
    if not isinstance(changes, Mapping):
        place = changes or variant
        raise InputError(Fault("must be a mapping of paths to values", place.mark, f"variants.{name}.set"))
    if len(changes.entries) > MAX_LIST:
        message = Reason("holds too much: at most {most} entries are read", MAX_LIST)
        raise InputError(Fault(message, changes.mark, f"variants.{name}.set"))
    faults = list(_path_faults(name, changes))
    if faults:
        raise InputError(faults)
    for path, value in changes.entries.items():
        yield Override(split_path(path), value, Reason("variant {name}", name))


def _path_faults(variant: str, changes: Mapping) -> Iterable[Fault]:
    """Find what is no path among what a variant sets."""
    for path, place in changes.key_places.items():
        try:
            split_path(path)
        except ValueError as error:
            yield Fault(
                Reason("`{path}` {why}", path[:MAX_SHOWN], error), mark_of(place), f"variants.{variant}.set"
            )


def unapplied_faults(document: Mapping) -> Iterable[Fault]:
    """Find what is no path in any variant: a slip must not wait until the variant is applied."""
    variants = document.entries.get("variants")
    for name, variant in (variants.entries if isinstance(variants, Mapping) else {}).items():
        changes = variant.entries.get("set") if isinstance(variant, Mapping) else None
        if isinstance(changes, Mapping):
            yield from islice(_path_faults(name, changes), FAULTS_SHOWN + 1)


def with_variants(reference: str) -> list[str]:
    """Return a reference and one more for each variant that its scenario has.

    Example: `stage2` -> `stage2`, `stage2:preemptible`, `stage2:office-hours`.
    """
    if reference == "-":
        return [reference]
    name, chosen = split_reference(reference)
    variants = resolve_extends(open_document(name)).entries.get("variants")
    known = list(variants.entries) if isinstance(variants, Mapping) else []
    return [reference, *(f"{name}:{'+'.join([*chosen, other])}" for other in known if other not in chosen)]
