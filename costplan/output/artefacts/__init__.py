"""Files that pipelines read without a token: JUnit, SARIF and GitLab's code quality.

A new one is one file with `render(reported) -> str`, and one line here.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

from costplan.output.artefacts.reported import Reported


class Artefact(NamedTuple):
    """A kind of file."""

    option: str
    module: str
    endings: tuple[str, ...]


ARTEFACTS = (
    Artefact("--junit", "junit", (".xml",)),
    Artefact("--sarif", "sarif", (".sarif", ".json")),
    Artefact("--codequality", "codequality", (".json",)),
)


def artefact(name: str, reported: Sequence[Reported]) -> str:
    """Write an artefact by the name of its module."""
    text: str = import_module(f"{__name__}.{name}").render(reported)
    return text
