"""The recipes are true: their files are written, their commands run, and what they show is in the answers."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from costplan.cli.help_topics import pages
from costplan.cli.run import run

ROOT = Path(__file__).parents[2]
RECIPES = sorted((ROOT / "docs" / "recipes").glob("*.md"))
FILE = re.compile(r"`([\w./-]+)`:\n\n```\w+\n(.*?)```", re.DOTALL)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
PIPELINE_LINE = re.compile(r"^ +- (?:run: )?(costplan .*)$", re.MULTILINE)


def squeezed(line: str) -> str:
    """A recipe shows cells two blanks apart; a table has them in columns."""
    return " ".join(line.split())


class Console:
    """Runs what a page's console blocks say, as far as a page needs it: costplan, `echo $?`, other tools."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys, self.code, self.answer = capsys, 0, ""

    def run(self, line: str) -> None:
        if line == "echo $?":
            self.answer, self.code = str(int(self.code)), 0
            return
        assert self.code == 0, f"before `{line}`: {self.answer}"
        words = shlex.split(line, comments=True)
        if words[0] != "costplan":
            subprocess.run(words, check=True)
            return
        self.capsys.readouterr()
        self.code = run(words[1:])
        self.answer = "".join(self.capsys.readouterr())

    def shows(self, lines: list[str]) -> None:
        """The lines are in the answer, in this order."""
        left = iter([squeezed(line) for line in self.answer.splitlines()])
        for line in lines:
            assert squeezed(line) in left, (
                f"{line!r} is not in, or not after the one before it:\n{self.answer}"
            )


@pytest.fixture
def console(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return Console(capsys)


def write_files(text: str) -> None:
    """Write the files of a part of a page: one of settings changes what comes after it, not before."""
    for name, content in FILE.findall(text):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("page", RECIPES, ids=lambda page: page.stem)
def test_a_recipe_does_what_it_says(page: Path, console: Console) -> None:
    for part in re.split(r"^(?=## )", page.read_text(encoding="utf-8"), flags=re.MULTILINE):
        write_files(part)
        for block in CONSOLE.findall(part):
            for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                line, *shown = step.splitlines()
                console.run(line)
                console.shows(shown)
    assert console.code == 0


@pytest.mark.parametrize("page", RECIPES, ids=lambda page: page.stem)
def test_a_recipe_is_short_and_says_what_to_change(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 130
    assert "\n## For yours\n" in text
    assert FILE.search(text)
    assert CONSOLE.search(text)


def test_the_steps_of_the_pipelines_are_commands_that_run(console: Console) -> None:
    text = (ROOT / "docs" / "recipes" / "pipeline.md").read_text(encoding="utf-8")
    write_files(text)
    steps = PIPELINE_LINE.findall(text)
    assert len(steps) == 4
    for step in steps:
        console.run(step.partition(" >> ")[0])
        assert console.code == 0, console.answer


def test_every_recipe_is_found_from_the_readme_and_by_the_help() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    known = pages()
    for page in RECIPES:
        assert f"(docs/recipes/{page.name})" in readme
        assert known[page.stem].read_bytes() == page.read_bytes()
    assert len(RECIPES) == 5
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert build["targets"]["wheel"]["force-include"]["docs/recipes"] == "costplan/data/docs/recipes"


@pytest.mark.parametrize("page", RECIPES, ids=lambda page: page.stem)
def test_links_of_a_recipe_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
