"""A folder stands wherever a scenario may, says how it was read, and acts nowhere by its names."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from command_line import Ended, costplan

Capsys = pytest.CaptureFixture[str]
Run = Callable[..., Ended]
DESIGN = """
resource "yandex_compute_disk" "data" {
  for_each = toset(["a", "b"])
  size     = 100
}

resource "yandex_storage_bucket" "media" {}
"""
COST = 2 * 100 * 720


@pytest.fixture
def run(capsys: Capsys) -> Run:
    return partial(costplan, capsys)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("infra").mkdir()
    Path("infra/main.tf").write_text(DESIGN)


@pytest.mark.parametrize("reference", ["infra/", "./infra", "infra", "infra/."])
def test_a_folder_is_named_as_one_likes(run: Run, reference: str) -> None:
    assert "read without Terraform" in run("estimate", reference).out


@pytest.mark.parametrize(
    "line",
    [
        ("compare", "infra/"),
        ("check", "infra/", "--max", "1"),
        ("explain", "infra/"),
        ("explain", "infra/", 'yandex_compute_disk.data["a"]'),
        ("curve", "infra/"),
        ("timeline", "infra/", "--months", "3", "--growth", "0%"),
        ("report", "infra/", "-o", "report.html"),
        ("report", "infra/", "-o", "report.md"),
        ("estimate", "infra/", "-f", "md"),
        ("estimate", "infra/", "-f", "csv"),
        ("terraform", "usage", "infra/"),
        ("terraform", "scenario", "infra/"),
    ],
)
def test_commands_take_a_folder(run: Run, line: tuple[str, ...]) -> None:
    ended = run(*line)
    assert ended.code in (0, 1), ended.err
    assert "made a mistake" not in ended.err


def test_every_answer_says_how_it_was_read(run: Run) -> None:
    assert json.loads(run("estimate", "infra/", "-f", "json").out)["terraform"]["without_terraform"] is True
    assert "read without Terraform" in run("estimate", "infra/", "-f", "md").out
    assert run("report", "infra/", "-o", "report.md").code == 0
    assert "read without Terraform" in Path("report.md").read_text()
    Path("shop.yaml").write_text(run("terraform", "scenario", "infra/").out)
    assert "read without Terraform" in run("estimate", "shop.yaml").out


def test_a_scenario_may_extend_a_folder(run: Run) -> None:
    Path("shop.yaml").write_text("extends: ./infra\nscenario: shop\ntitle: Shop\n")
    totals = [
        json.loads(run("estimate", name, "-f", "json").out)["total"] for name in ("infra/", "shop.yaml")
    ]
    assert totals[0] == totals[1]


def test_usage_stands_beside_a_folder(run: Run) -> None:
    assert run("terraform", "usage", "infra/", "-o", "usage.yaml").code == 0
    text = Path("usage.yaml").read_text()
    assert "yandex_storage_bucket.media" in text
    Path("usage.yaml").write_text(text.replace("size: ~", "size: 100 GB"))
    ended = run("estimate", "infra/", "--workload", "usage.yaml", "-f", "json")
    assert json.loads(ended.out)["terraform"]["counts"]["usage-based"] == 0


def test_redact_takes_a_plan_only(run: Run) -> None:
    ended = run("terraform", "redact", "infra/")
    assert ended.code == 2
    assert "is a directory, not a file" in ended.err


def test_without_the_extra_the_command_that_installs_it_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("costplan.terraform.folder.reader.find_spec", lambda name: None)
    ended = run("estimate", "infra/")
    assert ended.code == 2
    assert "a folder of Terraform needs the `terraform` extra" in ended.err
    assert "install" in ended.err


def test_the_evaluator_is_no_module_of_this_process(run: Run) -> None:
    assert run("estimate", "infra/").code == 0
    assert "tfparse" not in sys.modules


HOSTILE = ("\\u001b[31mred", "[bold]x[/bold]", "a|b`c", "</script><b>", "\\u202egpj.exe", "{name}", "ключ")


def test_hostile_names_act_nowhere(run: Run) -> None:
    keys = ", ".join(f'"{name}"' for name in HOSTILE)
    Path("infra/main.tf").write_text(DESIGN.replace('"a", "b"', keys))
    for line in (
        *(("estimate", "infra/", "-f", form) for form in ("table", "json", "csv", "md", "jsonl")),
        ("terraform", "scenario", "infra/"),
        ("terraform", "usage", "infra/"),
        ("report", "infra/", "-o", "report.html", "--force"),
    ):
        ended = run(*line)
        assert ended.code == 0, (line, ended.err)
        written = ended.out + ended.err
        if "report.html" in line:
            written = Path("report.html").read_text()
            assert "</script><b>" not in written
        assert "\x1b[31m" not in written, line
        assert "\u202e" not in written, line
    found = json.loads(run("estimate", "infra/", "-f", "json").out)["terraform"]
    assert found["count"] == len(HOSTILE) + 1
