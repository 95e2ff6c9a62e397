"""A note is made once and brought up to date, on each site's own API, whatever goes wrong in between."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from review_sites import HANDLERS, ME, TOKEN, Fault, Running, running

from costplan.messages.errors import CostplanError
from costplan.posting import publish as publishing
from costplan.posting.marker import marker_of
from costplan.posting.place import Wanted, api_of, place_of, request_of, token_of
from costplan.posting.publish import Message, Posted, publish

MARKER = marker_of("shop")
TEXT = f"{MARKER}\n+3,210 RUB a month\n"
NEWER = f"{MARKER}\n+4 RUB a month\n"
LIST = {
    "gitlab": "GET /api/v4/projects/42/merge_requests/7/notes",
    "github": "GET /repos/acme/shop/issues/7/comments",
    "sourcecraft": "GET /repos/acme/shop/pulls/7/comments",
}
MAKE = {name: line.replace("GET", "POST") for name, line in LIST.items()}
CHANGE = {"gitlab": "PUT", "github": "PATCH", "sourcecraft": "PATCH"}
SITES = pytest.mark.parametrize("name", list(HANDLERS))


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits; what would be waited for is kept."""
    found: list[float] = []
    monkeypatch.setattr(publishing, "pause", found.append)
    return found


@pytest.fixture
def here(name: str) -> Iterator[Running]:
    with running(name) as found:
        if name == "sourcecraft":
            branches = {"status": "open", "source_branch": "bigger", "target_branch": "main"}
            found.site.pulls.append({"id": "9", "slug": "7", **branches})
        yield found


def post(here: Running, name: str, text: str = TEXT, marker: str = MARKER, **more: bool) -> Posted:
    wanted = Wanted("auto", host=f"127.0.0.1:{here.port}")
    place = place_of(wanted, here.environment)
    assert place.site.name == name
    api = api_of(place, token_of(place.site, here.environment), wanted)
    message = Message(text, marker, **more)
    return publish(place.site, api, request_of(place, api, here.environment), message)


@SITES
def test_the_first_time_makes_a_note_and_the_next_ones_change_it(here: Running, name: str) -> None:
    assert post(here, name).action == "created"
    assert here.site.bodies == [TEXT]
    assert post(here, name, NEWER) == Posted("updated", str(here.site.notes[0]["id"]))
    assert here.site.bodies == [NEWER]
    assert post(here, name, NEWER).action == "unchanged"
    assert [here.site.count(method) for method in ("POST", CHANGE[name])] == [1, 1]


@SITES
def test_it_is_found_among_many_pages_of_others(here: Running, name: str) -> None:
    for number in range(250):
        here.site.add(f"note {number}")
    own = here.site.add(TEXT, ME)
    for number in range(40):
        here.site.add(f"later note {number}")
    assert post(here, name, NEWER) == Posted("updated", str(own["id"]))
    assert here.site.bodies.count(NEWER) == 1
    assert here.site.count("POST") == 0


@SITES
def test_where_nothing_is_to_be_said_only_a_note_that_is_there_is_changed(here: Running, name: str) -> None:
    assert post(here, name, may_be_new=False) == Posted("none", "")
    assert here.site.bodies == []
    post(here, name)
    assert post(here, name, NEWER, may_be_new=False).action == "updated"


@SITES
def test_keys_have_notes_of_their_own(here: Running, name: str) -> None:
    other = marker_of("shop-eu")
    post(here, name)
    assert post(here, name, f"{other}\n+1\n", other).action == "created"
    assert post(here, name, f"{other}\n+2\n", other).action == "updated"
    assert here.site.bodies == [TEXT, f"{other}\n+2\n"]


@SITES
def test_a_marker_inside_a_note_is_no_marker(here: Running, name: str) -> None:
    here.site.add(f"> {MARKER}", ME)
    here.site.add(f"see\n{MARKER}\n", ME)
    here.site.add(f"{MARKER[:-4]}-eu -->\ntext", ME)
    assert post(here, name).action == "created"


@SITES
def test_the_marker_in_a_note_of_somebody_else_is_left_alone(here: Running, name: str) -> None:
    theirs = here.site.add(f"{MARKER}\nfree of charge, promise\n")
    assert post(here, name).action == "created"
    assert theirs["body"].endswith("promise\n")
    assert post(here, name, NEWER).action == "updated"
    assert here.site.bodies == [theirs["body"], NEWER]


@SITES
def test_lines_that_end_as_on_windows_are_the_same_note(here: Running, name: str) -> None:
    here.site.add(TEXT.replace("\n", "\r\n"), ME)
    assert post(here, name).action == "unchanged"


@SITES
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_site_that_cannot_now_is_asked_again(
    here: Running, name: str, status: int, waits: list[float]
) -> None:
    here.site.faults = {
        LIST[name]: [Fault(status), Fault(status, headers=(("Retry-After", "7"),))],
        MAKE[name]: [Fault(status)],
    }
    assert post(here, name).action == "created"
    assert here.site.bodies == [TEXT]
    assert waits == [1.0, 7.0, 4.0]


