"""Ready pipeline files: templates that ship with costplan, with the names of a repository put in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from costplan._version import __version__
from costplan.datafiles import data_folder
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import shortened, visible

PIPELINES = {
    "gitlab": ("gitlab.yml", ".gitlab-ci.yml"),
    "github": ("github.yml", ".github/workflows/cost.yml"),
    "sourcecraft": ("sourcecraft.yaml", ".sourcecraft/ci.yaml"),
    "pre-commit": ("pre-commit.yaml", ".pre-commit-config.yaml"),
}
"""Name -> its template, and where a repository has such a file."""
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+")
_WHEEL = re.compile(r"[A-Za-z0-9_.:/@+\[\] %=#&?~,-]+")


def pipeline_text(
    name: str,
    design: str,
    wheel: str | None = None,
    *,
    workload: str | None = None,
    policies: Sequence[str] = (),
) -> str:
    """Return a pipeline file.

    Args:
        name: One of `PIPELINES`.
        design: Path of the scenario, plan or folder of Terraform in the repository.
        wheel: What pip installs; the wheel of this version in the repository when left out.
        workload: Path of the scenario or the usage file that says the load; that of the design when left out.
        policies: Paths of policies that the note and the gate hold it against.

    Raises:
        InputError: A name could mean something to the shell or to YAML.
    """
    template, _ = PIPELINES[name]
    text = (data_folder("templates") / "ci" / template).read_text(encoding="utf-8")
    usage = ["--workload", _in_repository(workload)] if workload else []
    rules = [word for policy in policies for word in ("--policy", _in_repository(policy))]
    values = {
        "design": _in_repository(design),
        "wheel": _plain_wheel(wheel or _own_wheel(design)),
        "usage": _in_shell(usage),
        "policies": _in_shell(rules),
        "words": "".join(f', "{word}"' for word in [*usage, *rules]),
    }
    for key, value in values.items():
        text = text.replace(f"<<{key}>>", value)
    return text


def _in_shell(words: Sequence[str]) -> str:
    return "".join(f" {word}" if word.startswith("--") else f' "{word}"' for word in words)


def _own_wheel(design: str) -> str:
    """Return the wheel of this version; a folder of Terraform needs the evaluator."""
    extra = "" if PurePosixPath(design).suffix else "[terraform]"
    return f"wheels/costplan-{__version__}-py3-none-any.whl{extra}"


def _in_repository(design: str) -> str:
    if not _PLAIN.fullmatch(design) or design.startswith("-"):
        message = Reason("`{path}`: a path in a pipeline has letters, digits, `_.-/` only", _brief(design))
        raise InputError(message)
    if design.startswith("/") or ".." in PurePosixPath(design).parts:
        raise InputError(
            Reason("`{path}` is not in the repository", _brief(design)),
            hint="name it from the folder at the top of the repository",
        )
    return design


def _plain_wheel(wheel: str) -> str:
    if not _WHEEL.fullmatch(wheel) or wheel.startswith("-"):
        raise InputError(
            Reason("--wheel: `{wheel}` holds what neither a path nor an address has", _brief(wheel))
        )
    return wheel


def _brief(text: str) -> str:
    return visible(shortened(text, 80))
