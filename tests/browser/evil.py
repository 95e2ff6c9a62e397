"""A scenario whose every text is hostile to a page."""

from __future__ import annotations

EVIL = (
    "\"'></script><script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>"
    "${alert(1)}<!--</title></style>{{7*7}}"
)
RUSSIAN = "</textarea><iframe src=javascript:alert(1)></iframe><a href=//evil.invalid>да</a>&#60;b&#62;"


def quoted(text: str) -> str:
    """Write a text as a YAML scalar."""
    return "'" + text.replace("'", "''") + "'"


def evil_scenario(name: str = "evil") -> str:
    """Return the YAML: titles, notes, reasons, software, budgets, variants and stated costs."""
    evil, both = quoted(EVIL), f"{{en: {quoted(EVIL)}, ru: {quoted(RUSSIAN)}}}"
    return f"""
scenario: {name}
title: {both}
description: {both}
workload:
  monthly_requests: {{value: 5M/month, assumed: {evil}}}
budget:
  currency: USD
  parts:
    - {{name: {evil}, amount: 10, resources: [api]}}
    - {{name: {quoted(RUSSIAN)}, amount: 100000, resources: [labour]}}
resources:
  api:
    kind: compute-instance
    role: inference
    title: {both}
    note: {both}
    runs: [{evil}, {quoted(RUSSIAN)}]
    talks_to: [labour]
    vcpu: 2
    memory: {{value: 4 GB, assumed: {evil}}}
    capacity: {{requests_per_second: {{value: 100, assumed: {evil}}}, max_replicas: 1}}
  labour:
    kind: fixed-cost
    role: other
    title: {both}
    amounts: {{RUB: 1000, USD: 10}}
    source: {evil}
variants:
  cheap:
    title: {both}
    set: {{resources.api.core_fraction: 50}}
"""
