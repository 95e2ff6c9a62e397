"""Container Registry: stored images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.models import Size
from costplan.resources.base import Charge, Resource, Setting, SkuCode, Usage, gigabytes

SERVICE = "container-registry"
STORAGE = "cr.bucket.used_space.standard"


class ContainerRegistry(Resource):
    """A registry."""

    sells: ClassVar[str] = SERVICE
    asks: ClassVar[frozenset[SkuCode]] = frozenset({(SERVICE, STORAGE)})

    kind: Literal["container-registry"]
    size: Size
    """Stored layers; a layer that images share is stored once."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Stored volume over the month."""
        yield Usage(SERVICE, STORAGE, gigabytes(self.size) * setting.hours_per_month, "GB*hour")
