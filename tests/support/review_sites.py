"""Local servers that speak the documented form of each site's API for notes; none uses costplan's own code.

GitLab: docs.gitlab.com/api/notes, /api/rest (pages, `x-next-page`). GitHub: docs.github.com/rest/issues,
comments (pages, `Link`). SourceCraft: its OpenAPI document (`page_token`, `next_page_token`).
"""

from __future__ import annotations

import contextlib
import json
import re
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "glpat-a-very-secret-token"
ME, OTHER = 7, 8


class Fault(NamedTuple):
    """One answer that is not the site's own."""

    status: int
    body: bytes = b'{"message": "not now"}'
    headers: tuple[tuple[str, str], ...] = ()
    is_cut: bool = False
    """Hang up in the middle of the answer."""
    after: bool = False
    """Do first what was asked, then answer so: the client cannot know that it was done."""


@dataclass
class Site:
    """What a site holds; `faults` come first, one a request whose line matches."""

    notes: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    """Beginning of a request line -> what it is answered with, in turn."""
    is_app: bool = False
    """GitHub: the token is an app's."""
    pulls: list[dict[str, Any]] = field(default_factory=list)
    next_id: int = 100

    def add(self, body: str, author: int = OTHER, **more: Any) -> dict[str, Any]:
        self.next_id += 1
        note = {"id": self.next_id, "body": body, "author": author, **more}
        self.notes.append(note)
        return note

    def count(self, method: str) -> int:
        return sum(line.startswith(f"{method} ") for line in self.lines)

    @property
    def bodies(self) -> list[str]:
        return [note["body"] for note in self.notes]


class Handler(BaseHTTPRequestHandler):
    """Answers requests of one site; `token_header` says how a token comes."""

    site: ClassVar[Site]
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(length)) if length else {}
        line = f"{self.command} {self.path}"
        self.site.lines.append(line)
        self.site.heads.append(dict(self.headers.items()))
        fault = next((faults.pop(0) for start, faults in self.site.faults.items()
                      if line.startswith(start) and faults), None)  # fmt: skip
        if fault is not None and not fault.after:
            self.send(fault.status, fault.body, fault.headers, is_cut=fault.is_cut)
            return
        if not self.is_allowed():
            self.send_json(401, {"message": "401 Unauthorized"})
            return
        url = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        status, value, headers = self.reply(self.command, url.path, query, sent)
        if fault is not None:
            self.send(fault.status, fault.body, fault.headers, is_cut=fault.is_cut)
        else:
            self.send_json(status, value, headers)

    do_GET = do_POST = do_PUT = do_PATCH = answer  # noqa: N815

    def is_allowed(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def reply(self, method: str, path: str, query: dict[str, str], sent: dict[str, Any]) -> Any:
        raise NotImplementedError

    def send_json(self, status: int, value: Any, headers: Any = ()) -> None:
        self.send(status, json.dumps(value).encode(), headers)

    def send(self, status: int, body: bytes, headers: Any = (), *, is_cut: bool = False) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), *headers):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + (50 if is_cut else 0)))
        self.end_headers()
        self.wfile.write(body)
        if is_cut:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        return


class GitLabHandler(Handler):
    NOTES = re.compile(r"/api/v4/projects/([^/]+)/merge_requests/(\d+)/notes(?:/(\d+))?")

    def is_allowed(self) -> bool:
        return self.headers.get("PRIVATE-TOKEN") == TOKEN

    def shown(self, note: dict[str, Any]) -> dict[str, Any]:
        author = {"id": note["author"], "username": f"user{note['author']}"}
        return {"system": False, "type": None, "noteable_type": "MergeRequest", **note, "author": author}

    def reply(self, method: str, path: str, query: dict[str, str], sent: dict[str, Any]) -> Any:
        if path == "/api/v4/user":
            return 200, {"id": ME, "username": "project_1_bot"}, ()
        found = self.NOTES.fullmatch(path)
        if found is None or unquote(found[1]) not in ("42", "group/shop") or found[2] != "7":
            return 404, {"message": "404 Not found"}, ()
        if method == "GET":
            size, page = int(query.get("per_page", 20)), int(query.get("page", 1))
            notes = sorted(self.site.notes, key=lambda one: one["id"], reverse=query.get("sort") != "asc")
            rows = notes[size * (page - 1) : size * page]
            following = str(page + 1) if size * page < len(notes) else ""
            return 200, [self.shown(note) for note in rows], (("x-next-page", following),)
        if not isinstance(sent.get("body"), str) or len(sent["body"]) > 1_000_000:
            return 400, {"message": {"note": ["is too long (maximum is 1000000 characters)"]}}, ()
        if method == "POST":
            return 201, self.shown(self.site.add(sent["body"], ME)), ()
        return changed(self, method == "PUT", found[3], sent)


