"""Units as the provider's price API spells them."""

from __future__ import annotations

import re

from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.quantities.pricing_units import PricingUnit, pricing_unit

WORDS = {"gbyte": "GB", "gpus": "gpu", "fip": "ip"}
"""The API's word -> the catalog's."""
_WORD = re.compile(r"[A-Za-z]+")
METERED = frozenset({"core", "GB", "gpu", "ip"})
"""What the API never leaves out: a bare `hour` is one of something else, such as a gateway."""


def unit_of(text: str, own: str | None) -> str:
    """Return an API's unit as the catalog writes it.

    Args:
        text: As the API writes it: `gbyte*hour`.
        own: Unit of the catalog's SKU, where it has one; a bare `hour` is an hour of what that counts.

    Raises:
        ValueError: The unit is unknown, or measures something else than the SKU's.
    """
    said = _WORD.sub(lambda found: WORDS.get(found[0], found[0]), text)
    try:
        unit = pricing_unit(said)
    except ValueError:
        raise ValueError(Reason("the unit `{unit}` is not known", visible(text[:40]))) from None
    if own is None:
        return said
    known = pricing_unit(own)
    if not unit.base and known.base and known.base not in METERED:
        said, unit = f"{known.base}*{said}", PricingUnit(unit.count, known.base, unit.hours)
    try:
        known.factor_from(unit)
    except ValueError:
        raise ValueError(
            Reason(
                "is priced per `{unit}`, which does not measure what {other} does", visible(text[:40]), own
            )
        ) from None
    return own if unit == known else said
