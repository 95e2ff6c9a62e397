"""What the designs in Terraform cost, worked out by hand: class and RUB a month of every resource.

Quantity x rate x hours, with the rates that the catalog's lists have on 2026-10-06, VAT included; none is
taken from what the program says.
"""

from __future__ import annotations

from decimal import Decimal

AS_OF = "2026-10-06"
HOURS = 720
"""Of the provider's month."""

# RUB an hour of a core, a GB of memory, a GB of disk: `catalogs/yandex-cloud/compute.yaml`, 2026-05-01.
CORE, CORE_50, CORE_20, RAM = Decimal("1.24"), Decimal("0.75"), Decimal("0.52"), Decimal("0.33")
"""standard-v3: a whole core, half of one, a fifth of one, a GB."""
CHEAP_CORE, CHEAP_RAM = Decimal("0.34"), Decimal("0.083")
"""standard-v3 that may be stopped."""
V2_CORE, V2_RAM = Decimal("1.41"), Decimal("0.3676")
V2_CHEAP_CORE, V2_CHEAP_RAM = Decimal("0.3794"), Decimal("0.083")
"""standard-v2 that may be stopped; its memory costs what that of standard-v3 does, by an SKU of its own."""
T4, T4_CORE, T4_RAM = Decimal("70.27"), Decimal("1.15"), Decimal("0.3074")
HDD, SSD, NON_REPLICATED = Decimal("0.0048"), Decimal("0.0199"), Decimal("0.0147")
# `vpc.yaml`, list of 2026-01-01: an address, what one that nothing takes costs besides, a NAT gateway.
ADDRESS, KEPT, GATEWAY = Decimal("0.26352"), Decimal("0.34038"), Decimal("0.39528")
# `managed-kubernetes.yaml`, list of 2026-06-18: a core and a GB of a master; the fixed fee is 0 since.
MASTER_CORE, MASTER_RAM = Decimal("1.76"), Decimal("0.46")
# `managed-clickhouse.yaml` and `managed-kafka.yaml`, lists of 2026-02-09 and 2026-05-01;
# `managed-postgresql.yaml`, notes of 2026-06-16 and 2026-10-06. A GB of either disk and an address cost the
# same in all of them.
DB_SSD, DB_HDD, DB_ADDRESS = Decimal("0.0218"), Decimal("0.0052"), Decimal("0.2766")
CH_CORE, CH_CORE_50, CH_RAM = Decimal("1.98"), Decimal("1.1525"), Decimal("0.54")
CH_V2_CORE, CH_V2_RAM = Decimal("2.21"), Decimal("0.5995")
ZK_CORE_50, ZK_RAM = Decimal("0.807"), Decimal("0.3228")
"""Half a core and a GB of a ZooKeeper host on Ice Lake, of ClickHouse and of Kafka."""
ZK_V2_CORE_50, ZK_V2_RAM = Decimal("0.8992"), Decimal("0.3689")
KEEPER_CORE_50, KEEPER_RAM = Decimal("0.6697"), Decimal("0.516")
KAFKA_CORE, KAFKA_CORE_50, KAFKA_RAM = Decimal("1.74"), Decimal("1.0541"), Decimal("0.46")
"""Of brokers on Ice Lake; hosts of KRaft cost the same."""
KAFKA_V2_CORE, KAFKA_V2_RAM = Decimal("1.93"), Decimal("0.5188")
PG_CORE, PG_CORE_50, PG_RAM = Decimal("1.8792"), Decimal("1.0892"), Decimal("0.5072")
PG_V2_CORE, PG_V2_RAM = Decimal("2.08"), Decimal("0.5649")
PG_ZEN_CORE, PG_ZEN_RAM = Decimal("1.8792"), Decimal("0.5072")
# A balancer (`network-load-balancer.yaml`, 2026-03-18), a unit (`application-load-balancer.yaml`,
# 2026-05-01), a zone (`cloud-dns.yaml`, 2026-09-01), a version of a key and of a secret (`kms.yaml`,
# `lockbox.yaml`, 2026-09-14).
BALANCER, UNIT, ZONE, KEY, SECRET = (
    Decimal("0.8564"),
    Decimal("2.63"),
    Decimal("0.0592"),
    Decimal("0.00439"),
    Decimal("0.0274"),
)

