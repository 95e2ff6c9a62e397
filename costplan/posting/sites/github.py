"""GitHub: comments of issues, which those of a pull request's conversation are; REST API 2022-11-28.

Source: docs.github.com/rest/issues/comments (a comment has at most 65,536 characters), /rest/users (`GET
/user` is not for the tokens of apps, such as the GITHUB_TOKEN of a workflow).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from costplan.messages.reason import Reason
from costplan.posting.api import Api, RefusedError
from costplan.posting.contract import MergeRequest, Note, Site
from costplan.posting.sites._pages import MOST_PAGES, rows_of, too_many

_PER_PAGE = 100
_MAX_EVENT = 32 << 20


class GitHub(Site):
    """github.com, and GitHub Enterprise Server."""

    name = "github"
    title = "GitHub"
    token_variables = ("GITHUB_TOKEN",)
    known_api = "https://api.github.com"
    own_path = "/api/v3"
    who_may = Reason(
        "the workflow needs `permissions: {{pull-requests: write}}`, and GITHUB_TOKEN in `env`; GitHub gives"
        " none to a pull request from a fork"
    )
    request_variables = Reason("run the workflow `on: pull_request`")

    def runs(self, environment: Mapping[str, str]) -> bool:
        return bool(environment.get("GITHUB_ACTIONS"))

    def api_address(self, environment: Mapping[str, str]) -> str | None:
        return environment.get("GITHUB_API_URL")

    def project(self, environment: Mapping[str, str]) -> str | None:
        return environment.get("GITHUB_REPOSITORY")

    def number(self, environment: Mapping[str, str]) -> str | None:
        """Return it from the reference; a `pull_request_target` has it in its event only."""
        found = re.fullmatch(r"refs/pull/(\d+)/\w+", environment.get("GITHUB_REF", ""))
        return found[1] if found else _number_of_event(environment.get("GITHUB_EVENT_PATH"))

    def headers(self, token: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }

    def notes_path(self, request: MergeRequest) -> str:
        return f"/repos/{quote(request.project)}/issues/{request.number}/comments"

    def note_path(self, request: MergeRequest, note: str) -> str:
        return f"/repos/{quote(request.project)}/issues/comments/{quote(note, safe='')}"

    def notes(self, api: Api, request: MergeRequest) -> Iterator[Note]:
        is_own = _ownership(api)
        for page in range(1, MOST_PAGES + 1):
            answer = api.ask("GET", f"{self.notes_path(request)}?per_page={_PER_PAGE}&page={page}")
            for row in rows_of(answer.value, self.title):
                yield Note(str(row.get("id")), str(row.get("body") or ""), is_own(row.get("user") or {}))
            if 'rel="next"' not in answer.headers.get("link", ""):
                return
        raise too_many(self.title)


def _ownership(api: Api) -> Callable[[Mapping[str, Any]], bool | None]:
    """Return what tells own comments: by the user; an app's token cannot ask for it, and writes as a bot."""
    try:
        user = api.ask("GET", "/user").value
    except RefusedError as refused:
        if refused.status not in (403, 404):
            raise
        return lambda author: None if author.get("type") == "Bot" else False
    own = user.get("id") if isinstance(user, dict) else None
    return lambda author: own is not None and author.get("id") == own


def _number_of_event(path: str | None) -> str | None:
    try:
        with Path(path or "").open("rb") as file:
            event = json.loads(file.read(_MAX_EVENT))
        return str(int(event["pull_request"]["number"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
