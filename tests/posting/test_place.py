"""Where a note goes: what a pipeline says, the hosts that a token may be sent to, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from review_sites import TOKEN, environment_of

from costplan.messages.errors import InputError
from costplan.posting.marker import is_marked, marker_of
from costplan.posting.place import Wanted, api_of, place_of, token_of
from costplan.posting.sites import SITES
from costplan.posting.sites.github import GitHub

GITLAB = {**environment_of("gitlab", 1), "CI_API_V4_URL": "https://gitlab.com/api/v4"}
GITHUB = {**environment_of("github", 1), "GITHUB_API_URL": "https://api.github.com"}
SOURCECRAFT = environment_of("sourcecraft", 1)


def at(*addresses: str):  # type: ignore[no-untyped-def]
    """A name server that says the same of every name."""

    def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


@pytest.mark.parametrize(
    ("environment", "address", "project", "number"),
    [
        (GITLAB, "https://gitlab.com/api/v4", "42", "7"),
        (GITHUB, "https://api.github.com", "acme/shop", "7"),
        (SOURCECRAFT, "https://api.sourcecraft.tech", "acme/shop", None),
    ],
    ids=["gitlab", "github", "sourcecraft"],
)
def test_a_pipeline_says_where_it_runs(
    environment: dict[str, str], address: str, project: str, number: str | None
) -> None:
    place = place_of(Wanted("auto"), environment)
    assert (place.address, place.project, place.number) == (address, project, number)
    assert token_of(place.site, environment) == TOKEN


@pytest.mark.parametrize(
    ("name", "host", "address"),
    [
        ("gitlab", None, "https://gitlab.com/api/v4"),
        ("gitlab", "git.example.com:8443", "https://git.example.com:8443/api/v4"),
        ("github", None, "https://api.github.com"),
        ("github", "ghe.example.com", "https://ghe.example.com/api/v3"),
        ("sourcecraft", None, "https://api.sourcecraft.tech"),
        ("gitlab", "127.0.0.1:8080", "http://127.0.0.1:8080/api/v4"),
    ],
)
def test_by_hand_all_of_it_is_named(name: str, host: str | None, address: str) -> None:
    place = place_of(Wanted(name, host, "group/sub/shop", "3"), {})
    assert (place.address, place.project, place.number) == (address, "group/sub/shop", "3")


def test_what_is_named_goes_before_what_the_pipeline_says() -> None:
    place = place_of(Wanted("gitlab", project="9", request="3"), GITLAB)
    assert (place.project, place.number) == ("9", "3")


def test_the_variables_of_another_site_do_not_matter() -> None:
    with pytest.raises(InputError, match="no variable of GitLab says the project"):
        place_of(Wanted("gitlab"), GITHUB)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://gitlab.example.com/api/v4", r"gitlab\.example\.com is no host that a token may be sent to"),
        ("https://gitlab.com.evil.example/api/v4", "no host that a token may be sent to"),
        ("https://gitlab.com@evil.example/api/v4", "must not hold a user name"),
        ("https://evil.example\\@gitlab.com/", "characters that do not show"),
        ("http://gitlab.com/api/v4", "a token is never sent in the clear"),
        ("grpc://gitlab.com", "notes go by https"),
        ("ftp://gitlab.com", "scheme of the target must be"),
        ("https://gitlab.com/api/v4?to=x", "ends before"),
        ("https://", "no host"),
        ("https://gitlab.com:99999/", "is not an address"),
    ],
)
def test_a_token_is_sent_to_known_hosts_only_and_never_in_the_clear(address: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        place_of(Wanted("auto"), {**GITLAB, "CI_API_V4_URL": address})


def test_a_host_that_is_named_may_have_it() -> None:
    own = {**GITLAB, "CI_API_V4_URL": "https://git.example.com/gitlab/api/v4/"}
    place = place_of(Wanted("auto", "git.example.com"), own)
    assert place.address == "https://git.example.com/gitlab/api/v4"


@pytest.mark.parametrize("host", ["https://git.example.com", "git.example.com/api", "a b", "", "user@host"])
def test_a_host_is_a_host(host: str) -> None:
    with pytest.raises(InputError):
        place_of(Wanted("gitlab", host, "1", "2"), {})


def test_the_cloud_s_metadata_never_gets_a_token() -> None:
    wanted = Wanted("gitlab", "git.example.com", "1", "2")
    with pytest.raises(InputError, match="nothing is ever sent to link-local"):
        api_of(place_of(wanted, {}), TOKEN, wanted, at("169.254.169.254"))


def test_a_known_host_is_not_at_a_private_address_and_a_named_one_may_be() -> None:
    known, named = Wanted("gitlab", None, "1", "2"), Wanted("gitlab", "git.example.com", "1", "2")
    with pytest.raises(InputError, match="a private address gets a token only when named"):
        api_of(place_of(known, {}), TOKEN, known, at("10.0.0.5"))
    assert api_of(place_of(named, {}), TOKEN, named, at("10.0.0.5")).endpoint.address == "10.0.0.5"


def test_localhost_that_is_elsewhere_gets_no_token_in_the_clear() -> None:
    wanted = Wanted("gitlab", "localhost:8080", "1", "2")
    with pytest.raises(InputError, match="in the clear"):
        api_of(place_of(wanted, {}), TOKEN, wanted, at("192.0.2.1"))


@pytest.mark.parametrize("project", ["", "a/../b", "../x", "a b", "a/b?x=1", "a#b", "a\nb", "/a", "a//b"])
def test_the_name_of_a_project_is_one(project: str) -> None:
    with pytest.raises(InputError):
        place_of(Wanted("github", project=project, request="1"), {})


@pytest.mark.parametrize("number", ["0x1", "-1", "1/../2", "", "٣", "9" * 30])
def test_the_number_of_a_merge_request_is_one(number: str) -> None:
    with pytest.raises(InputError):
        place_of(Wanted("github", project="a/b", request=number), {})


def test_outside_of_a_pipeline_the_site_has_to_be_named() -> None:
    with pytest.raises(InputError, match="no pipeline that costplan knows") as refused:
        place_of(Wanted("auto"), {"CI": "true"})
    assert refused.value.faults[0].hint == "name the site: --post gitlab or github or sourcecraft"


@pytest.mark.parametrize("name", list(SITES))
def test_without_a_token_it_says_which_variable(name: str) -> None:
    with pytest.raises(InputError, match="no token: set") as refused:
        token_of(SITES[name], {"CI_JOB_TOKEN": "x"})
    assert SITES[name].token_variables[0] in str(refused.value)


def test_the_own_variable_goes_first_and_blanks_around_a_token_go() -> None:
    found = token_of(SITES["gitlab"], {"COSTPLAN_GITLAB_TOKEN": " mine\n", "GITLAB_TOKEN": "theirs"})
    assert found == "mine"


@pytest.mark.parametrize("text", ["gl q", "gl\nX-Evil: 1", "tök", "gl\x00"])
def test_what_is_no_token_is_not_repeated(text: str) -> None:
    with pytest.raises(InputError, match="GITLAB_TOKEN: holds what no token has") as refused:
        token_of(SITES["gitlab"], {"GITLAB_TOKEN": text})
    assert text not in str(refused.value)


def test_a_workflow_that_runs_for_the_target_has_the_number_in_its_event(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    environment = {**GITHUB, "GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_PATH": str(event)}
    assert GitHub().number(environment) is None
    event.write_text(json.dumps({"pull_request": {"number": 31}}))
    assert GitHub().number(environment) == "31"
    for text in ("{", "[]", '{"pull_request": null}', '{"pull_request": {"number": "x"}}', "[" * 99_999):
        event.write_text(text)
        assert GitHub().number(environment) is None


@pytest.mark.parametrize("key", ["shop", "team/shop.eu_1", "a-b", "0"])
def test_a_key_is_in_the_marker(key: str) -> None:
    marker = marker_of(key)
    assert marker == f"<!-- costplan note: {key} -->"
    assert is_marked(f"{marker}\r\ntext", marker)
    assert not is_marked(f"{marker} text", marker)
    assert not is_marked(f"text\n{marker}", marker)


@pytest.mark.parametrize("key", ["", "a--b", "-a", "a-", "a b", "a>", "é", "a" * 65, "a\nb"])
def test_a_key_cannot_end_the_comment(key: str) -> None:
    with pytest.raises(InputError, match="--key"):
        marker_of(key)
