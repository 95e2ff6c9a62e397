"""`costplan note`: everything that could be refused before the work, then the note to where it goes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from costplan.cli.language import translator
from costplan.cli.output import write
from costplan.cli.places import refuse_file
from costplan.cli.review.options import NoteFiles, PostWords
from costplan.cli.streams import say
from costplan.inputs.values import one_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.output.note.gitlab_reports import annotations_text, report_address, terraform_text
from costplan.output.note.note import NoteParts, note_text
from costplan.output.note.policies import policy_findings, policy_words
from costplan.posting.marker import DEFAULT_KEY, marker_of
from costplan.posting.place import AUTOMATIC, Place, Wanted, api_of, place_of, request_of, token_of
from costplan.posting.publish import Message, publish
from costplan.posting.sites import SITES
from costplan.posting.summary import add_to_summary, summary_file

if TYPE_CHECKING:
    from costplan.analysis.diff.documents import Diff
    from costplan.analysis.policy.documents import PolicyReport


@dataclass(frozen=True, slots=True)
class Note:
    """What the line asks for."""

    files: NoteFiles
    place: PostWords
    report: str | None
    key: str | None
    force: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What of it is known before anything is priced."""

    parts: NoteParts
    place: Place | None
    token: str | None
    summary: Path | None


def check_note(note: Note) -> Checked:
    """Refuse what could not be done after the work.

    Raises:
        InputError: An option is wrong, or has no effect; a file is in the way; nothing says where to post.
    """
    files, words = note.files, note.place
    refuse_file(files.output, (".md",), force=note.force)
    for path in (files.annotations, files.terraform_report):
        refuse_file(path, (".json",), force=note.force)
    if files.annotations is not None and note.report is None:
        raise InputError("--annotations needs --report: a link is all that they are")
    alone = {"--host": words.host, "--project": words.project, "--request": words.request}
    alone |= {"--dry-run": "yes" if words.dry_run else None}
    useless = next((name for name, value in alone.items() if value is not None), None)
    if words.post is None and useless is not None:
        raise InputError(Reason("{option} has no effect without --post", useless))
    parts = NoteParts(
        marker_of(DEFAULT_KEY if note.key is None else note.key),
        None if note.report is None else report_address(note.report),
    )
    place = _place(words)
    token = None if place is None or words.dry_run else token_of(place.site, os.environ)
    return Checked(parts, place, token, summary_file(os.environ) if files.summary else None)


def _place(words: PostWords) -> Place | None:
    if words.post is None:
        return None
    return place_of(_wanted(words), os.environ)


def _wanted(words: PostWords) -> Wanted:
    name = one_of("--post", words.post or "", [*SITES, AUTOMATIC])
    return Wanted(name, words.host, words.project, words.request)


def hand_out(note: Note, checked: Checked, diff: Diff, policies: PolicyReport) -> None:
    """Write the note to where it goes, and what goes with it.

    Raises:
        CostplanError: A file cannot be written, or the site does not take the note.
    """
    words = translator()
    said = policy_words(policies, words)
    parts = replace(checked.parts, findings=policy_findings(policies, words), policies=said)
    text = note_text(diff, parts, words)
    files = note.files
    if files.output is not None or (checked.place is None and checked.summary is None):
        write(text, files.output, force=note.force)
    if files.annotations is not None and checked.parts.report is not None:
        write(annotations_text(checked.parts.report, words), files.annotations, force=note.force)
    if files.terraform_report is not None:
        write(terraform_text(diff), files.terraform_report, force=note.force)
    if checked.summary is not None:
        add_to_summary(checked.summary, text)
        say(words("added the note to the summary of the run") + "\n")
    if checked.place is not None:
        message = Message(text, checked.parts.marker, may_be_new=diff.changed)
        _post(note, checked, checked.place, message)


def _post(note: Note, checked: Checked, place: Place, message: Message) -> None:
    words = translator()
    if checked.token is None:
        write("".join(f"{line}\n" for line in _would_be_sent(place, message)), None)
        return
    api = api_of(place, checked.token, _wanted(note.place))
    request = request_of(place, api, os.environ)
    posted = publish(place.site, api, request, message)
    where = request._asdict()
    said = {
        "created": words("made a note on merge request {number} of {project}", **where),
        "updated": words("changed the note on merge request {number} of {project}", **where),
        "unchanged": words("the note on merge request {number} of {project} says this already", **where),
        "none": words("nothing changed, and there is no note: none is made"),
    }
    say(said[posted.action] + "\n")


def _would_be_sent(place: Place, message: Message) -> Iterator[str]:
    from costplan.posting.contract import MergeRequest

    words = translator()
    request = MergeRequest(place.project, place.number or "NUMBER")
    site, size = place.site, words.number(Decimal(len(message.text.encode("utf-8"))), 0)
    made = f"POST {place.address}{site.notes_path(request)}"
    changed = f"{site.update_method} {place.address}{site.note_path(request, 'ID')}"
    yield words("where there is no note yet: {line}, {size} bytes", line=made, size=size)
    yield words("where there is one: {line}, {size} bytes", line=changed, size=size)
    yield words("nothing was sent")
