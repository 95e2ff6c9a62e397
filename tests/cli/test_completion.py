"""What the shell offers: asked through the variables that its completion script sets."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import process

from costplan.catalog.store import Catalog
from costplan.output.formats import RENDERERS
from costplan.output.schemas import SCHEMAS


def offered(line: str) -> list[str]:
    words = line.split(" ")
    ended = process(
        env={
            "_COSTPLAN_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        }
    )
    assert ended.code == 0, ended.err
    return ended.out.split()


STAGE2 = ["stage2", "stage2:preemptible", "stage2:office-hours", "stage2:lean"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("costplan est", ["estimate"]),
        ("costplan estimate stage2", STAGE2),
        ("costplan compare stage1 stage2", STAGE2),
        ("costplan estimate stage2 --variant ", ["preemptible", "office-hours", "lean"]),
        ("costplan estimate stage2 --strict --variant p", ["preemptible"]),
        ("costplan estimate no-such.yaml --variant ", []),
        ("costplan estimate stage1 --currency ", ["RUB", "USD", "KZT"]),
        ("costplan estimate stage1 --format ", list(RENDERERS)),
        ("costplan estimate stage1 -f ", list(RENDERERS)),
        ("costplan schema ", list(SCHEMAS)),
        ("costplan explain stage1 ", ["api", "storage", "registry", "logs", "network"]),
        ("costplan report --lang ", ["en", "ru"]),
        ("costplan scenario new mine --from ", ["stage1", "stage2", "stage3"]),
        ("costplan catalog ", ["list", "show", "diff", "import", "quotas", "capacities", "verify"]),
        ("costplan bench s", ["show", *["stage1", "stage1:archive", "stage1:half-core"], *STAGE2]),
        ("costplan bench stage1 --util", ["--utilisation"]),
        ("costplan bench show --plo", ["--plot"]),
        ("costplan help overl", ["overlays"]),
        ("costplan estimate stage1 --qui", ["--quiet"]),
    ],
)
def test_the_shell_offers_what_is_there(line: str, words: list[str]) -> None:
    found = offered(line)
    assert found[: len(words)] == words
    if words and not line.startswith("costplan bench s"):
        assert len(found) == len(words)


@pytest.mark.parametrize("command", ["show", "compare a.json", "clean"])
def test_runs_that_are_kept_are_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert offered(f"costplan bench {command} ") == []
    folder = tmp_path / "costplan" / "bench"
    folder.mkdir(parents=True)
    for name in ("run-20260101T000000-1.jsonl", "run-20260201T000000-1.json", "other.json"):
        (folder / name).touch()
    assert offered(f"costplan bench {command} ") == ["run-20260201T000000-1", "run-20260101T000000-1"]


def test_services_are_those_of_the_catalog() -> None:
    names = Catalog.shipped().service_names
    assert offered("costplan catalog list --service ") == list(names)
