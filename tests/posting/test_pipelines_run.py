"""Ready pipeline files do what they say: their lines run in a shell, against a site of this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import commit, git
from review_sites import running
from test_pipelines import scripts

DESIGN = """\
scenario: shop
title: A shop
workload: {monthly_requests: 1M}
resources:
  licence: {kind: fixed-cost, role: other, amounts: {RUB: %s}, source: an invoice}
budget: 120 RUB
"""
CHANGE = "**+50.00 RUB a month (+50.0%)**: 100.00 -&gt; 150.00"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """100 on main, 150 in the work tree; the checkout of a pipeline knows its remote."""
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "shop.yaml").write_text(DESIGN % 100, encoding="utf-8")
    commit(folder)
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    (folder / "shop.yaml").write_text(DESIGN % 150, encoding="utf-8")
    return folder


def run_lines(name: str, folder: Path, environment: dict[str, str]) -> list[int]:
    """Run what a pipeline runs but for the installation; return the exit codes."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("CI", "GIT", "SOURCECRAFT"))
    }
    path = f"{Path(sys.executable).parent}:{kept.get('PATH', '')}"
    codes = []
    for line in scripts(name):
        if not line.startswith("pip "):
            done = subprocess.run(
                ["sh", "-c", line],
                cwd=folder,
                env={**kept, **environment, "PATH": path},
                capture_output=True,
                text=True,
                check=False,
            )
            codes.append(done.returncode)
            assert done.returncode in (0, 1), done.stderr
    return codes


def test_gitlab_s_pipeline_posts_and_leaves_its_reports(repository: Path) -> None:
    with running("gitlab") as here:
        environment = {
            **here.environment,
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(repository, "rev-parse", "HEAD"),
            "CI_SERVER_HOST": "127.0.0.1",
            "CI_JOB_URL": "https://gitlab.example/-/jobs/1",
        }
        without = {**environment, "GITLAB_TOKEN": ""}
        assert run_lines("gitlab", repository, without) == [0, 0, 0, 1], "the budget of 120 does not hold"
        assert here.site.lines == []
        found = {path.name for path in repository.iterdir()} - {".git", "shop.yaml"}
        reports = {"gl-annotations.json", "gl-code-quality.json", "gl-terraform.json", "junit.xml"}
        assert found == {"cost.html", "cost.md", *reports}
        assert json.loads((repository / "gl-terraform.json").read_text()) == {
            "create": 0,
            "update": 1,
            "delete": 0,
        }
        for name in found:
            (repository / name).unlink()
        with_token = {**environment, "COSTPLAN_GITLAB_TOKEN": environment["GITLAB_TOKEN"]}
        assert run_lines("gitlab", repository, with_token) == [0, 0, 0, 1]
        (body,) = here.site.bodies
        assert CHANGE in body
        assert "(<https://gitlab.example/-/jobs/1/artifacts/file/cost.html>)" in body


def test_github_s_pipeline_posts_and_adds_to_the_summary(repository: Path, tmp_path: Path) -> None:
    with running("github", is_app=True) as here:
        summary = tmp_path / "summary.md"
        environment = {**here.environment, "GITHUB_BASE_REF": "main", "GITHUB_STEP_SUMMARY": str(summary)}
        assert run_lines("github", repository, environment) == [0, 0, 1]
        (body,) = here.site.bodies
        assert CHANGE in body
        assert CHANGE in summary.read_text(encoding="utf-8")


def test_the_gate_before_a_commit_shuts(repository: Path) -> None:
    assert run_lines("pre-commit", repository, {}) == [1]
    (repository / "shop.yaml").write_text(DESIGN % 110, encoding="utf-8")
    assert run_lines("pre-commit", repository, {}) == [0]
