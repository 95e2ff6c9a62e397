"""Managed Service for Apache Kafka."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from costplan.models import Flag
from costplan.resources.base import Charge, Setting, SkuCode, Usage
from costplan.resources.database import DatabaseCluster

SERVICE = "managed-kafka"
KAFKA_UI = "mdb.cluster.kafka.ui"


class ManagedKafka(DatabaseCluster):
    """A Kafka cluster; `hosts` are its brokers."""

    sells: ClassVar[str] = SERVICE
    backup_sku: ClassVar[str] = "mdb.cluster.backup.kafka"
    address_sku: ClassVar[str] = "mdb.public_fips.kafka"
    asks: ClassVar[frozenset[SkuCode]] = frozenset({(SERVICE, address_sku), (SERVICE, KAFKA_UI)})

    kind: Literal["managed-kafka"]
    kafka_ui: Flag = False
    """Whether the provider's Kafka UI is switched on."""

    def usage(self, setting: Setting) -> Iterator[Usage | Charge]:
        """Brokers and their storage, and the UI's monthly fee."""
        yield from super().usage(setting)
        if self.kafka_ui:
            yield Usage(SERVICE, KAFKA_UI, setting.month, "hour")