PRICED, FREE, USAGE, UNKNOWN, UNSUPPORTED = (
    "priced", "free", "usage-based", "unknown-until-apply", "not-supported",
)  # fmt: skip
NOTHING = Decimal(0)
Bill = dict[str, tuple[str, Decimal]]

_ADDRESSES: Bill = {
    # Two addresses are taken: the machines that hold them have none of their own.
    "yandex_vpc_address.front": (PRICED, HOURS * ADDRESS),
    "yandex_compute_instance.front": (PRICED, HOURS * (2 * CORE + 2 * RAM + 15 * HDD)),
    "module.net.yandex_vpc_address.app": (PRICED, HOURS * ADDRESS),
    "module.app.yandex_compute_instance.app": (PRICED, HOURS * (2 * CORE + 4 * RAM + 20 * SSD)),
    "module.net.yandex_vpc_address.inside": (FREE, NOTHING),
    # Nothing takes this one, and this machine has one that goes when it stops.
    "yandex_vpc_address.spare[0]": (PRICED, HOURS * (ADDRESS + KEPT)),
    "module.app.yandex_compute_instance.jump": (
        PRICED,
        HOURS * (2 * CORE_20 + 1 * RAM + 10 * HDD + ADDRESS),
    ),
}

_APPLIED: Bill = {
    "yandex_vpc_address.front": (PRICED, HOURS * ADDRESS),
    "yandex_compute_disk.boot": (PRICED, HOURS * 30 * SSD),
    # Its disk and its address are those above, though the state repeats the disk's size in it.
    "yandex_compute_instance.front": (PRICED, HOURS * (2 * CORE + 2 * RAM)),
    # The server made boot disks of 10 GB.
    "module.inner[0].yandex_compute_instance.machine": (
        PRICED,
        HOURS * (2 * CORE_50 + 4 * RAM + 10 * HDD),
    ),
    "module.inner[1].yandex_compute_instance.machine": (
        PRICED,
        HOURS * (2 * CORE_50 + 4 * RAM + 10 * HDD),
    ),
}

_BALANCERS: Bill = {
    # Balancers hold both, and pay for no address of their own in their place.
    "yandex_vpc_address.tcp": (PRICED, HOURS * ADDRESS),
    "yandex_vpc_address.https": (PRICED, HOURS * ADDRESS),
    # One of two listeners has an address that is no resource.
    "yandex_lb_network_load_balancer.outer": (PRICED, HOURS * (BALANCER + ADDRESS)),
    "yandex_lb_network_load_balancer.inner": (PRICED, HOURS * BALANCER),
    # Whether the server gives it an address no page says: one is assumed.
    "yandex_lb_network_load_balancer.bare": (UNKNOWN, HOURS * (BALANCER + ADDRESS)),
    "yandex_alb_load_balancer.site": (PRICED, HOURS * 3 * 2 * UNIT),
}

_BOOT_DISKS: Bill = {
    # 8 GB is the smallest disk of the image, which the plan looked up; network-hdd is the schema's default.
    "yandex_compute_instance.of_image": (UNKNOWN, HOURS * (2 * CORE_20 + 4 * RAM + 8 * HDD)),
    # How large this image is nobody knows: its disk is in no amount.
    "yandex_compute_instance.of_unseen_image": (UNKNOWN, HOURS * (2 * CHEAP_CORE + 2 * CHEAP_RAM)),
    "yandex_compute_disk.boot": (PRICED, HOURS * 30 * SSD),
    "yandex_compute_disk.data": (PRICED, HOURS * 150 * HDD),
    "yandex_compute_disk.loose": (PRICED, HOURS * 93 * NON_REPLICATED),
    # Both of its disks are resources of their own.
    "yandex_compute_instance.of_disks": (UNKNOWN, HOURS * (4 * CORE_50 + 8 * RAM)),
}

