"""Words of closed vocabularies, with the message that shows each: roles, units, provenance, verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from costplan.language.measured import MEASURED

ROLES: Final[Mapping[str, str]] = {
    "compute": "compute",
    "inference": "inference",
    "database": "database",
    "monitoring": "monitoring",
    "logs": "logs",
    "ci-cd": "builds and releases",
    "storage": "storage",
    "network": "network",
    "other": "other",
}

UNITS: Final[Mapping[str, str]] = {
    "GB*hour": "GB·hour",
    "GB*month": "GB·month",
    "GB": "GB",
    "core*hour": "core·hour",
    "gpu*hour": "GPU·hour",
    "ip*hour": "address·hour",
    "version*hour": "version·hour",
    "master*hour": "master·hour",
    "zone*hour": "zone·hour",
    "gateway*hour": "gateway·hour",
    "balancer*hour": "balancer·hour",
    "resource*month": "resource·month",
    "account*month": "account·month",
    "RU*hour": "RU·hour",
    "alert*hours": "alert·hours",
    "month": "month",
    "requests": "requests",
    "invocations": "invocations",
    "operations": "operations",
    "values": "values",
    "queries": "queries",
    "events": "events",
    "rows": "rows",
}
"""Unit of the catalog -> message."""

ARITHMETIC: Final[Mapping[str, str]] = {
    "requests": "requests",
    "replica": "replicas at work",
    "replicas": "replicas at work",
    "rounded up to": "rounded up to",
    "rounded up": "rounded up",
    "GB": "GB",
    "MB": "MB",
    "KB": "KB",
    "B": "B",
    "d": "d",
    "h": "h",
    "s": "s",
    "ms": "ms",
}
"""Word of a written formula -> message; English has the word itself."""

PRICE_ORIGINS: Final[Mapping[str, str]] = {
    "list": "official list",
    "third-party": "list, as copied by a third party",
    "derived": "derived by a rule from another list",
    "unverified": "seen once, source not recorded",
    "stated": "stated in the scenario",
    "assumed": "assumed in the scenario, as no list has it",
}
"""Where a price comes from -> message."""

PROVENANCE: Final[Mapping[str, str]] = {
    "list": "list",
    "third-party": "third-party",
    "derived": "derived",
    "unverified": "unverified",
    "stated": "stated",
    "assumed": "assumed",
    "unpriced": "unpriced",
}
"""Word of the catalog for where a price comes from -> message."""

BOUND_KINDS: Final[Mapping[str, str]] = {"quota": "quota", "limit": "limit"}

BOUND_SCOPES: Final[Mapping[str, str]] = {
    scope: scope
    for scope in (
        "balancer", "cloud", "cluster", "disk", "endpoint", "folder", "gateway", "group", "host", "instance",
        "interface", "metric", "node", "node group", "object", "region", "request", "resource unit",
        "revision", "router", "secret", "shard", "user", "zone", "zone of names",
    )
}  # fmt: skip
"""Per what a quota or a limit counts -> message."""

BOUND_VALUES: Final[Mapping[str, str]] = {value: value for value in ("yes", "no", "up", "down")}
"""Value of a limit that is a word -> message."""

BOUND_UNITS: Final[Mapping[str, str]] = {
    unit: unit
    for unit in ("count", "1/s", "MB/s", "records/s", "TB", "GB", "MB", "KB", "day", "h", "s")
}  # fmt: skip
"""Unit of a quota or a limit -> message; what is the same in all languages is left out."""

CROSSINGS: Final[Mapping[str, str]] = {
    "crossing": "crossing",
    "step": "step",
    "parting": "parting",
}
"""How one design becomes cheaper than another -> message."""

MEASUREMENT_VERDICTS: Final[Mapping[str, str]] = {
    "VALID": "VALID",
    "NOISY": "NOISY",
    "TOO-FEW-SAMPLES": "TOO-FEW-SAMPLES",
    "GENERATOR-LIMITED": "GENERATOR-LIMITED",
    "UNSTABLE": "UNSTABLE",
    "INVALID": "INVALID",
    "NOT-MEASURED": "NOT-MEASURED",
}
"""Verdict of a measurement -> message, in narrow columns."""

MODES: Final[Mapping[str, str]] = {
    "single": "single",
    "closed": "closed",
    "open": "open",
    "batch": "batch",
}
"""How a load is made -> message."""

CPU_STEPS: Final[Mapping[str, str]] = {
    "decode": "decoding",
    "preprocessing": "pre-processing",
    "inference": "inference",
    "encoding": "encoding",
    "rest": "the rest",
}
"""What the service does with a request -> message."""

PREPROCESSING: Final[Mapping[str, str]] = {
    "included": "included",
    "excluded": "left out",
    "unclear": "unclear",
}
"""Whether a published figure has decoding, resizing or tokenising in it -> message."""

COST_BASES: Final[Mapping[str, str]] = {"measured": "measured", "scaled": "scaled", "assumed": "assumed"}

METHODS: Final[Mapping[str, str]] = {
    "enumeration": "each was looked at",
    "separable": "their costs add up, so each part was chosen by itself",
    "integer-programme": "solved as an integer programme (HiGHS)",
}
"""How a search for the cheapest design went about it -> message."""

NEEDS: Final[Mapping[str, str]] = {
    "replicas": "replicas",
    "slo": "slo",
    "limit": "limit",
    "quota": "quota",
}
"""What must be enough -> message."""

QUANTITY_ORIGINS: Final[Mapping[str, str]] = {
    "assumed": "assumed",
    "measured": "measured",
    "published": "published",
    "stated": "",
}

VERDICTS: Final[Mapping[str, str]] = {
    "VALID": "valid",
    "NOISY": "noisy: it varied too much",
    "TOO-FEW-SAMPLES": "too few samples",
    "GENERATOR-LIMITED": "limited by the load generator",
    "UNSTABLE": "unstable: it never settled",
    "INVALID": "invalid",
    "NOT-MEASURED": "not measured",
}
"""Verdict of a measurement -> message."""

DISTRIBUTIONS: Final[Mapping[str, str]] = {
    "uniform": "uniform",
    "pert": "PERT",
    "triangular": "triangular",
    "normal": "normal",
    "lognormal": "lognormal",
}

SYSTEM_REASONS: Final = {
    said: said
    for said in (
        "No such file or directory",
        "Permission denied",
        "File exists",
        "Is a directory",
        "Not a directory",
        "No space left on device",
        "Read-only file system",
        "File name too long",
        "Too many levels of symbolic links",
        "Input/output error",
        "Bad file descriptor",
        "Invalid argument",
        "Name or service not known",
        "Temporary failure in name resolution",
        "No address associated with hostname",
        "Connection refused",
        "Connection reset by peer",
        "Network is unreachable",
        "No route to host",
    )
}
"""What the system says of a file or an address that it does not reach, in the words of Linux."""
TOML_REASONS: Final = {
    said: said
    for said in (
        "Invalid statement",
        "Invalid value",
        "Invalid hex value",
        "Invalid date or datetime",
        "Invalid initial character for a key part",
        "Unterminated string",
        "Unclosed array",
        "Unclosed inline table",
        "Unescaped '\\' in a string",
        "Escaped character is not a Unicode scalar value",
        "Expected newline or end of document after a statement",
        "Expected '=' after a key in a key/value pair",
        "Expected ']' at the end of a table declaration",
        "Expected ']]' at the end of an array declaration",
        "Expected \"'''\"",
        'Expected "\'"',
        'Expected \'"""\'',
    )
}
"""What Python's reader of TOML says is wrong."""

