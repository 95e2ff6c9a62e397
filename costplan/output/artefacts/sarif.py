"""SARIF 2.1.0: what is broken, with rule, place and a fingerprint that lasts; waivers are suppressions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from costplan._version import __version__
from costplan.output.artefacts.reported import Reported, Spot, spots

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"failed": "error", "warned": "warning", "waived": "warning"}
"""What came out -> its level; what holds is no result."""


def render(reported: Sequence[Reported]) -> str:
    """Write a log of one run."""
    told = [spot for spot in spots(reported) if spot.reported.state in LEVELS]
    rules = {spot.reported.rule: spot.reported.title for spot in told}
    places = {rule: index for index, rule in enumerate(rules)}
    driver = {
        "name": "costplan",
        "version": __version__,
        "rules": [{"id": rule, "shortDescription": {"text": title}} for rule, title in rules.items()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(spot, places[spot.reported.rule]) for spot in told],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _result(spot: Spot, index: int) -> dict[str, Any]:
    one = spot.reported
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(spot.file), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": spot.line},
        }
    }
    if spot.resource:
        location["logicalLocations"] = [{"name": spot.resource, "kind": "resource"}]
    result: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": LEVELS[one.state],
        "message": {"text": f"{one.scenario}: {one.message}"},
        "locations": [location],
        "partialFingerprints": {"costplan/v1": spot.fingerprint},
    }
    if one.state == "waived":
        waiver = {"kind": "external", "status": "accepted", "justification": one.why_waived}
        result["suppressions"] = [waiver]
    return result
