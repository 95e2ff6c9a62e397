"""GitLab's code quality report: what is broken, as a list of findings with stable fingerprints."""

from __future__ import annotations

import json
from collections.abc import Sequence

from costplan.output.artefacts.reported import Reported, spots

SEVERITY = {"failed": "major", "warned": "minor"}
"""How bad it is; what holds or is waived is in no such report."""


def render(reported: Sequence[Reported]) -> str:
    """Write the report; an empty list where nothing is broken."""
    rows = [
        {
            "description": f"{spot.reported.title}: {spot.reported.message}",
            "check_name": spot.reported.rule,
            "fingerprint": spot.fingerprint,
            "severity": SEVERITY[spot.reported.state],
            "location": {"path": spot.file, "lines": {"begin": spot.line}},
        }
        for spot in spots(reported)
        if spot.reported.state in SEVERITY
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