_CHANGED: Bill = {
    "yandex_compute_instance.kept": (PRICED, HOURS * (2 * CORE + 2 * RAM + 10 * HDD)),
    "yandex_compute_instance.grown": (PRICED, HOURS * (4 * CORE + 8 * RAM + 20 * SSD)),
    "yandex_compute_disk.added": (PRICED, HOURS * 100 * HDD),
    "yandex_compute_disk.replaced": (PRICED, HOURS * 40 * SSD),
    "module.data.yandex_compute_disk.moved": (PRICED, HOURS * 60 * SSD),
    "terraform_data.generation": (FREE, NOTHING),
}

_CLICKHOUSE_V1: Bill = {
    # s2.micro is 2 vCPU and 8 GB of Cascade Lake, b2.medium 2 vCPU at 50 % and 4 GB.
    "yandex_mdb_clickhouse_cluster.stats": (
        PRICED,
        HOURS
        * (
            2 * (2 * CH_V2_CORE + 8 * CH_V2_RAM + 50 * DB_SSD)
            + 3 * (2 * ZK_V2_CORE_50 + 4 * ZK_V2_RAM + 10 * DB_SSD)
        ),
    ),
}

_CLICKHOUSE_V2: Bill = {
    # The server adds three hosts b3-c1-m4: 2 vCPU at 50 % and 4 GB, with 10 GB of network-ssd each.
    "yandex_mdb_clickhouse_cluster_v2.stats": (
        UNKNOWN,
        HOURS
        * (2 * (2 * CH_CORE + 8 * CH_RAM + 50 * DB_SSD) + 3 * (2 * ZK_CORE_50 + 4 * ZK_RAM + 10 * DB_SSD)),
    ),
    "yandex_mdb_clickhouse_cluster_v2.single": (
        PRICED,
        HOURS * (2 * CH_CORE_50 + 4 * CH_RAM + 20 * DB_HDD + DB_ADDRESS),
    ),
    # Keeper has a price of its own, which is not that of ZooKeeper.
    "yandex_mdb_clickhouse_cluster_v2.kept": (
        PRICED,
        HOURS
        * (
            2 * (2 * CH_CORE + 8 * CH_RAM + 30 * DB_SSD)
            + 3 * (2 * KEEPER_CORE_50 + 4 * KEEPER_RAM + 10 * DB_SSD)
        ),
    ),
}

_SMALL = HOURS * (2 * CORE + 4 * RAM + 20 * SSD)
_LARGE = HOURS * (4 * CORE + 4 * RAM + 20 * SSD)
_AT = 'module.shop["{}"].module.tier[{}].module.machine["{}"].yandex_compute_instance.machine'
_DEEP_MODULES: Bill = {
    _AT.format("blue", 0, "web"): (PRICED, _SMALL),
    _AT.format("blue", 0, "api"): (PRICED, _SMALL),
    _AT.format("blue", 1, "db"): (PRICED, _SMALL),
    _AT.format("green", 0, "web"): (PRICED, _LARGE),
    _AT.format("green", 0, "api"): (PRICED, _LARGE),
    _AT.format("green", 1, "db"): (PRICED, _LARGE),
}

_DEFAULT_PLATFORM: Bill = {
    # standard-v1, whose last known price has ended: only the disk is priced.
    "yandex_compute_instance.silent": (UNKNOWN, HOURS * 10 * HDD),
}

