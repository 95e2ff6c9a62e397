"""The reference of the scenario file is what the models say, and its example has a price."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

from costplan.cli.run import run

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("scenario_reference", ROOT / "tools" / "scenario_reference.py")
assert SPEC is not None
assert SPEC.loader is not None
TOOL = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(TOOL)


def test_the_page_is_made_from_the_models() -> None:
    assert (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8") == TOOL.page() + "\n"


def test_its_example_can_be_priced(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(TOOL.EXAMPLE)
    assert run(["estimate", str(path)]) == 0
    assert run(["estimate", f"{path}:half"]) == 0


def test_every_page_of_the_docs_is_in_the_wheel() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    carried = build["targets"]["wheel"]["force-include"]
    for page in (ROOT / "docs").glob("*.md"):
        assert carried[f"docs/{page.name}"] == f"costplan/data/docs/{page.name}"
