"""GitLab: notes of merge requests, REST API v4.

Source: docs.gitlab.com/api/notes (a note has at most 1,000,000 characters), /api/rest (pagination by page).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from costplan.messages.reason import Reason
from costplan.posting.api import Api
from costplan.posting.contract import MergeRequest, Note, Site
from costplan.posting.sites._pages import MOST_PAGES, rows_of, too_many

_PER_PAGE = 50


class GitLab(Site):
    """gitlab.com, and GitLab on a host of one's own."""

    name = "gitlab"
    title = "GitLab"
    token_variables = ("COSTPLAN_GITLAB_TOKEN", "GITLAB_TOKEN")
    known_api = "https://gitlab.com/api/v4"
    own_path = "/api/v4"
    update_method = "PUT"
    who_may = Reason(
        "a project access token with the scope `api` and a role above guest; a job's own CI_JOB_TOKEN"
        " cannot write notes"
    )
    request_variables = Reason(
        'run the job in pipelines of merge requests: `if: $CI_PIPELINE_SOURCE == "merge_request_event"`'
    )

    def runs(self, environment: Mapping[str, str]) -> bool:
        return bool(environment.get("GITLAB_CI"))

    def api_address(self, environment: Mapping[str, str]) -> str | None:
        return environment.get("CI_API_V4_URL")

    def project(self, environment: Mapping[str, str]) -> str | None:
        return environment.get("CI_PROJECT_ID")

    def number(self, environment: Mapping[str, str]) -> str | None:
        return environment.get("CI_MERGE_REQUEST_IID")

    def headers(self, token: str) -> dict[str, str]:
        return {"PRIVATE-TOKEN": token}

    def notes_path(self, request: MergeRequest) -> str:
        return f"/projects/{quote(request.project, safe='')}/merge_requests/{request.number}/notes"

    def note_path(self, request: MergeRequest, note: str) -> str:
        return f"{self.notes_path(request)}/{quote(note, safe='')}"

    def notes(self, api: Api, request: MergeRequest) -> Iterator[Note]:
        user = api.ask("GET", "/user").value
        own = user.get("id") if isinstance(user, dict) else None
        for page in range(1, MOST_PAGES + 1):
            order = f"sort=asc&order_by=created_at&per_page={_PER_PAGE}&page={page}"
            answer = api.ask("GET", f"{self.notes_path(request)}?{order}")
            for row in rows_of(answer.value, self.title):
                author = row.get("author") or {}
                is_own = own is not None and author.get("id") == own and not row.get("system")
                yield Note(str(row.get("id")), str(row.get("body") or ""), is_own)
            if not answer.headers.get("x-next-page"):
                return
        raise too_many(self.title)