_DATABASES: Bill = {
    # No price list of these was found; what they need is below.
    "yandex_mdb_mysql_cluster.blog": (UNSUPPORTED, NOTHING),
    "yandex_mdb_mysql_cluster_v2.blog": (UNSUPPORTED, NOTHING),
    "yandex_mdb_mongodb_cluster.catalog": (UNSUPPORTED, NOTHING),
    "yandex_mdb_greenplum_cluster.warehouse": (UNSUPPORTED, NOTHING),
    "yandex_ydb_database_dedicated.events": (UNSUPPORTED, NOTHING),
    "yandex_ydb_database_serverless.sessions": (USAGE, NOTHING),
}

_NODES = 'module.cluster.module.nodes.yandex_kubernetes_node_group.group["{}"]'
_DYNAMIC_NODES: Bill = {
    # s-c2-m8, the catalog's default: 2 vCPU and 8 GB.
    "module.cluster.yandex_kubernetes_cluster.main": (UNKNOWN, HOURS * (2 * MASTER_CORE + 8 * MASTER_RAM)),
    _NODES.format("steady"): (UNKNOWN, 2 * HOURS * (4 * CORE + 16 * RAM + 64 * SSD)),
    # Three to begin with, of one to four.
    _NODES.format("bursts"): (UNKNOWN, 3 * HOURS * (4 * CHEAP_CORE + 16 * CHEAP_RAM + 64 * SSD)),
}

_GPU_NODES: Bill = {
    "yandex_vpc_network.main": (FREE, NOTHING),
    "yandex_vpc_subnet.main": (FREE, NOTHING),
    "yandex_kubernetes_cluster.main": (UNKNOWN, HOURS * (2 * MASTER_CORE + 8 * MASTER_RAM)),
    "yandex_kubernetes_node_group.gpu": (
        UNKNOWN,
        2 * HOURS * (T4 + 4 * T4_CORE + 16 * T4_RAM + 96 * SSD + ADDRESS),
    ),
    # The disk is what the server gives: 96 GB of network-ssd, as its command line showed.
    "yandex_kubernetes_node_group.common": (UNKNOWN, HOURS * (2 * CORE_50 + 8 * RAM + 96 * SSD)),
}

_ONE_OF_GROUP = HOURS * (2 * CORE + 4 * RAM + 20 * SSD)
_GROUP_AUTO: Bill = {
    'yandex_compute_instance_group.group["web"]': (UNKNOWN, 2 * _ONE_OF_GROUP),
    # Two in each of three zones is more than the two to begin with.
    'yandex_compute_instance_group.group["api"]': (UNKNOWN, 2 * 3 * _ONE_OF_GROUP),
}

_GROUP_FIXED: Bill = {
    "yandex_iam_service_account.group": (FREE, NOTHING),
    # The second disk states no size: 8 GB is the schema's default.
    "yandex_compute_instance_group.workers": (
        PRICED,
        3 * HOURS * (4 * V2_CHEAP_CORE + 8 * V2_CHEAP_RAM + 15 * SSD + 8 * HDD + ADDRESS),
    ),
}

_CLUSTER = 'yandex_mdb_postgresql_cluster.cluster["{}"]'
_HOST_CLASSES: Bill = {
    _CLUSTER.format("half"): (PRICED, HOURS * (2 * PG_CORE_50 + 4 * PG_RAM + 20 * DB_SSD)),
    _CLUSTER.format("cores"): (PRICED, HOURS * (2 * PG_CORE + 4 * PG_RAM + 20 * DB_SSD)),
    _CLUSTER.format("amd"): (PRICED, HOURS * (2 * PG_ZEN_CORE + 8 * PG_ZEN_RAM + 20 * DB_SSD)),
    # No class that a price list or a page names.
    _CLUSTER.format("fast"): (UNSUPPORTED, NOTHING),
}

