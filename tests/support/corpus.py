"""Read the cases of the hostile corpus: each file makes an input and declares what must come of it.

A case is `<family>/<name>.yaml`, a scenario whose leading comments declare the outcome, or, for what no text
file can be, `<family>/<name>.case.toml`, a recipe for files, links, pipes and arguments. Keys of both:

- `expect`: the exit code.
- `at`: `LINE:COLUMN` of a fault of the case's file, and a piece of what is said there; in this order.
- `says`: a piece of standard error.
- `shows`: a piece of standard output; with `--format md`, the whole text of a cell or heading.
- `never`: what neither may hold.
- `json`: `path = value` of the document printed.
- `csv`: `row.column = value`, rows counted from 1.
- `run`: the command line, `{file}` being the case's file; by default its estimate as JSON.

A value that begins with `"` is a JSON string.
"""

from __future__ import annotations

import json
import os
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1] / "hostile"
FAMILIES = sorted(folder.name for folder in HERE.iterdir() if folder.is_dir() and folder.name[0] not in "._")

_MANY = ("at", "says", "shows", "never", "json", "csv")
_ONE = ("about", "expect", "run")
_DEFAULT_RUN = ("estimate", "{file}", "--format", "json")


@dataclass(frozen=True)
class Case:
    """One hostile input and its declared outcome."""

    path: Path
    expect: int
    run: tuple[str, ...] = _DEFAULT_RUN
    at: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    json: tuple[str, ...] = ()
    csv: tuple[str, ...] = ()
    recipe: Mapping[str, Any] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """The folder that the case is in."""
        return self.path.parent.name

    @property
    def name(self) -> str:
        """The file's name without its endings."""
        return self.path.name.partition(".")[0]

    @property
    def file(self) -> str:
        """The file of the case in the folder where it runs."""
        return "case.yaml" if self.recipe else f"{self.name}.yaml"

    @property
    def arguments(self) -> list[str]:
        """The command line."""
        return [word.replace("{file}", self.file) for word in self.run]

    @property
    def environment(self) -> dict[str, str]:
        """Variables that the case sets."""
        return dict(self.recipe.get("environment", {}))

    @property
    def standard_input(self) -> bytes | None:
        """What is piped in."""
        return content(self.recipe["stdin"]) if "stdin" in self.recipe else None

    def make(self, folder: Path) -> None:
        """Lay the case's files out in a folder."""
        if self.path.suffix == ".yaml":
            (folder / self.file).write_bytes(self.path.read_bytes())
        for one in self.recipe.get("folder", []):
            (folder / one["name"]).mkdir(parents=True)
        for one in self.recipe.get("file", []):
            (folder / one["name"]).parent.mkdir(parents=True, exist_ok=True)
            (folder / one["name"]).write_bytes(content(one))
        for one in self.recipe.get("link", []):
            (folder / one["name"]).symlink_to(one["to"])
        for one in self.recipe.get("fifo", []):
            os.mkfifo(folder / one["name"])


def content(recipe: Mapping[str, Any]) -> bytes:
    """Make bytes of `text` (in `encoding`), `hex` or `parts` of these, `times` over; `{n}` counts them."""
    times = recipe.get("times", 1)
    if "parts" in recipe:
        return b"".join(content(part) for part in recipe["parts"]) * times
    if "hex" in recipe:
        return bytes.fromhex(recipe["hex"]) * times
    text = str(recipe["text"])
    if "{n}" in text:
        text = "".join(text.replace("{n}", str(number)) for number in range(times))
    else:
        text *= times
    return text.encode(recipe.get("encoding", "utf-8"), "surrogatepass")


def cases() -> list[Case]:
    """Read the whole corpus."""
    found = []
    for family in FAMILIES:
        for path in sorted((HERE / family).iterdir()):
            if path.name.endswith(".case.toml"):
                found.append(_from_recipe(path))
            elif path.suffix == ".yaml":
                found.append(_from_scenario(path))
            else:
                raise ValueError(f"{path} is not a case")
    return found


def _from_recipe(path: Path) -> Case:
    recipe = tomllib.loads(path.read_text(encoding="utf-8"))
    declared = {key: tuple(recipe[key]) for key in _MANY if key in recipe}
    if "run" in recipe:
        declared["run"] = tuple(recipe["run"])
    return Case(path, recipe["expect"], recipe=recipe, **declared)


def _from_scenario(path: Path) -> Case:
    many: dict[str, list[str]] = {}
    one: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, colon, value = line.removeprefix("# ").partition(": ")
        if not line.startswith("# ") or not colon or key not in (*_MANY, *_ONE):
            break
        if key in _MANY:
            many.setdefault(key, []).append(written(value))
        else:
            one[key] = value
    declared = {key: tuple(values) for key, values in many.items()}
    if "run" in one:
        declared["run"] = tuple(shlex.split(one["run"]))
    return Case(path, int(one["expect"]), **declared)


def written(value: str) -> str:
    """Return a declared value; one in double quotes is a JSON string."""
    return str(json.loads(value)) if value.startswith('"') else value
