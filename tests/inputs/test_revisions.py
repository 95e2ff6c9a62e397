"""A design as it was at a revision of git: read without a trace, and every refusal in words."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import Ended, costplan
from repositories import commit, git

from costplan.inputs.revision.git import refused

Capsys = pytest.CaptureFixture[str]

SHOP = """\
scenario: shop
title: Shop
workload: {{monthly_requests: 1M}}
resources:
  fee: {{kind: fixed-cost, role: other, amounts: {{RUB: {amount}}}, source: offer}}
"""
DISK = "  disk: {kind: compute-disk, role: storage, disk: {type: network-hdd, size: 100 GB}}\n"
PRICES = """\
service: compute
title: By contract
skus:
  - code: nbs.network-hdd.allocated
    name: HDD, by contract
    pricing_unit: GB*hour
    prices:
      - effective_from: 2026-01-01
        source: a contract
        checked: 2026-09-01
        confidence: list
        rates: {{RUB: {price}}}
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that temporary ones are made in."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, temporary: Path) -> Path:
    folder = tmp_path / "work"
    (folder / "infra").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "infra/shop.yaml").write_text(SHOP.format(amount=100), encoding="utf-8")
    commit(folder)
    monkeypatch.chdir(folder)
    return folder


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def diff(capsys: Capsys, *words: str) -> Ended:
    return costplan(capsys, "diff", *words)


def test_the_work_tree_against_a_branch(repository: Path, temporary: Path, capsys: Capsys) -> None:
    Path("infra/shop.yaml").write_text(SHOP.format(amount=130), encoding="utf-8")
    before = listing(repository)
    ended = diff(capsys, "--from", "main", "infra/shop.yaml")
    assert ended.code == 0
    said = ended.out.splitlines()[0]
    assert (
        said == "infra/shop.yaml (main) -> infra/shop.yaml (work tree): 100.00 -> 130.00 RUB a month (+30.0%)"
    )
    assert listing(repository) == before
    assert git(repository, "worktree", "list").count("\n") == 0
    assert git(repository, "status", "--short") == "M infra/shop.yaml"
    assert not list(temporary.iterdir())


def test_nothing_changed_prints_nothing(repository: Path, capsys: Capsys) -> None:
    assert diff(capsys, "--from", "main", "infra/shop.yaml", "--exit-code") == Ended(0, "", "")


