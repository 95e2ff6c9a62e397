"""SourceCraft: comments of pull requests, REST API of api.sourcecraft.tech.

Source: sourcecraft.dev/portal/docs, api-ref (Repository | PullRequest | Comments) and the list of predefined
variables. The API does not say whose a token is, so a comment is own where it may be edited; and no variable
says the number of a pull request, so it is looked for by its branches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from costplan.messages.reason import Reason
from costplan.posting.api import Api
from costplan.posting.contract import MergeRequest, Note, Site
from costplan.posting.sites._pages import MOST_PAGES, rows_of, too_many

_PER_PAGE = 100


class SourceCraft(Site):
    """sourcecraft.dev."""

    name = "sourcecraft"
    title = "SourceCraft"
    token_variables = ("SOURCECRAFT_TOKEN",)
    known_api = "https://api.sourcecraft.tech"
    who_may = Reason("a token whose role in the repository may comment on pull requests")
    request_variables = Reason("run the workflow `on: pull_request`, or give --request NUMBER")

    def runs(self, environment: Mapping[str, str]) -> bool:
        return bool(environment.get("SOURCECRAFT_CI"))

    def api_address(self, environment: Mapping[str, str]) -> str | None:
        return None

    def project(self, environment: Mapping[str, str]) -> str | None:
        path = urlsplit(environment.get("SOURCECRAFT_REPO_URL", "")).path
        parts = path.removesuffix(".git").strip("/").split("/")
        return "/".join(parts[-2:]) if len(parts) >= 2 else None

    def number(self, environment: Mapping[str, str]) -> str | None:
        return None

    def find_number(self, api: Api, project: str, environment: Mapping[str, str]) -> str | None:
        """Return the open pull request of this branch into its target, when there is exactly one."""
        source, target = (environment.get(f"SOURCECRAFT_{name}") for name in ("COMMIT_REF_NAME", "BASE_REF"))
        if not source or not target:
            return None
        found = [
            str(row.get("slug"))
            for row in self._rows(api, f"/repos/{quote(project)}/pulls", "pull_requests")
            if row.get("status") in ("open", "draft")
            and (row.get("source_branch"), row.get("target_branch")) == (source, target)
        ]
        return found[0] if len(found) == 1 else None

    def headers(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    def notes_path(self, request: MergeRequest) -> str:
        return f"/repos/{quote(request.project)}/pulls/{request.number}/comments"

    def note_path(self, request: MergeRequest, note: str) -> str:
        return f"/pull_comments/id:{quote(note, safe='')}"

    def notes(self, api: Api, request: MergeRequest) -> Iterator[Note]:
        for row in self._rows(api, self.notes_path(request), "pull_request_comments"):
            if not row.get("is_deleted"):
                yield Note(str(row.get("id")), str(row.get("body") or ""), None)

    def _rows(self, api: Api, path: str, name: str) -> Iterator[dict[str, Any]]:
        token = ""
        for _ in range(MOST_PAGES):
            more = f"&page_token={quote(token, safe='')}" if token else ""
            value = api.ask("GET", f"{path}?page_size={_PER_PAGE}{more}").value
            page = value if isinstance(value, dict) else {name: None}
            yield from rows_of(page.get(name, []), self.title)
            token = str(page.get("next_page_token") or "")
            if not token:
                return
        raise too_many(self.title)
