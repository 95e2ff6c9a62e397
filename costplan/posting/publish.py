"""Make a note, or bring the one that is there up to date: whatever fails in between, there is one."""

from __future__ import annotations

import time
from typing import Literal, NamedTuple

from costplan.messages.errors import CostplanError
from costplan.messages.reason import Reason
from costplan.posting.api import Api, BusyError, RefusedError
from costplan.posting.contract import MergeRequest, Note, Site
from costplan.posting.marker import is_marked

ATTEMPTS = 4
LONGEST_WAIT_S = 60.0
"""Beyond it a pipeline is better run again than kept waiting."""


class Posted(NamedTuple):
    """What became of a note."""

    action: Literal["created", "updated", "unchanged", "none"]
    """`unchanged`: it said the same already. `none`: there is none, and none was to be made."""
    note: str
    """Its id."""


class Message(NamedTuple):
    """What a note says."""

    text: str
    marker: str
    """Its first line, by which it is found."""
    may_be_new: bool = True
    """Whether to make a note where there is none."""


def publish(site: Site, api: Api, request: MergeRequest, message: Message) -> Posted:
    """Put a note on a merge request; each attempt first looks for what an earlier one may have left.

    Raises:
        CostplanError: The site refuses, or cannot even after several attempts.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _attempt(site, api, request, message)
        except BusyError as busy:
            wait_s = busy.wait_s if busy.wait_s is not None else 2.0 ** (attempt - 1)
            if wait_s > LONGEST_WAIT_S:
                raise CostplanError(
                    Reason("{title} asks to wait {seconds} s", site.title, f"{wait_s:.0f}"),
                    hint="run the job again then",
                ) from None
            if attempt == ATTEMPTS:
                raise CostplanError(
                    Reason("{title} cannot now: {why}", site.title, busy.faults[0].message),
                    hint="run the job again later",
                ) from None
            pause(wait_s)
    raise AssertionError("an attempt returns or raises")


def pause(seconds: float) -> None:
    """Wait; tests do not."""
    time.sleep(seconds)


def _attempt(site: Site, api: Api, request: MergeRequest, message: Message) -> Posted:
    try:
        for note in site.notes(api, request):
            if is_marked(note.body, message.marker) and note.is_own is not False:
                done = _brought_up_to_date(site, api, request, note, message.text)
                if done is not None:
                    return done
        if not message.may_be_new:
            return Posted("none", "")
        made = api.ask("POST", site.notes_path(request), {"body": message.text}).value
    except RefusedError as refused:
        raise _explained(site, request, refused) from None
    return Posted("created", str(made.get("id", "")) if isinstance(made, dict) else "")


def _brought_up_to_date(site: Site, api: Api, request: MergeRequest, note: Note, text: str) -> Posted | None:
    """Write a note anew; None when it turns out to be somebody else's, or gone."""
    if _plain(note.body) == _plain(text):
        return Posted("unchanged", note.id)
    try:
        api.ask(site.update_method, site.note_path(request, note.id), {"body": text})
    except RefusedError as refused:
        if refused.status == 404 or (refused.status == 403 and note.is_own is None):
            return None
        raise
    return Posted("updated", note.id)


def _plain(body: str) -> str:
    return body.replace("\r\n", "\n").strip()


def _explained(site: Site, request: MergeRequest, refused: RefusedError) -> CostplanError:
    """Say what to do about a refusal."""
    said = refused.faults[0].message
    if refused.status == 401:
        message = Reason("{title} does not take the token: {said}", site.title, said)
        return CostplanError(message, hint=site.who_may)
    if refused.status == 403:
        message = Reason("the token may not write notes here: {said}", said)
        return CostplanError(message, hint=site.who_may)
    if refused.status == 404:
        message = Reason(
            "{title} has no merge request {number} in {project}, or hides it from the token: {said}",
            site.title,
            request.number,
            request.project,
            said,
        )
        return CostplanError(message, hint=site.who_may)
    return CostplanError(Reason("{title} does not take the note: {said}", site.title, said))
