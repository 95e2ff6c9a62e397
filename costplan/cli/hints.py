"""Hints that fit the command: what a hint advises must be an option that the command has."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from functools import cache

from costplan.cli.parameters import Command, Option, parameters_of
from costplan.language.errors import error_text
from costplan.language.translator import Translator
from costplan.messages.errors import CostplanError

ALWAYS = frozenset(("--help", "--version", "--debug", "--lang"))
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_ALTERNATIVES = re.compile(r"(,? (?:or|или) |; )")
_ANOTHER_COMMAND = re.compile(r"`?costplan [a-z]")


@cache
def options_of(command: Command) -> frozenset[str]:
    """Return the options of a command."""
    markers = [parameter.marker for parameter in parameters_of(command)]
    names = (name for marker in markers if isinstance(marker, Option) for name in marker.names)
    return ALWAYS.union(name for name in names if name.startswith("--"))


def fitting(hint: str | None, options: Collection[str]) -> str | None:
    """Leave out of a hint what the command at hand cannot do; None where nothing is left.

    Example: `give --growth 10%, or add growth to it` without `--growth` -> `add growth to it`.
    """
    if hint is None or _ANOTHER_COMMAND.search(hint):
        return hint
    pieces = ["", *_ALTERNATIVES.split(hint)]
    kept = [
        (joint, words)
        for joint, words in zip(pieces[::2], pieces[1::2], strict=True)
        if all(option in options for option in OPTION.findall(words))
    ]
    if len(kept) == len(pieces) // 2:
        return hint
    return "".join(joint + words for joint, words in kept).removeprefix(kept[0][0]) if kept else None


def fitting_text(error: CostplanError, options: Collection[str], words: Translator) -> str:
    """Return what an error says to whoever runs a command with these options."""
    hints = (words.reason(fault.hint) if fault.hint else None for fault in error.faults)
    shown = zip(error.faults, hints, strict=True)
    return error_text([replace(fault, hint=fitting(hint, options)) for fault, hint in shown], words)


def without_hints(error: CostplanError) -> CostplanError:
    """Leave only what is wrong."""
    return CostplanError(replace(fault, hint=None) for fault in error.faults)
