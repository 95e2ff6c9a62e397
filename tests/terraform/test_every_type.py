"""Every type of the provider (its documentation at b52b1df5) is in the class that somebody chose for it."""

from __future__ import annotations

import json
from itertools import combinations

import plans
import pytest

from costplan.source.reader import to_plain
from costplan.terraform.document import plan_document
from costplan.terraform.types import TYPES, is_free

RIGHTS = {
    "binding": """airflow_cluster compute_disk compute_disk_placement_group compute_filesystem
        compute_gpu_cluster compute_image compute_instance compute_placement_group compute_snapshot
        compute_snapshot_schedule container_registry container_repository dataproc_cluster
        datasphere_community datasphere_project dns_firewall dns_inbound_endpoint dns_zone
        iam_workload_identity_oidc_federation mdb_clickhouse_cluster mdb_greenplum_cluster
        mdb_kafka_cluster mdb_mongodb_cluster mdb_mysql_cluster mdb_opensearch_cluster
        mdb_postgresql_cluster mdb_redis_cluster mdb_sharded_postgresql_cluster metastore_cluster
        spark_cluster storage_bucket trino_cluster ydb_database api_gateway cloudregistry_folder
        cloudregistry_registry cm_certificate function kms_asymmetric_encryption_key
        kms_asymmetric_signature_key kms_symmetric_key kubernetes_cluster lockbox_secret
        organizationmanager_organization resourcemanager_cloud serverless_container serverless_workflow
        iam_service_account resourcemanager_folder""",
    "member": """api_gateway cloudregistry_folder cloudregistry_registry cm_certificate function
        kms_asymmetric_encryption_key kms_asymmetric_signature_key kms_symmetric_key kubernetes_cluster
        lockbox_secret organizationmanager_organization resourcemanager_cloud serverless_container
        serverless_workflow iam_service_account resourcemanager_folder organizationmanager_group""",
    "policy": "iam_service_account resourcemanager_folder",
    "policy_binding": """organization_manager_organization resource_manager_cloud
        resource_manager_folder""",
}
"""Who may do what: `yandex_NAME_iam_KIND`."""

FREE = {
    "rights": """billing_cloud_binding cloudregistry_registry_ip_permission
        container_registry_ip_permission storage_bucket_grant storage_bucket_policy""",
    "accounts and keys": """iam_oauth_client iam_oauth_client_secret iam_service_account
        iam_service_account_api_key iam_service_account_key iam_service_account_static_access_key
        iam_workload_identity_federated_credential iam_workload_identity_oidc_federation
        organizationmanager_group organizationmanager_group_mapping organizationmanager_group_mapping_item
        organizationmanager_group_membership organizationmanager_idp_application_oauth_application
        organizationmanager_idp_application_oauth_application_assignment
        organizationmanager_idp_application_saml_application
        organizationmanager_idp_application_saml_application_assignment
        organizationmanager_idp_application_saml_signature_certificate organizationmanager_idp_user
        organizationmanager_idp_userpool organizationmanager_idp_userpool_domain
        organizationmanager_mfa_enforcement organizationmanager_mfa_enforcement_audience
        organizationmanager_mfa_enforcement_excluded_audience organizationmanager_os_login_settings
        organizationmanager_saml_federation organizationmanager_saml_federation_user_account
        organizationmanager_user_ssh_key resourcemanager_cloud resourcemanager_folder""",
    "networks": """vpc_network vpc_subnet vpc_route_table vpc_security_group vpc_security_group_rule
        vpc_default_security_group""",
    "placement": "compute_placement_group compute_disk_placement_group compute_gpu_cluster",
    "parts of balancers and zones": """lb_target_group alb_backend_group alb_http_router alb_target_group
        alb_virtual_host dns_recordset""",
    "parts of databases": """mdb_clickhouse_database mdb_clickhouse_user mdb_greenplum_resource_group
        mdb_greenplum_user mdb_kafka_connector mdb_kafka_topic mdb_kafka_user
        mdb_mongodb_backup_retention_policy mdb_mongodb_database mdb_mongodb_user
        mdb_mysql_backup_retention_policy mdb_mysql_database mdb_mysql_database_v2 mdb_mysql_user
        mdb_mysql_user_v2 mdb_postgresql_backup_retention_policy mdb_postgresql_database
        mdb_postgresql_user mdb_redis_backup_retention_policy mdb_redis_user
        mdb_sharded_postgresql_database mdb_sharded_postgresql_shard mdb_sharded_postgresql_user
        trino_access_control trino_catalog ydb_table ydb_table_changefeed ydb_table_index ydb_topic""",
    "parts of what is billed by use": """cdn_origin_group cloudregistry_folder
        cloudregistry_lifecycle_policy container_repository container_repository_lifecycle_policy
        datatransfer_endpoint function_scaling_policy function_trigger kms_secret_ciphertext
        lockbox_secret serverless_triggers storage_object sws_advanced_rate_limiter_profile sws_match_list
        sws_security_profile_advanced_rate_limiter_profile_attachment
        sws_security_profile_waf_profile_attachment sws_waf_profile""",
    "free services": "cm_certificate monitoring_dashboard",
    "runs on what is billed": "kubernetes_marketplace_helm_release",
}
"""Nothing is charged for it, or something else in its place."""