_KAFKA: Bill = {
    # Two brokers in each of three zones, and three ZooKeeper hosts that the server adds.
    "yandex_mdb_kafka_cluster.bus": (
        UNKNOWN,
        HOURS
        * (
            2 * 3 * (2 * KAFKA_V2_CORE + 8 * KAFKA_V2_RAM + 32 * DB_HDD)
            + 3 * (2 * ZK_CORE_50 + 4 * ZK_RAM + 10 * DB_SSD)
        ),
    ),
    "yandex_mdb_kafka_cluster.small": (
        PRICED,
        HOURS * (2 * KAFKA_CORE_50 + 4 * KAFKA_RAM + 10 * DB_SSD + DB_ADDRESS),
    ),
    # The server adds three hosts of KRaft, b3-c1-m4 with 10 GB each.
    "yandex_mdb_kafka_cluster.new": (
        UNKNOWN,
        HOURS
        * (
            2 * 3 * (2 * KAFKA_CORE + 8 * KAFKA_RAM + 10 * DB_SSD)
            + 3 * (2 * KAFKA_CORE_50 + 4 * KAFKA_RAM + 10 * DB_SSD)
        ),
    ),
    "yandex_mdb_kafka_cluster.combined": (
        UNKNOWN,
        HOURS * 3 * (2 * KAFKA_CORE + 8 * KAFKA_RAM + 10 * DB_SSD),
    ),
    "yandex_mdb_kafka_topic.orders": (FREE, NOTHING),
}

_MASTERS: Bill = {
    "yandex_kubernetes_cluster.zonal": (UNKNOWN, HOURS * (2 * MASTER_CORE + 8 * MASTER_RAM)),
    "yandex_kubernetes_cluster.regional": (UNKNOWN, 3 * HOURS * (2 * MASTER_CORE + 8 * MASTER_RAM)),
    # Three places, and s-c4-m16 is stated.
    "yandex_kubernetes_cluster.places": (PRICED, 3 * HOURS * (4 * MASTER_CORE + 16 * MASTER_RAM)),
}

_OPENSEARCH: Bill = {
    # Hosts of OpenSearch have no known price of this year: only their disks are in the amount.
    "yandex_mdb_opensearch_cluster.logs": (
        PRICED,
        HOURS * (3 * 100 * DB_SSD + 3 * 10 * DB_SSD + 10 * DB_SSD),
    ),
    "yandex_mdb_opensearch_cluster.search": (PRICED, HOURS * 100 * DB_SSD),
}

_PLATFORMS: Bill = {
    'yandex_compute_instance.machine["standard-v2"]': (
        PRICED,
        HOURS * (2 * V2_CORE + 4 * V2_RAM + 10 * HDD),
    ),
    # No list of this year has a price of these: only their disks are in the amount.
    'yandex_compute_instance.machine["amd-v1"]': (PRICED, HOURS * 10 * HDD),
    'yandex_compute_instance.machine["highfreq-v4a"]': (PRICED, HOURS * 10 * HDD),
    'yandex_compute_instance.machine["highfreq-v3"]': (PRICED, HOURS * 10 * HDD),
    'yandex_compute_instance.machine["standard-v4a"]': (PRICED, HOURS * 10 * HDD),
    "yandex_compute_instance.cheap": (PRICED, HOURS * (2 * V2_CHEAP_CORE + 4 * V2_CHEAP_RAM + 10 * HDD)),
}

_SHOP = HOURS * (2 * (2 * PG_V2_CORE + 8 * PG_V2_RAM + 20 * DB_SSD) + DB_ADDRESS)
_POSTGRESQL: Bill = {
    # One of two hosts has an address.
    "yandex_mdb_postgresql_cluster.shop": (PRICED, _SHOP),
    "yandex_mdb_postgresql_cluster_v2.shop": (PRICED, _SHOP),
    "yandex_mdb_postgresql_user.shop": (FREE, NOTHING),
    "yandex_mdb_postgresql_database.shop": (FREE, NOTHING),
}

_REDIS: Bill = {
    # No price list of it was found.
    "yandex_mdb_redis_cluster.cache": (UNSUPPORTED, NOTHING),
}

