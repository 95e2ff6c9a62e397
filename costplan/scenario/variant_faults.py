"""What is wrong with a scenario to which variants were applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible


def with_variants_named(fault: Fault, chosen: Sequence[str]) -> Fault:
    """Say that variants were applied: what is wrong may be right in the file without them."""
    if not chosen:
        return fault
    named = visible("+".join(chosen)[:80])
    message = Reason("{why} (with the variant `{chosen}`)", why=fault.message, chosen=named)
    return replace(fault, message=message)


def why_left_out(error: InputError) -> Reason:
    """Return why a variant cannot stand alone, for a sentence that names the variant itself."""
    fault = error.faults[0]
    message = fault.message
    if isinstance(message, Reason) and message.values.keys() == {"why", "chosen"}:
        message = str(message.values["why"])
    return Reason("{path}: {why}", fault.path, message) if fault.path else Reason("{why}", message)
