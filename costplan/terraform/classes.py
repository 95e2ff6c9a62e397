"""Which class a resource of a file is in, and what it is priced as."""

from __future__ import annotations

from costplan.terraform.mapped import Free, Mapped, NotSupported, Unknown
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading
from costplan.terraform.types import is_free, mapper_of
from costplan.terraform.values import UnknownValueError


def mapped(one: Planned, reading: Reading) -> Mapped:
    """Map a resource; what is unknown and has no default says so, and is never left out in silence."""
    mapper = mapper_of(one.type)
    if mapper is None:
        return Free() if is_free(one.type) else NotSupported()
    try:
        return mapper(one, reading)
    except UnknownValueError as error:
        return Unknown((error.path,))
