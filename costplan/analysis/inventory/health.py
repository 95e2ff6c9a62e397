"""What is installed and how old the prices are."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from costplan._version import __version__
from costplan.catalog.store import Catalog
from costplan.messages.installation import install_line
from costplan.messages.reason import Reason
from costplan.messages.result import Result

HEALTH_SCHEMA = "costplan/health/1"
STALE_DAYS = 120
"""Prices that were last checked longer ago are called old: the provider's lists change a few times a year."""

EXTRAS: dict[str, dict[str, str]] = {
    "core": {"typer": "typer", "rich": "rich", "pydantic": "pydantic", "yaml": "pyyaml", "jinja2": "jinja2",
             "pandas": "pandas", "matplotlib": "matplotlib"},
    "bench": {"onnxruntime": "onnxruntime", "onnx": "onnx", "grpc": "grpcio", "httptools": "httptools",
              "uvloop": "uvloop", "fastapi": "fastapi", "uvicorn": "uvicorn", "psutil": "psutil"},
    "plan": {"scipy": "scipy"},
    "tables": {"xlsxwriter": "xlsxwriter", "pyarrow": "pyarrow"},
    "terraform": {"tfparse": "tfparse"},
}  # fmt: skip
"""Extra -> module -> distribution."""


@dataclass(frozen=True, slots=True)
class Part:
    """One library."""

    extra: str
    name: str
    version: str | None
    """None when it is not installed."""


@dataclass(frozen=True, slots=True)
class Health(Result):
    """The state of an installation."""

    schema: str
    costplan: str
    python: str
    system: str
    catalog: str
    catalog_sha256: str
    prices_as_of: date
    age_days: int
    prices_are_old: bool
    parts: tuple[Part, ...]
    hints: tuple[str, ...]


def health(catalog: Catalog, today: date) -> Health:
    """Look at the installation; nothing is imported for it."""
    parts = tuple(
        Part(extra, distribution, _version(module, distribution))
        for extra, modules in EXTRAS.items()
        for module, distribution in modules.items()
    )
    age = (today - catalog.index.as_of).days
    hints = [
        install_line(None if extra == "core" else extra)
        for extra in EXTRAS
        if any(part.version is None for part in parts if part.extra == extra)
    ]
    if age > STALE_DAYS:
        hints.append(
            Reason("the prices are old: update costplan, or lay newer prices over them with --overlay")
        )
    return Health(
        HEALTH_SCHEMA,
        __version__,
        platform.python_version(),
        platform.platform(terse=True),
        catalog.index.catalog,
        catalog.sha256,
        catalog.index.as_of,
        age,
        age > STALE_DAYS,
        parts,
        tuple(hints),
    )


def _version(module: str, distribution: str) -> str | None:
    if find_spec(module) is None:
        return None
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
