"""One browser for each module; closed before others run, as Playwright holds an event loop."""

from __future__ import annotations

from collections.abc import Iterator

import parts
import pytest
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the Chromium of the system."""
    program = parts.chromium()
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=parts.FLAGS)
        yield found
        found.close()