class GitHubHandler(Handler):
    NOTES = re.compile(r"/repos/acme/shop/issues/(\d+)/comments")
    NOTE = re.compile(r"/repos/acme/shop/issues/comments/(\d+)")

    def shown(self, note: dict[str, Any]) -> dict[str, Any]:
        is_bot = note.get("bot", False)
        user = {
            "id": note["author"],
            "login": "x[bot]" if is_bot else "x",
            "type": "Bot" if is_bot else "User",
        }
        return {"id": note["id"], "body": note["body"], "user": user, "html_url": f"https://x/{note['id']}"}

    def reply(self, method: str, path: str, query: dict[str, str], sent: dict[str, Any]) -> Any:
        assert self.headers.get("User-Agent"), "GitHub refuses requests without it"
        if path == "/user":
            if self.site.is_app:
                return 403, {"message": "Resource not accessible by integration"}, ()
            return 200, {"id": ME, "login": "x", "type": "User"}, ()
        found = self.NOTES.fullmatch(path)
        one = self.NOTE.fullmatch(path)
        if method == "GET" and found and found[1] == "7":
            size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
            rows = [self.shown(note) for note in self.site.notes[size * (page - 1) : size * page]]
            link = f'<https://elsewhere.example/?page={page + 1}>; rel="next"'
            return 200, rows, (("Link", link),) if size * page < len(self.site.notes) else ()
        if len(sent.get("body") or "") > 65_536:
            return 422, {"message": "Validation Failed", "errors": [{"message": "body is too long"}]}, ()
        if method == "POST" and found and found[1] == "7":
            return 201, self.shown(self.site.add(sent["body"], ME, bot=self.site.is_app)), ()
        if method == "PATCH" and one:
            return changed(self, True, one[1], sent)
        return 404, {"message": "Not Found"}, ()


class SourceCraftHandler(Handler):
    NOTES = re.compile(r"/repos/acme/shop/pulls/(\d+)/comments")
    NOTE = re.compile(r"/pull_comments/id:(\d+)")

    def shown(self, note: dict[str, Any]) -> dict[str, Any]:
        author = {"id": str(note["author"]), "slug": "somebody"}
        return {"is_deleted": False, **note, "id": str(note["id"]), "author": author}

    def reply(self, method: str, path: str, query: dict[str, str], sent: dict[str, Any]) -> Any:
        found = self.NOTES.fullmatch(path)
        one = self.NOTE.fullmatch(path)
        if path == "/repos/acme/shop/pulls":
            return self.page("pull_requests", self.site.pulls, query)
        if method == "GET" and found and found[1] == "7":
            return self.page("pull_request_comments", [self.shown(note) for note in self.site.notes], query)
        if method == "POST" and found and found[1] == "7":
            return 201, self.shown(self.site.add(sent["body"], ME)), ()
        if method == "PATCH" and one:
            note = next((note for note in self.site.notes if str(note["id"]) == one[1]), None)
            if note is not None and note["author"] != ME:
                return 403, {"error_code": "PermissionDenied", "message": "not yours"}, ()
            return changed(self, True, one[1], sent)
        return 404, {"error_code": "NotFound", "message": "no such pull request"}, ()

    def page(self, name: str, rows: list[dict[str, Any]], query: dict[str, str]) -> Any:
        start = int(query.get("page_token", "0").removeprefix("after/"))
        size = min(int(query.get("page_size", 10)), 20)  # the service may return fewer than asked for
        value: dict[str, Any] = {name: rows[start : start + size]}
        if start + size < len(rows):
            value["next_page_token"] = f"after/{start + size}"
        return 200, value, ()


def changed(handler: Any, is_known: bool, number: str | None, sent: dict[str, Any]) -> Any:
    """Write a note anew."""
    for note in handler.site.notes:
        if is_known and str(note["id"]) == number:
            note["body"] = sent["body"]
            return 200, handler.shown(note), ()
    return 404, {"message": "404 Not found"}, ()


HANDLERS = {"gitlab": GitLabHandler, "github": GitHubHandler, "sourcecraft": SourceCraftHandler}


class Running(NamedTuple):
    """A site that runs here."""

    site: Site
    port: int
    environment: dict[str, str]
    """What its pipeline would say, with a token."""


@contextlib.contextmanager
def running(name: str, **state: Any) -> Iterator[Running]:
    """Run a site on this machine, with the variables of a pipeline that runs for merge request 7."""
    site = Site(**state)
    handler = type(f"{name}-handler", (HANDLERS[name],), {"site": site})
    socketserver.TCPServer.allow_reuse_address = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    port = server.server_address[1]
    try:
        yield Running(site, port, environment_of(name, port))
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def environment_of(name: str, port: int) -> dict[str, str]:
    """What a pipeline of a site says, as its documentation lists it."""
    here = f"http://127.0.0.1:{port}"
    if name == "gitlab":
        return {
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_API_V4_URL": f"{here}/api/v4",
            "CI_PROJECT_ID": "42",
            "CI_MERGE_REQUEST_IID": "7",
            "GITLAB_TOKEN": TOKEN,
        }
    if name == "github":
        return {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": here,
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_TOKEN": TOKEN,
        }
    return {
        "CI": "true",
        "SOURCECRAFT_CI": "true",
        "SOURCECRAFT_REPO_URL": "https://git.sourcecraft.dev/acme/shop.git",
        "SOURCECRAFT_COMMIT_REF_NAME": "bigger",
        "SOURCECRAFT_BASE_REF": "main",
        "SOURCECRAFT_TOKEN": TOKEN,
    }
