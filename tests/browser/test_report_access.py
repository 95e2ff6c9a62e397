"""What axe-core and html-validate say of the page: nothing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import parts
import pytest
from pages import report_file, watched
from playwright.sync_api import Browser

CONFIG = Path(__file__).with_name("html-validate.cjs")


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, language: str, scheme: str) -> None:
    """All rules of axe-core, on everything unfolded; the page's own policy would not let its script in."""
    source = (parts.packages() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    with watched(browser, color_scheme=scheme, bypass_csp=True) as look:
        page = look.opened(report_file(language))
        page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        page.add_script_tag(content=source)
        found = page.evaluate("axe.run({ resultTypes: ['violations', 'incomplete'] })")
    assert len(found["passes"]) > 20
    assert [_said(rule) for rule in found["violations"]] == []


def _said(rule: dict[str, object]) -> str:
    nodes = rule["nodes"]
    assert isinstance(nodes, list)
    return f"{rule['id']}: {rule['help']}: " + "; ".join(node["html"][:200] for node in nodes[:3])


@pytest.mark.parametrize("language", ["en", "ru"])
def test_html_validate_finds_nothing(language: str, tmp_path: Path) -> None:
    """Its recommended rules, less those that the configuration names with a reason."""
    program = parts.packages() / "html-validate" / "bin" / "html-validate.mjs"
    node = shutil.which("node")
    assert node
    found = tmp_path / "found.txt"
    line = [node, str(program), "--config", str(CONFIG), "--formatter", f"text={found}"]
    done = subprocess.run([*line, str(report_file(language))], capture_output=True, text=True, timeout=120)
    assert found.read_text(encoding="utf-8") == "", done.stderr
    assert done.returncode == 0, done.stderr
