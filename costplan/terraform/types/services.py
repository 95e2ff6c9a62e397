"""Smaller services, which are mostly paid for by a use that no plan knows."""

from __future__ import annotations

from costplan.resources.kinds.services.managed_gitlab import PLANS
from costplan.terraform.mapped import Mapped, NotSupported, Priced
from costplan.terraform.parts import Parts, gigabytes, preset_name
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Reading
from costplan.terraform.values import UNKNOWN

KINDS = {
    "yandex_audit_trails_trail": "audit-trails",
    "yandex_compute_snapshot_schedule": "compute-snapshot",
    "yandex_message_queue": "message-queue",
    "yandex_smartcaptcha_captcha": "smartcaptcha",
}
"""Type of which no attribute moves the price -> kind."""
SIZES = {
    "yandex_compute_image": ("compute-image", "size"),
    "yandex_compute_snapshot": ("compute-snapshot", "storage_size"),
}
"""Type -> kind, and the attribute with its volume in GB: a state knows it, a plan does not."""
HEAVY = ("RSA_3072", "RSA_4096")
"""How the algorithms begin whose operations cost more."""
RUNTIMES = {"SNAPSHOT_ONLY": "runtime", "INCREMENT_ONLY": "replication_runtime"}
"""Type of a transfer -> what says how many workers it has; one of both sorts may have either."""


def by_use(one: Planned, reading: Reading) -> Mapped:
    """Something that is billed by its use alone."""
    return Priced(({"kind": KINDS[one.type]},))


def stored(one: Planned, reading: Reading) -> Mapped:
    """A volume that the server finds out."""
    kind, attribute = SIZES[one.type]
    size = one.values.find(attribute)
    known = size is not UNKNOWN and size not in (None, 0)
    return Priced(({"kind": kind} | ({"size": gigabytes(one.values.needed(attribute))} if known else {}),))


def symmetric_key(one: Planned, reading: Reading) -> Mapped:
    """A key: one version, and with a rotation as many more as time has made."""
    key = {"kind": "kms-key"}
    if str(one.values.find("default_algorithm")).endswith("_HSM"):
        key["algorithm"] = "hsm"
    return Priced((key | ({} if one.values.has("rotation_period") else {"versions": "1"}),))


def asymmetric_key(one: Planned, reading: Reading) -> Mapped:
    """A pair of keys, for encryption or for signatures."""
    stated = [str(one.values.find(f"{use}_algorithm")) for use in ("encryption", "signature")]
    is_heavy = any(name.startswith(HEAVY) for name in stated)
    return Priced(({"kind": "kms-key", "algorithm": "heavy" if is_heavy else "asymmetric", "versions": "1"},))


def gitlab_instance(one: Planned, reading: Reading) -> Mapped:
    """An instance of GitLab; approval rules say by which prices."""
    values = one.values
    rules = (values.text("approval_rules_id") or "none").lower()
    if rules not in PLANS:
        return NotSupported()
    return Priced(
        (
            {
                "kind": "managed-gitlab",
                "preset": preset_name(values.needed("resource_preset_id")),
                "storage": gigabytes(values.needed("disk_size")),
                "approval_rules": rules,
            },
        )
    )


def serverless_ydb(one: Planned, reading: Reading) -> Mapped:
    """A database without servers; capacity that is kept for it has a price of its own, which is not known."""
    made = Parts(one, reading)
    kept = "serverless_database.provisioned_rcu_limit"
    if one.values.has(kept) and one.values.number(kept):
        made.unpriced.append(kept)
    return made.priced({"kind": "ydb-serverless"})


def transfer(one: Planned, reading: Reading) -> Mapped:
    """A transfer: how long it runs and what it moves is in no plan."""
    made = Parts(one, reading)
    runtime = RUNTIMES.get(str(one.values.find("type")), "runtime")
    at = f"{runtime}.yc_runtime"
    if one.values.has(f"{at}.flavor"):
        made.unpriced.append(f"{at}.flavor")
    workers = one.values.number(f"{at}.job_count") if one.values.has(f"{at}.job_count") else 0
    return made.priced({"kind": "data-transfer"} | ({"workers": str(workers)} if workers > 1 else {}))


def cdn_resource(one: Planned, reading: Reading) -> Mapped:
    """A resource of the CDN; a location of shielding switches it on."""
    shielded = {"shielding": "true"} if one.values.has("shielding") else {}
    return Priced(({"kind": "cdn"} | shielded,))


def security_profile(one: Planned, reading: Reading) -> Mapped:
    """A profile of Smart Web Security; rules of a web application firewall count its requests once more."""
    made = Parts(one, reading)
    rules = []
    if made.is_there(one.values, "security_rule"):
        rules = one.values.blocks("security_rule")
    looks = any(rule.has("waf") for rule in rules)
    return made.priced({"kind": "smart-web-security"} | ({"waf": "true"} if looks else {}))