@SITES
@pytest.mark.parametrize("fault", [Fault(502, after=True), Fault(201, b'{"id"', is_cut=True, after=True)])
def test_a_note_that_was_made_without_an_answer_is_not_made_again(
    here: Running, name: str, fault: Fault
) -> None:
    here.site.faults = {MAKE[name]: [fault]}
    assert post(here, name).action == "unchanged"
    assert here.site.bodies == [TEXT]
    assert here.site.count("POST") == 1


@SITES
def test_after_some_attempts_it_is_given_up(here: Running, name: str, waits: list[float]) -> None:
    here.site.faults = {LIST[name]: [Fault(503)] * 9}
    with pytest.raises(CostplanError, match=r"cannot now: 127\.0\.0\.1:\d+ answered 503: not now"):
        post(here, name)
    assert waits == [1.0, 2.0, 4.0]


@SITES
def test_a_wait_that_is_too_long_is_not_waited_for(here: Running, name: str, waits: list[float]) -> None:
    here.site.faults = {LIST[name]: [Fault(429, headers=(("Retry-After", "3600"),))]}
    with pytest.raises(CostplanError, match="asks to wait 3600 s"):
        post(here, name)
    assert waits == []


def test_a_limit_of_github_that_is_said_as_403_is_waited_for(waits: list[float]) -> None:
    with running("github") as here:
        here.site.faults = {MAKE["github"]: [Fault(403, headers=(("Retry-After", "2"),))]}
        assert post(here, "github").action == "created"
    assert waits == [2.0]


@SITES
@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "does not take the token"),
        (403, "the token may not write notes here"),
        (404, "has no merge request 7 in "),
        (413, "does not take the note"),
        (422, "does not take the note"),
    ],
)
def test_a_refusal_says_what_to_do_and_not_the_token(
    here: Running, name: str, status: int, said: str
) -> None:
    body = json.dumps({"message": f"no: {TOKEN}\x1b[31m @all"}).encode()
    here.site.faults = {MAKE[name]: [Fault(status, body)]}
    with pytest.raises(CostplanError) as refused:
        post(here, name)
    fault = refused.value.faults[0]
    assert said in fault.message
    assert r"no: ***\x1b[31m @all" in str(refused.value)
    assert TOKEN not in str(refused.value)
    assert (fault.hint is not None) == (status in (401, 403, 404))
    assert here.site.count("POST") == 1


@SITES
def test_a_redirect_is_not_followed(here: Running, name: str) -> None:
    here.site.faults = {LIST[name]: [Fault(302, b"", (("Location", f"http://127.0.0.1:{here.port}/x"),))]}
    with pytest.raises(CostplanError, match="302, a redirect, which is not followed"):
        post(here, name)
    assert not any("/x" in line for line in here.site.lines)


@SITES
@pytest.mark.parametrize("body", [b"<html>", b"[1]", b'{"a"', b"[" * 100_000, b'"text"'])
def test_what_is_no_answer_of_the_api_is_said_to_be_none(here: Running, name: str, body: bytes) -> None:
    here.site.faults = {LIST[name]: [Fault(200, body)]}
    with pytest.raises(CostplanError, match=r"what is no JSON|another thing than the list"):
        post(here, name)
    assert here.site.count("POST") == 0


@SITES
def test_a_merge_request_without_an_end_of_notes_gets_none(
    here: Running, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"costplan.posting.sites.{name}.MOST_PAGES", 2)
    for number in range(300):
        here.site.add(f"note {number}")
    with pytest.raises(CostplanError, match="more pages of notes than"):
        post(here, name)
    assert here.site.count("POST") == 0


@SITES
def test_only_the_header_has_the_token(here: Running, name: str) -> None:
    post(here, name)
    assert all(TOKEN not in line for line in here.site.lines)
    assert all([TOKEN in value for value in head.values()].count(True) == 1 for head in here.site.heads)
    place = place_of(Wanted(name, host="127.0.0.1"), here.environment)
    assert TOKEN not in repr(api_of(place, TOKEN, Wanted(name)))


def test_own_notes_that_may_not_be_changed_are_no_reason_for_a_second_one() -> None:
    with running("gitlab") as here:
        here.site.add(TEXT, ME)
        here.site.faults = {"PUT ": [Fault(403)]}
        with pytest.raises(CostplanError, match="may not write notes"):
            post(here, "gitlab", NEWER)
        assert here.site.count("POST") == 0


def test_a_note_that_went_away_in_between_is_made_anew() -> None:
    with running("gitlab") as here:
        here.site.add(TEXT, ME)
        here.site.faults = {"PUT ": [Fault(404)]}
        assert post(here, "gitlab", NEWER).action == "created"


def test_a_workflow_of_github_cannot_ask_who_it_is_and_finds_the_note_of_its_bot() -> None:
    with running("github", is_app=True) as here:
        theirs = here.site.add(f"{MARKER}\nsomebody's\n")
        assert post(here, "github").action == "created"
        assert post(here, "github", NEWER).action == "updated"
        assert here.site.bodies == [theirs["body"], NEWER]


def test_a_system_note_of_gitlab_is_none() -> None:
    with running("gitlab") as here:
        here.site.add(f"{MARKER}\nmoved\n", ME, system=True)
        assert post(here, "gitlab").action == "created"
