"""JUnit's XML: a suite for each scenario, a test for each rule; a waived one is skipped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from costplan.messages.text import visible
from costplan.output.artefacts.reported import Reported, path_of

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""


def render(reported: Sequence[Reported]) -> str:
    """Write the report."""
    suites: dict[str, list[Reported]] = {}
    for one in reported:
        suites.setdefault(one.scenario, []).append(one)
    root = ElementTree.Element("testsuites", {"name": "costplan", **_counts(reported)})
    for scenario, rules in suites.items():
        suite = ElementTree.SubElement(root, "testsuite", {"name": _text(scenario), **_counts(rules)})
        for one in rules:
            _case(suite, one)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _counts(rules: Sequence[Reported]) -> dict[str, str]:
    """Count as readers do; no time is measured, so each is 0."""
    failed, waived = (sum(one.state == state for one in rules) for state in ("failed", "waived"))
    counts = {"tests": len(rules), "failures": failed, "errors": 0, "skipped": waived}
    return {**{name: str(count) for name, count in counts.items()}, "time": "0"}


def _case(suite: ElementTree.Element, one: Reported) -> None:
    place = one.places[0]
    about = {
        "classname": _text(f"costplan.{one.scenario}"),
        "name": _text(one.title),
        "file": _text(path_of(place.file)),
        "line": str(max(place.line, 1)),
        "time": "0",
    }
    case = ElementTree.SubElement(suite, "testcase", about)
    if one.state == "failed":
        found = ElementTree.SubElement(case, "failure", {"message": _text(one.message), "type": one.rule})
        found.text = "\n".join(_text(f"{path_of(spot.file)}:{max(spot.line, 1)}") for spot in one.places)
    elif one.state == "waived":
        ElementTree.SubElement(case, "skipped", {"message": _text(one.message)})
    elif one.state == "warned":
        ElementTree.SubElement(case, "system-out").text = _text(one.message)


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", visible(text))
