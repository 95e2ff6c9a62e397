"""Names of a scenario for addresses: `module.shop.yandex_compute_instance.api[0]` is `shop-api-0`.

Of a long one the end is kept: there stands what tells the instances apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from costplan.terraform.planned import Planned

_LONGEST = 50
"""Of a name, so that a number or a kind fits behind it."""


def named(resources: Sequence[Planned]) -> dict[str, str]:
    """Return a name for each address; those that would be alike have their types in them.

    A name hangs on the address and on those that would be called the same, never on the order.
    """
    short = {one.address: _slug(_without_type(one), "it") for one in resources}
    counted = Counter(short.values())
    found: dict[str, str] = {}
    taken = {name for name, count in counted.items() if count == 1}
    for one in resources:
        name = short[one.address]
        if counted[name] > 1:
            name = _free(
                f"{name}-{_slug(one.type.removeprefix('yandex_'), 'it')}"[:_LONGEST].strip("-"), taken
            )
            taken.add(name)
        found[one.address] = name
    return found


def with_others(name: str, kinds: Sequence[str], taken: set[str]) -> tuple[str, ...]:
    """Return the name of a resource and those of what comes with it, which are noted as taken."""
    found = [name]
    for kind in kinds:
        found.append(_free(f"{name[:35].strip('-')}-{kind}", taken))
        taken.add(found[-1])
    return tuple(found)


def slug(text: str, otherwise: str) -> str:
    """Return a text as a name."""
    return _slug(text, otherwise)


def _without_type(one: Planned) -> str:
    return one.address.replace("module.", "").replace(f"{one.type}.", "")


def _slug(text: str, otherwise: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[-_LONGEST:].strip("-")
    if not name:
        return otherwise
    return name if name[0].isalpha() else f"n-{name}"


def _free(name: str, taken: set[str]) -> str:
    number, found = 2, name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