USED = """api_gateway audit_trails_trail cdn_resource cloudregistry_registry compute_image compute_snapshot
    compute_snapshot_schedule container_registry datatransfer_transfer logging_group message_queue
    smartcaptcha_captcha storage_bucket sws_security_profile ydb_database_serverless"""
"""Usage-based, whatever it says."""

WITH_A_KIND = """alb_load_balancer compute_disk compute_filesystem compute_instance compute_instance_group
    dns_zone function gitlab_instance kms_asymmetric_encryption_key kms_asymmetric_signature_key
    kms_symmetric_key kubernetes_cluster kubernetes_node_group lb_network_load_balancer
    lockbox_secret_version lockbox_secret_version_hashed mdb_clickhouse_cluster mdb_clickhouse_cluster_v2
    mdb_greenplum_cluster mdb_greenplum_cluster_v2 mdb_kafka_cluster mdb_mongodb_cluster mdb_mysql_cluster
    mdb_mysql_cluster_v2 mdb_opensearch_cluster mdb_postgresql_cluster mdb_postgresql_cluster_v2
    mdb_redis_cluster mdb_redis_cluster_v2 mdb_sharded_postgresql_cluster serverless_container vpc_address
    vpc_gateway ydb_database_dedicated"""
"""Its attributes say what it costs; the tests of its group say how."""

DATABASES = """mdb_greenplum_cluster mdb_greenplum_cluster_v2 mdb_mongodb_cluster mdb_mysql_cluster
    mdb_mysql_cluster_v2 mdb_sharded_postgresql_cluster ydb_database_dedicated"""
"""Likewise."""

NOT_SUPPORTED = {
    "clusters without a price list": """airflow_cluster dataproc_cluster metastore_cluster
        spark_cluster trino_cluster ytsaurus_cluster""",
    "machines": "compute_reserved_instance_pool cloud_desktops_desktop cloud_desktops_desktop_group",
    "copies, by machine and volume": "backup_policy backup_policy_bindings",
    "network": "dns_firewall dns_inbound_endpoint vpc_private_endpoint",
    "events and flows": """serverless_eventrouter_bus serverless_eventrouter_connector
        serverless_eventrouter_rule serverless_workflow""",
    "devices": "iot_core_broker iot_core_device iot_core_registry",
    "data and its description": """connectionmanager_connection datacatalog_catalog datalens_connection
        datasphere_community datasphere_project yq_monitoring_connection yq_object_storage_binding
        yq_object_storage_connection yq_ydb_connection yq_yds_binding yq_yds_connection""",
    "scans": "cloudregistry_scan_policy",
}
"""It may be charged for, and no price is known."""


def types_of(names: str) -> list[str]:
    return [f"yandex_{name}" for name in names.split()]


RIGHTS_TYPES = [f"{one}_iam_{what}" for what, names in RIGHTS.items() for one in types_of(names)]
FREE_TYPES = [*RIGHTS_TYPES, *types_of(" ".join(FREE.values()))]
NOT_SUPPORTED_TYPES = types_of(" ".join(NOT_SUPPORTED.values()))


def status_of(kind: str) -> str:
    document = to_plain(plan_document(json.dumps(plans.plan(plans.resource(f"{kind}.it", {}))).encode(), "p"))
    assert isinstance(document, dict)
    [row] = document["terraform"]["resources"].values()
    return str(row["status"])


def test_the_table_is_whole() -> None:
    """251 types have a page; each stands here once."""
    classes = [FREE_TYPES, types_of(USED), types_of(WITH_A_KIND), NOT_SUPPORTED_TYPES]
    assert sum(map(len, classes)) == 251
    assert [set(one) & set(two) for one, two in combinations(classes, 2)] == [set()] * 6


@pytest.mark.parametrize("kind", FREE_TYPES)
def test_free(kind: str) -> None:
    assert status_of(kind) == "free"


@pytest.mark.parametrize("kind", types_of(USED))
def test_usage_based(kind: str) -> None:
    assert status_of(kind) == "usage-based"


@pytest.mark.parametrize("kind", NOT_SUPPORTED_TYPES)
def test_not_supported(kind: str) -> None:
    assert status_of(kind) == "not-supported"


def test_what_has_a_kind_is_mapped_and_nothing_else_is() -> None:
    assert set(TYPES) == {*types_of(USED), *types_of(WITH_A_KIND), *types_of(DATABASES)}
    assert not any(map(is_free, TYPES))


def test_a_type_that_is_not_in_the_table_is_never_free() -> None:
    for kind in ("yandex_something_cluster", "yandex_compute_something", "aws_instance", "yandex_iam"):
        assert not is_free(kind)
        assert status_of(kind) == "not-supported" if kind.startswith("yandex_") else True
