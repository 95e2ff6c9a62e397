"""The tests' own rules: where every part must be there, a skip is a failure, of whatever kind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPING = {
    "by a mark": "import pytest\n@pytest.mark.skip(reason='no disk')\ndef test_it(): pass",
    "by a condition": "import pytest\n@pytest.mark.skipif(True, reason='no disk')\ndef test_it(): pass",
    "inside": "import pytest\ndef test_it(): pytest.skip('no disk')",
    "by a fixture": (
        "import pytest\n@pytest.fixture\ndef disk(): pytest.skip('no disk')\ndef test_it(disk): pass"
    ),
    "whole module": "import pytest\npytest.skip('no disk', allow_module_level=True)",
    "library missing": "import pytest\npytest.importorskip('no_such_library', reason='no disk')",
}
XFAIL = "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_it(): raise ValueError"


def outcome(folder: Path, modules: list[str], required: str) -> tuple[int, str]:
    """Run a small suite under this suite's conftest."""
    for name in ("conftest.py", "support/amounts.py"):
        shutil.copy(ROOT / "tests" / name, folder)
    (folder / "pytest.ini").write_text("[pytest]\n")
    for number, text in enumerate(modules):
        (folder / f"test_{number}.py").write_text(text)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "--continue-on-collection-errors", "-rs"],
        cwd=folder,
        env=os.environ
        | {"COSTPLAN_REQUIRE_LIVE": required, "COSTPLAN_THOROUGH": "1"}
        | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return ended.returncode, ended.stdout


def test_a_skip_of_any_kind_is_a_failure_where_everything_must_run(tmp_path: Path) -> None:
    code, said = outcome(tmp_path, list(SKIPPING.values()), "1")
    assert code != 0
    assert "skipped" not in said.splitlines()[-1]
    for number in range(len(SKIPPING)):
        assert re.search(rf"test_{number}.py\S* may not be skipped here: .*no disk", said), number


def test_elsewhere_it_is_a_skip_and_is_said(tmp_path: Path) -> None:
    code, said = outcome(tmp_path, [*SKIPPING.values(), "def test_other(): pass"], "0")
    assert code == 0
    assert f"1 passed, {len(SKIPPING)} skipped" in said
    assert said.count("no disk") == len(SKIPPING)


def test_a_failure_that_is_expected_is_no_skip(tmp_path: Path) -> None:
    code, said = outcome(tmp_path, [XFAIL], "1")
    assert (code, "1 xfailed" in said) == (0, True)


def test_the_two_halves_make_the_whole() -> None:
    """`make test` and `make test-live` part the tests by one mark, and CI runs both."""
    makefile, ci = (ROOT / "Makefile").read_text(), (ROOT / ".ci" / "run").read_text()
    assert re.findall(r"pytest -m (\"[^\"]+\"|\S+)", makefile) == ['"not live"', "live"]
    assert re.search(r"^make test$", ci, re.MULTILINE)
    assert re.search(r"^make test-live$", ci, re.MULTILINE)
    assert "export COSTPLAN_REQUIRE_LIVE=1" in ci
    assert "export COSTPLAN_THOROUGH=1" in ci


def test_no_bound_is_set_by_the_wall_clock() -> None:
    """A busy machine breaks such a bound; `own_seconds` and `cpu_seconds` of `own_time.py` are for it."""
    bound = re.compile(r"^ *assert .*\b(monotonic|perf_counter|time)\(\) - .*<", re.MULTILINE)
    files = sorted((ROOT / "tests").rglob("*.py"))
    assert [path.name for path in files if bound.search(path.read_text(encoding="utf-8"))] == []