def test_from_a_folder_below_and_by_another_path(
    repository: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("infra/shop.yaml").write_text(SHOP.format(amount=130), encoding="utf-8")
    monkeypatch.chdir(repository / "infra")
    assert diff(capsys, "--from", "HEAD", "shop.yaml", "--exit-code").code == 1
    monkeypatch.chdir(repository.parent)
    assert diff(capsys, "--from", "HEAD", "work/infra/shop.yaml", "--exit-code").code == 1


def test_what_a_design_extends_is_of_the_revision_too(repository: Path, capsys: Capsys) -> None:
    Path("base.yaml").write_text(SHOP.format(amount=5), encoding="utf-8")
    Path("infra/own.yaml").write_text("scenario: own\nextends: ../base.yaml\n", encoding="utf-8")
    commit(repository)
    Path("base.yaml").write_text(SHOP.format(amount=7), encoding="utf-8")
    ended = diff(capsys, "--from", "main", "infra/own.yaml", "--format", "json")
    assert json.loads(ended.out)["delta"] == "2"


def test_prices_of_the_repository_are_those_of_then(repository: Path, capsys: Capsys) -> None:
    Path("prices").mkdir()
    Path("prices/compute.yaml").write_text(PRICES.format(price="0.01"), encoding="utf-8")
    Path("infra/shop.yaml").write_text(SHOP.format(amount=1) + DISK, encoding="utf-8")
    commit(repository)
    Path("prices/compute.yaml").write_text(PRICES.format(price="0.02"), encoding="utf-8")
    ended = diff(capsys, "--from", "main", "infra/shop.yaml", "--overlay", "prices", "--format", "json")
    document = json.loads(ended.out)
    # 100 GB x 720 h x 0.01
    assert [(one["what"], one["delta"]) for one in document["causes"]] == [("price", "720")]
    assert document["notes"] == []


def test_prices_that_the_revision_lacks_are_said(repository: Path, capsys: Capsys) -> None:
    Path("prices").mkdir()
    Path("prices/compute.yaml").write_text(PRICES.format(price="0.01"), encoding="utf-8")
    ended = diff(capsys, "--from", "main", "infra/shop.yaml", "--overlay", "prices", "--format", "json")
    assert json.loads(ended.out)["notes"] == ["`prices` is not in main: the present one counts on both sides"]


def test_other_settings_of_then_are_said(repository: Path, capsys: Capsys) -> None:
    Path("costplan.toml").write_text('currency = "RUB"\n', encoding="utf-8")
    ended = diff(capsys, "--from", "main", "infra/shop.yaml", "--format", "json")
    said = "the settings in `costplan.toml` were others at main: those of now hold on both sides"
    assert json.loads(ended.out)["notes"] == [said]


def test_hooks_and_filters_of_the_repository_do_not_run(
    repository: Path, tmp_path: Path, capsys: Capsys
) -> None:
    ran = tmp_path / "ran"
    script = f"#!/bin/sh\ntouch {ran}\ncat\n"
    for name in ("post-checkout", "reference-transaction", "post-index-change"):
        hook = repository / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(script, encoding="utf-8")
        hook.chmod(0o755)
    git(repository, "config", "filter.own.smudge", f"touch {ran}; cat")
    git(repository, "config", "core.fsmonitor", f"touch {ran}")
    (repository / ".git/info").mkdir(exist_ok=True)
    (repository / ".git/info/attributes").write_text("*.yaml filter=own export-ignore\n", encoding="utf-8")
    assert diff(capsys, "--from", "main", "infra/shop.yaml").code == 0
    assert not ran.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--from", "mian", "infra/shop.yaml"],
            "--from: there is no revision `mian`\n  hint: did you mean `main`?",
        ),
        (["--from", "--upload-pack=x", "infra/shop.yaml"], "--from: `--upload-pack=x` is no revision"),
        (["--from", "", "infra/shop.yaml"], "--from: `` is no revision"),
        (["--from", "a\x1b[31m", "infra/shop.yaml"], "--from: `a\\x1b[31m` is no revision"),
        (["--from", "main:infra", "infra/shop.yaml"], "--from: there is no revision `main:infra`"),
        (["--from", "a..b", "infra/shop.yaml"], "--from: there is no revision `a..b`"),
        (["--from", "main", "stage2"], "--from: the shipped scenario `stage2` is in no repository"),
        (["--from", "main", "-"], "--from: standard input is in no repository"),
        (
            ["--from", "main", "a.yaml", "b.yaml"],
            "--from: a revision is compared with one design, not with 2",
        ),
        (["--from", "main", "infra/missing.yaml"], "infra/missing.yaml: there is no such file"),
    ],
)
def test_what_is_wrong_is_said_in_one_error(
    repository: Path, temporary: Path, capsys: Capsys, words: list[str], said: str
) -> None:
    ended = diff(capsys, *words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(said)
    assert "Traceback" not in ended.err
    assert not list(temporary.iterdir())


def test_a_design_that_was_not_there_is_said_with_the_nearest(repository: Path, capsys: Capsys) -> None:
    Path("shop.yaml").write_text(SHOP.format(amount=1), encoding="utf-8")
    ended = diff(capsys, "--from", "main", "shop.yaml")
    assert ended.code == 2
    assert ended.err == (
        "--from: there is no `shop.yaml` at main\n"
        "  hint: there is `infra/shop.yaml`; `costplan diff OLD NEW` takes two paths\n"
    )


def test_a_fault_of_then_names_the_revision_and_not_the_temporary_folder(
    repository: Path, temporary: Path, capsys: Capsys
) -> None:
    Path("infra/shop.yaml").write_text(SHOP.format(amount="much"), encoding="utf-8")
    bad = commit(repository)
    Path("infra/shop.yaml").write_text(SHOP.format(amount=1), encoding="utf-8")
    ended = diff(capsys, "--from", bad, "infra/shop.yaml")
    assert ended.code == 2
    assert ended.err.startswith(f"infra/shop.yaml ({bad}):5:")
    assert str(temporary) not in ended.err
    assert not list(temporary.iterdir())


def test_outside_of_a_repository(tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    Path("shop.yaml").write_text(SHOP.format(amount=1), encoding="utf-8")
    ended = diff(capsys, "--from", "main", "shop.yaml")
    assert ended.code == 2
    assert "is in no repository of git\n  hint: save the old estimate" in ended.err


def test_a_repository_of_somebody_else_says_what_git_wants(tmp_path: Path) -> None:
    """As in a container, where the files are another user's."""
    said = b"fatal: detected dubious ownership in repository at '/builds/shop'\nTo add an exception ..."
    error = refused(subprocess.CompletedProcess([], 128, b"", said), tmp_path)
    assert str(error) == (
        "--from: git refuses: fatal: detected dubious ownership in repository at '/builds/shop'\n"
        "  hint: tell git that the folder is safe: safe.directory in its settings"
    )


def test_without_git(repository: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    ended = diff(capsys, "--from", "main", "infra/shop.yaml")
    assert ended.code == 2
    assert ended.err.startswith("--from: git is not installed\n  hint: save the old estimate")


def test_a_shallow_clone_says_so(
    repository: Path, tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = git(repository, "rev-parse", "HEAD")
    Path("more").write_text("1", encoding="utf-8")
    commit(repository)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    ended = diff(capsys, "--from", first, "infra/shop.yaml")
    assert ended.code == 2
    assert "the clone is shallow: get that revision with `git fetch origin REVISION`" in ended.err


def test_a_submodule_of_then(repository: Path, tmp_path: Path, capsys: Capsys) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q", "-b", "main")
    (other / "shop.yaml").write_text(SHOP.format(amount=1), encoding="utf-8")
    commit(other)
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "part")
    commit(repository)
    inside = diff(capsys, "--from", "HEAD", "part/shop.yaml", "--exit-code")
    assert (inside.code, inside.out) == (0, "")  # a revision of the submodule itself
    missing = diff(capsys, "--from", "feature-of-the-whole", "part/shop.yaml")
    assert "this is a submodule: its revisions are its own" in missing.err
    git(repository, "rm", "-q", "-f", "part")
    Path("part").mkdir(exist_ok=True)
    Path("part/shop.yaml").write_text(SHOP.format(amount=1), encoding="utf-8")
    ended = diff(capsys, "--from", "HEAD", "part/shop.yaml")
    assert ended.code == 2
    assert ended.err.startswith("--from: `part/shop.yaml` is in the submodule `part`, another repository")


def test_a_folder_that_cannot_be_made(
    repository: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.mkdir", full)
    ended = diff(capsys, "--from", "main", "infra/shop.yaml")
    assert ended.code == 2
    assert ended.err.startswith("cannot make a temporary folder: No space left on device\n  hint: TMPDIR")


def test_links_are_not_followed_out_of_the_snapshot(repository: Path, tmp_path: Path, capsys: Capsys) -> None:
    """A link of the revision is not made: what it points to is not read."""
    secret = tmp_path / "secret.yaml"
    secret.write_text(SHOP.format(amount=1), encoding="utf-8")
    Path("infra/own.yaml").write_text("scenario: own\nextends: ./link.yaml\n", encoding="utf-8")
    Path("infra/link.yaml").symlink_to(secret)
    commit(repository)
    Path("infra/link.yaml").unlink()
    Path("infra/link.yaml").write_text(SHOP.format(amount=1), encoding="utf-8")
    ended = diff(capsys, "--from", "main", "infra/own.yaml")
    assert ended.code == 2
    assert ended.err.startswith("infra/own.yaml (main):2:")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_process_leaves_nothing(repository: Path, temporary: Path, how: signal.Signals) -> None:
    code = (
        "import sys, time\n"
        "from costplan.source.temporary import temporary_folder\n"
        "with temporary_folder() as folder:\n"
        "    (folder / 'file').write_text('x')\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    assert len(list(temporary.iterdir())) == 1
    process.send_signal(how)
    process.wait()
    process.stdout.close()
    for _ in range(600):  # as long as a busy machine takes; the watching process needs no time of its own
        if not list(temporary.iterdir()):
            return
        time.sleep(0.1)
    raise AssertionError(list(temporary.iterdir()))
