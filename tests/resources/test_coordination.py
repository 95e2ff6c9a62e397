"""Hosts that coordinate clusters: what of them is not sold is refused with what is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from small_bills import Desk

from costplan.messages.errors import InputError

HOSTS = "hosts: {preset: s3-c2-m8, count: 2, storage: {size: 20 GB}}"


def bill(folder: Path, kind: str, more: str) -> Decimal:
    text = f"resources: {{it: {{kind: {kind}, role: database, {HOSTS}{more}}}}}\n"
    return Desk(folder, shipped=True).bill(text).total.monthly_cost


@pytest.mark.parametrize(
    ("kind", "more", "message"),
    [
        ("managed-clickhouse", "coordination: keeper, keeper_hosts: 4", "must be 3 or 5, got 4"),
        ("managed-clickhouse", "keeper_preset: keeper-b9", "`keeper-b9` is not a preset of Managed Service"),
        ("managed-kafka", "kraft_preset: kraft-b9", "`kraft-b9` is not a preset of Managed Service"),
        ("managed-kafka", "kraft_storage: {size: 5 GB}", "network-ssd starts at 10 GB, got 5 GB"),
        ("managed-kafka", "backup_size: 5 GB", "Managed Service for Apache Kafka sells no backups"),
    ],
    ids=["four-keepers", "keeper-class", "kraft-class", "kraft-disk", "kafka-backups"],
)
def test_what_is_not_sold_is_refused(tmp_path: Path, kind: str, more: str, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("`", ".")):
        bill(tmp_path, kind, f", {more}")


def test_local_disks_ask_for_three_brokers(tmp_path: Path) -> None:
    local = "hosts: {preset: s3-c2-m8, count: 2, storage: {type: local-ssd, size: 368 GB}}"
    text = f"resources: {{it: {{kind: managed-kafka, role: other, {local}}}}}\n"
    with pytest.raises(InputError, match="local-ssd needs at least 3 hosts, got 2"):
        Desk(tmp_path, shipped=True).bill(text)


def test_keeper_on_hosts_of_its_own_costs_its_hosts_and_disks(tmp_path: Path) -> None:
    embedded = bill(tmp_path, "managed-clickhouse", ", coordination: embedded-keeper")
    (tmp_path / "separate").mkdir()
    separate = bill(tmp_path / "separate", "managed-clickhouse", ", coordination: keeper")
    hour = 3 * (2 * Decimal("0.6697") + 4 * Decimal("0.516") + 10 * Decimal("0.0218"))
    assert separate - embedded == 720 * hour
