"""One browser for each module; closed before others run, as Playwright holds an event loop. All is `live`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import parts
import pytest
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever is in this folder needs a browser, or node."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.live)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the Chromium of the system."""
    program = parts.chromium()
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=parts.FLAGS)
        yield found
        found.close()
