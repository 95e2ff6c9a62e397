"""The house stays one that can be entered: no circles, no crowded folder, no module too long to read."""

from __future__ import annotations

import ast
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "costplan").rglob("*.py"))
}
MOST_FILES = 25
"""Of a folder: what the eye takes in at a glance."""
MOST_ROOT_MODULES = 6
MOST_LINES = 400
MOST_SHARE = 0.18
"""Of all lines, in one top folder."""


def imports_of(name: str) -> set[str]:
    """Return the modules of costplan that a module imports anywhere, for types too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inside & set(MODULES)) or {node.module}
    return (found & set(MODULES)) - {name}


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = {name: imports_of(name) for name in MODULES}
    assert sum(map(len, graph.values())) > len(graph), "imports are found at all"
    circle: list[str] = []
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
    assert circle == []


def test_no_folder_is_crowded() -> None:
    counts = Counter(path.parent for path in MODULES.values() if path.name != "__init__.py")
    root = counts.pop(ROOT / "costplan")
    assert {folder.name: count for folder, count in counts.items() if count > MOST_FILES} == {}
    assert root + 1 <= MOST_ROOT_MODULES


def test_no_module_is_longer_than_can_be_read() -> None:
    assert {name: n for name, path in MODULES.items() if (n := lines_of(path)) > MOST_LINES} == {}


def test_no_room_holds_too_much() -> None:
    rooms = Counter(dict.fromkeys(MODULES, 0))
    for name, path in MODULES.items():
        rooms[".".join(name.split(".")[:2])] += lines_of(path)
    total = sum(rooms.values())
    assert {room: lines for room, lines in rooms.items() if lines > MOST_SHARE * total} == {}