CHANGES: Final[Mapping[str, str]] = {
    "added": "added",
    "removed": "removed",
    "changed": "changed",
    "moved": "moved",
}
"""What became of a resource or a line between two bills."""

DIFF_CAUSES: Final[Mapping[str, str]] = {
    "quantity": "quantity",
    "price": "price",
    "sku": "another SKU",
    "tier": "tiers",
    "currency": "currency rule",
    "vat": "VAT rate",
    "month-hours": "hours of the month",
    "discount": "discount",
}
"""Why a line costs other than before."""

VOCABULARIES: Final = (
    CHANGES,
    DIFF_CAUSES,
    {message: message for message in MEASURED},
    SYSTEM_REASONS,
    TOML_REASONS,
    PROVENANCE,
    MEASUREMENT_VERDICTS,
    MODES,
    CPU_STEPS,
    PREPROCESSING,
    COST_BASES,
    METHODS,
    NEEDS,
    BOUND_KINDS,
    BOUND_SCOPES,
    BOUND_VALUES,
    BOUND_UNITS,
    CROSSINGS,
    ROLES,
    UNITS,
    ARITHMETIC,
    PRICE_ORIGINS,
    QUANTITY_ORIGINS,
    VERDICTS,
    DISTRIBUTIONS,
)
"""All messages that reach `Translator` through a variable."""
