"""Advice that can be followed: what the program tells to add is an option that there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import costplan
from costplan.cli.app import named_command
from costplan.cli.hints import OPTION, fitting, options_of
from costplan.cli.registry import COMMANDS, Group
from costplan.cli.run import run
from costplan.service.settings import _parser

SOURCE = Path(costplan.__file__).parent
OTHER_PROGRAMS = re.compile(
    r"--(no-sandbox|headless|disable-[a-z-]+|no-first-run|no-pdf-header-footer|user-data-dir|print-to-pdf"
    r"|query-gpu|format=csv|force-reinstall|chart-)"
)
"""Options of a browser, of nvidia-smi and of pip, and custom properties of CSS."""


def commands() -> list[str]:
    found = []
    for name, entry in COMMANDS.items():
        found += [f"{name} {word}" for word in entry.commands] if isinstance(entry, Group) else []
        found += [name] if not isinstance(entry, Group) or entry.default else []
    return found


def options(line: str) -> frozenset[str]:
    named = named_command(line.split())
    assert named is not None
    return options_of(named[0])


EVERY = frozenset().union(*(options(line) for line in commands()))
OF_SERVICE = frozenset(OPTION.findall(_parser({}).format_help()))
OF_OTHERS = {
    "bench/cluster/kubectl.py": {"--filename", "--selector", "--tail"},
    "cli/bench/cluster.py": {"--tail"},
    "inputs/revision/git.py": {
        "--buffer",
        "--end-of-options",
        "--full-tree",
        "--is-shallow-repository",
        "--show-superproject-working-tree",
        "--show-toplevel",
        "--verify",
    },
}
"""Module that calls another program, or tells how to -> options of that program, named as none of ours."""
OF_NOOP_SERVER = {"--request-bytes", "--reply-bytes"}


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Give the texts of a module that may reach a reader; docstrings are for whoever reads the source."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def known_in(path: Path) -> frozenset[str]:
    """Return the options that a module may name: those of its command, where it belongs to one."""
    within = path.relative_to(SOURCE).parts
    of_others = OF_OTHERS.get(path.relative_to(SOURCE).as_posix(), set())
    if within[0] == "service":
        return OF_SERVICE
    if within[0] in ("bench", "protocols"):
        return under("bench") | OF_SERVICE | OF_NOOP_SERVER | of_others
    if within[:2] == ("cli", "bench"):
        return under("bench") | of_others
    return (under(path.stem) if within[0] == "cli" and path.stem in COMMANDS else EVERY) | of_others


def under(word: str) -> frozenset[str]:
    """Return the options of all commands under a common word."""
    return frozenset().union(*(options(line) for line in commands() if line.split()[0] == word))


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.stem)
def test_every_option_that_a_text_names_is_one(path: Path) -> None:
    known = known_in(path)
    wrong = [
        f"{path.name}:{line}: {option}"
        for line, text in texts(path)
        for option in OPTION.findall(text)
        if option not in known and not OTHER_PROGRAMS.match(option) and not OTHER_PROGRAMS.match(text)
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("hint", "kept"),
    [
        ("give --growth 10%, or add `growth`; `0%` for none", "add `growth`; `0%` for none"),
        ("add `growth`, or give --growth 10%", "add `growth`"),
        ("plan at most --months 3", None),
        ("name one with --set a=b", "name one with --set a=b"),
        ("costplan catalog list --match TEXT", "costplan catalog list --match TEXT"),
        ("did you mean `a`?", "did you mean `a`?"),
        (None, None),
    ],
)
def test_what_a_command_cannot_do_is_left_out_of_a_hint(hint: str | None, kept: str | None) -> None:
    assert fitting(hint, {"--set"}) == kept


@pytest.mark.parametrize(("command", "is_there"), [("timeline", True), ("report", False)])
def test_growth_is_asked_for_where_it_can_be_given(
    command: str, is_there: bool, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    still = tmp_path / "still.yaml"
    still.write_text(
        "scenario: still\ntitle: Still\nworkload: {monthly_requests: 1M}\n"
        "resources: {a: {kind: dns, role: other, zones: 1}}\n"
    )
    run([command, str(still), *(["--md", "-o", "-"] if command == "report" else [])])
    out, err = capsys.readouterr()
    assert ("--growth" in out + err) is is_there
