"""Outputs that take nothing, inputs that give nothing, and places that may not be read or written."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from own_time import wait_until

from costplan.cli.run import run

SCENARIO = """\
scenario: s
title: Счёт
workload: {monthly_requests: 1M}
resources: {zone: {kind: fixed-cost, role: other, amounts: {RUB: 1}, source: invoice}}
"""

COSTPLAN = [sys.executable, "-c", "from costplan.cli.entry import main; main()"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def shell(line: str, project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a line in which `costplan` stands for the real command."""
    command = " ".join(f"'{word}'" for word in COSTPLAN)
    return subprocess.run(
        ["bash", "-c", line.replace("costplan", command)],
        cwd=project,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_reader_that_leaves_early_is_no_fault(project: Path) -> None:
    ended = shell("costplan catalog list --format json | head -1; echo ${PIPESTATUS[0]}", project)
    assert ended.stdout == "{\n0\n"
    assert ended.stderr == ""


def test_a_reader_that_reads_nothing_is_no_fault(project: Path) -> None:
    ended = shell("costplan estimate s.yaml | true; echo ${PIPESTATUS[0]}", project)
    assert ended.stdout == "0\n"
    assert ended.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_under_standard_output_is_said_once(project: Path) -> None:
    ended = shell("costplan estimate s.yaml > /dev/full", project)
    assert ended.returncode == 2
    assert ended.stderr == "cannot write to standard output: No space left on device\n"


def test_a_closed_standard_output_is_said(project: Path) -> None:
    ended = shell("costplan estimate s.yaml >&-", project)
    assert ended.returncode == 2
    assert "standard output is closed\n  hint: name a file with --output" in ended.stderr


def test_a_file_is_written_although_the_screen_is_closed(project: Path) -> None:
    ended = shell("costplan estimate s.yaml -o out.txt >&- 2>&-", project)
    assert ended.returncode == 0
    assert "Счёт" in (project / "out.txt").read_text(encoding="utf-8")


def test_a_fault_ends_with_its_code_although_the_screen_is_closed(project: Path) -> None:
    assert shell("costplan estimate nothing >&- 2>&-", project).returncode == 2


def test_a_closed_standard_input_is_said(project: Path) -> None:
    ended = shell("costplan estimate - <&-", project)
    assert ended.returncode == 2
    assert "standard input is closed" in ended.stderr


def test_letters_that_the_terminal_lacks_are_written_as_escapes(project: Path) -> None:
    """Tables are for the screen; data is UTF-8 whatever the locale, so that every reader understands it."""
    table = shell("costplan estimate s.yaml", project, PYTHONIOENCODING="ascii")
    data = shell("costplan estimate s.yaml --format json", project, PYTHONIOENCODING="ascii")
    assert (table.returncode, data.returncode) == (0, 0)
    assert "s: \\u0421\\u0447\\u0451\\u0442" in table.stdout
    assert '"en": "Счёт"' in data.stdout


def test_an_output_that_outgrows_the_disk_leaves_nothing_behind(project: Path) -> None:
    def one_kilobyte() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    ended = subprocess.run(
        [*COSTPLAN, "estimate", "s.yaml", "--format", "json", "-o", "out.json"],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=one_kilobyte,
    )
    assert ended.returncode == 2
    assert ended.stderr == "cannot write `out.json`: File too large\n"
    assert sorted(path.name for path in project.iterdir()) == ["s.yaml"]


def test_a_full_disk_keeps_the_old_output(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (project / "out.json").write_text("old")
    monkeypatch.setattr("tempfile.mkstemp", full)
    assert run(["estimate", "s.yaml", "-o", "out.json", "--force"]) == 2
    assert capsys.readouterr().err == "cannot write `out.json`: No space left on device\n"
    assert (project / "out.json").read_text() == "old"


def test_the_target_of_a_link_is_never_written(project: Path) -> None:
    (project / "target").write_text("old")
    (project / "out.json").symlink_to("target")
    assert run(["estimate", "s.yaml", "-o", "out.json", "--force"]) == 2
    assert (project / "target").read_text() == "old"


def test_a_file_without_permission_is_said(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if os.geteuid() == 0:
        monkeypatch.setattr("costplan.source.guard.os.open", _refuse)
    else:
        (project / "s.yaml").chmod(0)
    assert run(["estimate", "./s.yaml"]) == 2
    assert capsys.readouterr().err == "s.yaml: may not be read\n  hint: check the file's permissions\n"


def _refuse(*_: object, **__: object) -> int:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_an_input_that_never_ends_is_cut_at_the_limit(project: Path) -> None:
    ended = shell("yes 'a: b' | costplan estimate -", project)
    assert ended.returncode == 2
    assert "<stdin>: holds 5,242,881 bytes or more, the limit is 5 MiB" in ended.stderr


def test_control_c_ends_with_130(project: Path) -> None:
    line = [*COSTPLAN, "estimate", "-"]
    process = subprocess.Popen(line, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=project)
    wait_until(lambda: _reads_its_input(process.pid), "it reads its input")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert err == b"interrupted\n"


def _reads_its_input(pid: int) -> bool:
    """Say whether a process waits in `read` on its standard input."""
    return Path(f"/proc/{pid}/syscall").read_text().startswith("0 0x0 ")


def test_colours_of_the_screen_do_not_reach_a_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert run(["estimate", "s.yaml", "-o", "out.txt"]) == 0
    assert "\x1b" not in (project / "out.txt").read_text(encoding="utf-8")
