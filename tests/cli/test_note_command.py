"""`costplan note` from its line to the site: what is said, what is sent, and what never is."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Ended, costplan
from repositories import commit, git
from review_sites import HANDLERS, TOKEN, Fault, Running, running

from costplan.posting import publish as publishing

Capsys = pytest.CaptureFixture[str]
SHOP = """\
scenario: shop
title: A shop
workload: {monthly_requests: 1M}
resources:
  licence: {kind: fixed-cost, role: other, amounts: {RUB: %s}, source: an invoice}
"""
CHANGE = "**+50.00 RUB a month (+50.0%)**: 100.00 -&gt; 150.00"
SITES = pytest.mark.parametrize("name", list(HANDLERS))


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two designs, and no pipeline around them."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("CI", "GIT", "SOURCECRAFT", "COSTPLAN_GITLAB")):
            monkeypatch.delenv(name)
    for name, amount in (("old", 100), ("new", 150), ("same", 100)):
        Path(f"{name}.yaml").write_text(SHOP % amount, encoding="utf-8")
    monkeypatch.setattr(publishing, "pause", lambda seconds: None)


@pytest.fixture
def here(name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A site, and the variables of its pipeline."""
    with running(name) as found:
        branches = {"status": "open", "source_branch": "bigger", "target_branch": "main"}
        found.site.pulls.append({"id": "9", "slug": "7", **branches})
        for variable, value in found.environment.items():
            monkeypatch.setenv(variable, value)
        yield found


def post(capsys: Capsys, here: Running, *words: str) -> Ended:
    host = f"127.0.0.1:{here.port}"
    return costplan(capsys, "note", "old.yaml", "new.yaml", "--post", "auto", "--host", host, *words)


def test_without_a_site_it_is_printed(capsys: Capsys) -> None:
    ended = costplan(capsys, "note", "old.yaml", "new.yaml", "--key", "shop")
    assert ended.out.startswith(f"<!-- costplan note: shop -->\n\n{CHANGE}\n")
    assert (ended.code, ended.err) == (0, "")


def test_it_may_go_to_a_file(capsys: Capsys) -> None:
    ended = costplan(capsys, "note", "old.yaml", "new.yaml", "-o", "note.md")
    assert (ended.out, ended.err) == ("", "wrote note.md\n")
    assert CHANGE in Path("note.md").read_text(encoding="utf-8")
    again = costplan(capsys, "note", "old.yaml", "new.yaml", "-o", "note.md")
    assert again.code == 2
    assert "already" in again.err


@SITES
def test_it_is_posted_once_and_then_kept_up_to_date(capsys: Capsys, here: Running, name: str) -> None:
    project = "42" if name == "gitlab" else "acme/shop"
    made, changed, same = (
        post(capsys, here),
        post(capsys, here, "--report", "https://x/1"),
        post(capsys, here),
    )
    assert [one.code for one in (made, changed, same)] == [0, 0, 0]
    assert made.err == f"made a note on merge request 7 of {project}\n"
    assert changed.err == same.err == f"changed the note on merge request 7 of {project}\n"
    again = post(capsys, here)
    assert again.err == f"the note on merge request 7 of {project} says this already\n"
    assert [CHANGE in body for body in here.site.bodies] == [True]
    assert made.out == ""