_SECRETS: Bill = {
    # Its memory is marked as sensitive, and is not read.
    "yandex_compute_instance.hidden": (UNKNOWN, NOTHING),
    "yandex_mdb_postgresql_cluster.shop": (PRICED, HOURS * (2 * PG_CORE + 8 * PG_RAM + 10 * DB_SSD)),
    "yandex_mdb_postgresql_user.shop": (FREE, NOTHING),
}

_SERVICES: Bill = {
    # A GB of a file storage is 0.0229: `compute.yaml`, 2026-05-01.
    "yandex_compute_filesystem.shared": (PRICED, HOURS * 100 * Decimal("0.0229")),
    "yandex_compute_image.base": (USAGE, NOTHING),
    "yandex_compute_snapshot.once": (USAGE, NOTHING),
    "yandex_compute_snapshot_schedule.nightly": (USAGE, NOTHING),
    # No price of it was found.
    "yandex_gitlab_instance.git": (UNSUPPORTED, NOTHING),
    "yandex_message_queue.jobs": (USAGE, NOTHING),
    "yandex_cdn_origin_group.media": (FREE, NOTHING),
    "yandex_datatransfer_endpoint.source": (FREE, NOTHING),
    "yandex_datatransfer_transfer.copy": (USAGE, NOTHING),
    "yandex_cm_certificate.site": (FREE, NOTHING),
    "yandex_sws_security_profile.site": (USAGE, NOTHING),
    "yandex_api_gateway.api": (USAGE, NOTHING),
    "yandex_audit_trails_trail.audit": (USAGE, NOTHING),
}

_SITE: Bill = {
    "yandex_vpc_network.main": (FREE, NOTHING),
    "yandex_vpc_gateway.out": (PRICED, HOURS * GATEWAY),
    "yandex_vpc_route_table.out": (FREE, NOTHING),
    'yandex_vpc_subnet.main["ru-central1-a"]': (FREE, NOTHING),
    'yandex_vpc_subnet.main["ru-central1-b"]': (FREE, NOTHING),
    "yandex_lb_target_group.tcp": (FREE, NOTHING),
    "yandex_lb_network_load_balancer.tcp": (PRICED, HOURS * (BALANCER + ADDRESS)),
    "yandex_alb_http_router.site": (FREE, NOTHING),
    # Two units in each of two zones whatever the load.
    "yandex_alb_load_balancer.site": (PRICED, HOURS * (2 * 2 * UNIT + ADDRESS)),
    "yandex_dns_zone.site": (PRICED, HOURS * ZONE),
    "yandex_dns_recordset.site": (FREE, NOTHING),
    "yandex_kms_symmetric_key.site": (PRICED, HOURS * KEY),
    "yandex_lockbox_secret.site": (FREE, NOTHING),
    "yandex_lockbox_secret_version.site": (PRICED, HOURS * SECRET),
    "yandex_storage_bucket.media": (USAGE, NOTHING),
    "yandex_container_registry.images": (USAGE, NOTHING),
    "yandex_logging_group.site": (USAGE, NOTHING),
    "yandex_function.resize": (USAGE, NOTHING),
    "yandex_serverless_container.api": (USAGE, NOTHING),
}

BILLS: dict[str, Bill] = {
    "addresses": _ADDRESSES,
    "applied": _APPLIED,
    "balancers": _BALANCERS,
    "boot-disks": _BOOT_DISKS,
    "changed": _CHANGED,
    "clickhouse-v1": _CLICKHOUSE_V1,
    "clickhouse-v2": _CLICKHOUSE_V2,
    "databases": _DATABASES,
    "deep-modules": _DEEP_MODULES,
    "default-platform": _DEFAULT_PLATFORM,
    "dynamic-nodes": _DYNAMIC_NODES,
    "gpu-nodes": _GPU_NODES,
    "group-auto": _GROUP_AUTO,
    "group-fixed": _GROUP_FIXED,
    "host-classes": _HOST_CLASSES,
    "kafka": _KAFKA,
    "masters": _MASTERS,
    "opensearch": _OPENSEARCH,
    "platforms": _PLATFORMS,
    "postgresql": _POSTGRESQL,
    "redis": _REDIS,
    "secrets": _SECRETS,
    "services": _SERVICES,
    "site": _SITE,
}
"""Design -> address -> class, RUB a month."""


