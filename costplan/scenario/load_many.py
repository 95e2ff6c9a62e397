"""Several scenarios side by side: each has a name of its own, and says which of them is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Protocol, TypeVar

from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.scenario.document.files import is_path
from costplan.scenario.document.variants import split_reference


class Named(Protocol):
    """A scenario or an account."""

    @property
    def plain_name(self) -> str:
        """Name without variants."""

    def called(self: L, name: str) -> L:
        """Return it under another name."""


L = TypeVar("L", bound=Named)


def side_by_side(references: Sequence[str], load: Callable[[str], L]) -> list[L]:
    """Load scenarios; those of one name from different files carry the file in it: `ocr (old.yaml)`.

    Args:
        references: Names and paths, with variants.
        load: Loads one of them.

    Raises:
        InputError: One of them is wrong; where no file says which, the message does.
    """
    loaded = [_named(reference, load, alone=len(references) == 1) for reference in references]
    sources = [split_reference(reference)[0] for reference in references]
    return [
        one.called(f"{one.plain_name} ({_shown(source, others)})")
        if (others := _of_one_name(one, loaded, sources)) - {source} and not _is_shipped(source)
        else one
        for one, source in zip(loaded, sources, strict=True)
    ]


def number_duplicates(names: Sequence[str]) -> list[str]:
    """Number what has the same name: `shop`, `shop (2)`."""
    return [
        name if names.index(name) == place else f"{name} ({names[: place + 1].count(name)})"
        for place, name in enumerate(names)
    ]


def _named(reference: str, load: Callable[[str], L], *, alone: bool) -> L:
    try:
        return load(reference)
    except InputError as error:
        if alone:
            raise
        raise type(error)([_with_scenario(fault, reference) for fault in error.faults]) from None


def _with_scenario(fault: Fault, reference: str) -> Fault:
    """Name the scenario where only an option is at fault: a file names itself."""
    if fault.mark is not None and not fault.mark.file.startswith("--"):
        return fault
    return replace(fault, message=Reason("{why} (of `{reference}`)", fault.message, visible(reference[:80])))


def _of_one_name(one: Named, loaded: Sequence[Named], sources: Sequence[str]) -> set[str]:
    """Return where the scenarios come from that are called like one of them."""
    name = one.plain_name
    return {source for other, source in zip(loaded, sources, strict=True) if other.plain_name == name}


def _is_shipped(source: str) -> bool:
    return source != "-" and not is_path(source)


def _shown(source: str, others: set[str]) -> str:
    """Return a file's name, with its folder where two are called alike."""
    if source == "-":
        return "standard input"
    names = [PurePath(other).name for other in others]
    name = PurePath(source).name
    return visible(name if names.count(name) == 1 else source)