@SITES
def test_a_dry_run_says_it_and_sends_nothing(
    capsys: Capsys, here: Running, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_socket(*_: object, **__: object) -> None:
        raise AssertionError("a connection, or a look for a name")

    with monkeypatch.context() as sealed:
        sealed.setattr(socket, "create_connection", no_socket)
        sealed.setattr(socket, "getaddrinfo", no_socket)
        sealed.delenv(f"{name.upper()}_TOKEN")
        ended = post(capsys, here, "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    made, changed, nothing = ended.out.splitlines()
    number = "NUMBER" if name == "sourcecraft" else "7"
    assert f"POST http://127.0.0.1:{here.port}/" in made
    assert f"/{number}/" in made
    assert f"{'PUT' if name == 'gitlab' else 'PATCH'} http://127.0.0.1:{here.port}/" in changed
    size = len(costplan(capsys, "note", "old.yaml", "new.yaml").out.encode())
    assert made.endswith(f" {size} bytes")
    assert nothing == "nothing was sent"
    assert here.site.lines == []


@SITES
@pytest.mark.parametrize("status", [401, 404, 302, 500])
def test_no_way_to_fail_shows_the_token(
    capsys: Capsys, here: Running, name: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps({"message": f"you sent {TOKEN}"}).encode()
    here.site.faults = {method: [Fault(status, body)] * 9 for method in ("GET", "POST")}
    for words in ((), ("--debug",)):
        ended = post(capsys, here, *words)
        assert ended.code == 2, ended.err
        assert TOKEN not in ended.out + ended.err
    assert here.site.bodies == []


@SITES
def test_proxies_of_the_environment_get_nothing(
    capsys: Capsys, here: Running, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.setblocking(False)
        for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        assert post(capsys, here).code == 0
        with pytest.raises(BlockingIOError):
            proxy.accept()


@SITES
def test_a_site_that_is_not_there_is_said_so(capsys: Capsys, here: Running, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    os.environ.update({key: v.replace(str(here.port), str(port)) for key, v in here.environment.items()})
    ended = costplan(capsys, "note", "old.yaml", "new.yaml", "--post", "auto", "--host", f"127.0.0.1:{port}")
    assert ended.code == 2
    assert "nothing listens there" in ended.err


@SITES
def test_where_nothing_changed_no_note_is_made(capsys: Capsys, here: Running, name: str) -> None:
    words = ("note", "old.yaml", "same.yaml", "--post", "auto", "--host", f"127.0.0.1:{here.port}")
    assert costplan(capsys, *words).err == "nothing changed, and there is no note: none is made\n"
    assert here.site.bodies == []
    post(capsys, here)
    assert costplan(capsys, *words).err.startswith("changed the note")
    assert "no change of the cost" in here.site.bodies[0]


def test_sourcecraft_with_two_pull_requests_of_a_branch_wants_the_number(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running("sourcecraft") as here:
        for variable, value in here.environment.items():
            monkeypatch.setenv(variable, value)
        branches = {"status": "open", "source_branch": "bigger", "target_branch": "main"}
        here.site.pulls += [{"slug": "7", **branches}, {"slug": "8", **branches}]
        ended = post(capsys, here)
        assert ended.code == 2
        assert "nothing says which merge request of SourceCraft this is for" in ended.err
        assert "--request NUMBER" in ended.err
        assert post(capsys, here, "--request", "7").code == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--post bitbucket", "--post: `bitbucket` is not one of gitlab, github, sourcecraft, auto"),
        ("--post auto", "no pipeline that costplan knows runs here"),
        ("--post gitlab", "no variable of GitLab says the project"),
        (
            "--post gitlab --project 1",
            "no token: set COSTPLAN_GITLAB_TOKEN or GITLAB_TOKEN in the environment",
        ),
        ("--dry-run", "--dry-run has no effect without --post"),
        ("--project 1", "--project has no effect without --post"),
        ("--request 1", "--request has no effect without --post"),
        ("--host h.example", "--host has no effect without --post"),
        ("--annotations a.json", "--annotations needs --report"),
        ("--summary", "--summary: GITHUB_STEP_SUMMARY is not set"),
        ("--key a--b", "--key: must be"),
        ("--report file:///etc/passwd", "--report: must be the address of a page"),
        ("-o note.html", "the ending says the format"),
        ("--terraform-report gl.txt", "the ending says the format"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_priced(capsys: Capsys, line: str, said: str) -> None:
    ended = costplan(capsys, "note", "missing.yaml", "new.yaml", *line.split())
    assert ended.code == 2
    assert said in ended.err
    assert "missing.yaml" not in ended.err


def test_a_workflow_s_summary_is_added_to(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = Path("summary.md")
    summary.write_text("tests: 12 passed\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    ended = costplan(capsys, "note", "old.yaml", "new.yaml", "--summary")
    assert (ended.out, ended.err) == ("", "added the note to the summary of the run\n")
    first, _, rest = summary.read_text(encoding="utf-8").partition("\n\n")
    assert first == "tests: 12 passed"
    assert CHANGE in rest


def test_a_summary_that_is_full_stays_as_it_is(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = Path("summary.md")
    summary.write_bytes(b"x" * ((1 << 20) - 100))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    ended = costplan(capsys, "note", "old.yaml", "new.yaml", "--summary")
    assert ended.code == 2
    assert "this step's summary is full: it takes 1,048,576 bytes" in ended.err
    assert summary.stat().st_size == (1 << 20) - 100


def test_a_summary_is_a_plain_file(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("elsewhere.md").write_text("mine", encoding="utf-8")
    Path("link.md").symlink_to("elsewhere.md")
    os.mkfifo("pipe.md")
    for name in ("link.md", "pipe.md", ".", "no/folder/x.md"):
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", name)
        assert costplan(capsys, "note", "old.yaml", "new.yaml", "--summary").code == 2
    assert Path("elsewhere.md").read_text(encoding="utf-8") == "mine"


def test_gitlab_s_artifacts_need_no_token(capsys: Capsys) -> None:
    words = (
        "--report",
        "https://ci.example/cost.html",
        "--annotations",
        "a.json",
        "--terraform-report",
        "t.json",
    )
    ended = costplan(capsys, "note", "old.yaml", "new.yaml", "-o", "note.md", *words)
    assert ended.err == "wrote note.md\nwrote a.json\nwrote t.json\n"
    link = {"label": "Cost report", "url": "https://ci.example/cost.html"}
    assert json.loads(Path("a.json").read_text()) == {"costplan": [{"external_link": link}]}
    assert json.loads(Path("t.json").read_text()) == {"create": 0, "update": 1, "delete": 0}
    assert "[Full report](<https://ci.example/cost.html>)" in Path("note.md").read_text(encoding="utf-8")


POLICY = """\
policy: platform
rules:
  - {name: cap, max_cost: 120 RUB}
  - {name: jump, max_increase: 10%, level: warn}
  - {name: fine, max_cost: 900 RUB}
"""


def test_policies_are_held_against_the_new_design_with_the_old_one_before(capsys: Capsys) -> None:
    Path("rules.yaml").write_text(POLICY, encoding="utf-8")
    ended = costplan(capsys, "note", "old.yaml", "new.yaml", "--policy", "rules.yaml")
    assert ended.code == 0, ended.err
    lines = [line for line in ended.out.splitlines() if line.startswith("- ")]
    assert f"{CHANGE}; 1 policy rule fails\n" in ended.out
    assert lines[0].startswith("- **FAILS: platform: cap: ")
    assert lines[1].startswith("- warning: platform: jump: from 100.00 to 150.00 RUB, 50.00 more")
    kept = costplan(capsys, "note", "new.yaml", "old.yaml", "--policy", "rules.yaml")
    assert "150.00 -&gt; 100.00; 1 policy rule fails" not in kept.out
    assert "150.00 -&gt; 100.00; the policies hold\n" in kept.out


def test_policies_reach_back_to_a_revision_of_git(capsys: Capsys) -> None:
    Path("rules.yaml").write_text(POLICY, encoding="utf-8")
    git(Path.cwd(), "init", "-q", "-b", "main")
    commit(Path.cwd())
    Path("old.yaml").write_text(SHOP % 150, encoding="utf-8")
    ended = costplan(capsys, "note", "--from", "main", "old.yaml", "--policy", "rules.yaml")
    assert CHANGE in ended.out, ended.err
    assert "platform: jump: from 100.00 to 150.00 RUB" in ended.out


def test_a_design_that_is_new_is_added_to_nothing(capsys: Capsys) -> None:
    git(Path.cwd(), "init", "-q", "-b", "main")
    git(Path.cwd(), "commit", "-q", "--allow-empty", "-m", "begun")
    ended = costplan(capsys, "note", "--from", "main", "new.yaml")
    assert "**+150.00 RUB a month**: 0.00 -&gt; 150.00\n" in ended.out, ended.err
    assert "| `licence` | added | - | 150.00 | +150.00 |\n" in ended.out
    assert "`not there at main`" in ended.out
    assert "\n- " not in ended.out
    assert costplan(capsys, "note", "--from", "main", "missing.yaml").code == 2