_BLOG = {
    # Two hosts s2.micro of 2 vCPU and 8 GB with 20 GB each; one of them has an address.
    "mdb.cluster.mysql.v2.cpu.c100": 2 * 2 * HOURS,
    "mdb.cluster.mysql.v2.ram": 2 * 8 * HOURS,
    "mdb.cluster.network-nvme.mysql": 2 * 20 * HOURS,
    "mdb.public_fips.mysql": HOURS,
}
UNPRICED: dict[str, dict[str, dict[str, int]]] = {
    "databases": {
        "blog-mdb-mysql-cluster": _BLOG,
        "blog-mdb-mysql-cluster-v2": _BLOG,
        "catalog": {
            "mdb.cluster.mongodb.v3.cpu.c100": 3 * 2 * HOURS,
            "mdb.cluster.mongodb.v3.ram": 3 * 8 * HOURS,
            "mdb.cluster.network-nvme.mongodb": 3 * 20 * HOURS,
        },
        # s2.medium is 8 vCPU and 32 GB: two masters and two hosts of segments.
        "warehouse": {
            "mdb.cluster.greenplum.v2.cpu.c100": (2 + 2) * 8 * HOURS,
            "mdb.cluster.greenplum.v2.ram": (2 + 2) * 32 * HOURS,
            "mdb.cluster.network-nvme.greenplum": 2 * 100 * HOURS,
            "mdb.cluster.network-ssd-nonreplicated.greenplum": 2 * 186 * HOURS,
        },
        # medium is 8 vCPU and 32 GB; a group of storage has 100 GB.
        "events": {
            "ydb.cluster.v2.cpu": 2 * 8 * HOURS,
            "ydb.cluster.v2.ram": 2 * 32 * HOURS,
            "ydb.cluster.v1.ssd": 100 * HOURS,
        },
    },
    "opensearch": {
        # Three of 2 vCPU and 8 GB for data; three of 2 vCPU at 50 % and 4 GB that manage; one for pages.
        "logs": {
            "mdb.cluster.opensearch.v3.cpu.c100": 3 * 2 * HOURS,
            "mdb.cluster.opensearch.v3.cpu.c50": 3 * 2 * HOURS,
            "mdb.cluster.opensearch.v3.ram": (3 * 8 + 3 * 4) * HOURS,
            "mdb.cluster.opensearch.v2.cpu.c100": 2 * HOURS,
            "mdb.cluster.opensearch.v2.ram": 8 * HOURS,
            "mdb.public_fips.opensearch": HOURS,
        },
        "search": {
            "mdb.cluster.opensearch.v3.cpu.c100": 4 * HOURS,
            "mdb.cluster.opensearch.v3.ram": 16 * HOURS,
        },
    },
    "redis": {
        # Two hosts of 2 vCPU and 8 GB with 16 GB of the disk that is assumed.
        "cache": {
            "mdb.cluster.valkey.v3.cpu.c100": 2 * 2 * HOURS,
            "mdb.cluster.valkey.v3.ram": 2 * 8 * HOURS,
            "mdb.cluster.network-nvme.valkey": 2 * 16 * HOURS,
        },
    },
}
"""Design -> resource of the scenario -> SKU without a known price -> how much of it a month takes."""


def total_of(design: str) -> Decimal:
    """Return the sum of a design."""
    return sum((cost for _, cost in BILLS[design].values()), NOTHING)
