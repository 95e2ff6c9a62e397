"""What every test may rely on: an environment that changes nothing in the output; and what skips mean."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from amounts import THOROUGH, cases
from hypothesis import settings

from costplan.cli.settings import SETTINGS, variable_of

NO_SKIPS = os.environ.get("COSTPLAN_REQUIRE_LIVE") == "1"
"""Set in continuous integration and by `make test-live`: a test that cannot run is a failure."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A run in the background of a shell ignores Ctrl-C, and so would the programs that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


# The same examples in every run, as a failure must be of what has changed; and no deadline for one, as a busy
# machine keeps none.
settings.register_profile(
    "costplan", deadline=None, derandomize=True, max_examples=cases(25, 100, "COSTPLAN_EXAMPLES")
)
settings.load_profile("costplan")


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make a failure of a skip; an expected failure (xfail) is reported as one too and is none."""
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} may not be skipped here: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_if_skipped(report)
    return report


@pytest.fixture(scope="session", autouse=True)
def shipped_prices_are_read_once() -> Iterator[None]:
    """Keep what was read of the shipped price list, half of the work of most commands, for the whole run.

    In continuous integration every command reads its own, as it does for a user.
    """
    if THOROUGH:
        yield
        return
    from costplan.catalog.store import Catalog
    from costplan.datafiles import data_folder

    shipped, read = data_folder("catalogs"), Catalog.layer
    kept: dict[tuple[Path, str], Any] = {}

    def layer(self: Catalog, folder: Path, name: str) -> Any:
        if folder.parent != shipped:
            return read(self, folder, name)
        if (folder, name) not in kept:
            kept[folder, name] = read(self, folder, name)
        return kept[folder, name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Catalog, "layer", layer)
        yield


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Take away what a developer's own shell may ask of the output, and leave a developer's files alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))
    names = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERMINAL_WIDTH", "COSTPLAN_DEBUG")
    for name in (*names, *map(variable_of, SETTINGS)):
        monkeypatch.delenv(name, raising=False)
