"""Errors as a language says them: their messages and hints, with places and paths as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from costplan.language.translator import Translator
from costplan.messages.errors import FAULTS_SHOWN, Fault


def error_text(faults: Sequence[Fault], words: Translator) -> str:
    """Say faults in file order, and that there are more where not all are shown."""
    shown = [_said(fault, words) for fault in faults[:FAULTS_SHOWN]]
    if len(faults) > FAULTS_SHOWN:
        shown.append(words("there are more faults; the first {count} are shown", count=FAULTS_SHOWN))
    return "\n".join(shown)


def _said(fault: Fault, words: Translator) -> str:
    hint = words.reason(fault.hint) if fault.hint is not None else None
    said = replace(
        fault,
        message=words.reason(fault.message),
        hint=hint,
        choices=tuple(map(words.reason, fault.choices)),
    )
    return said.text(words("hint"))
