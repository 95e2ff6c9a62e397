"""Addresses: what may be load-tested, in every spelling."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from costplan.bench.guard import check_target
from costplan.messages.errors import InputError
from costplan.network.addresses import Endpoint, pinned_address

METADATA = "169.254.169.254"
DECIMAL = sum(int(part) << (24 - 8 * i) for i, part in enumerate(METADATA.split(".")))


def names(**table: Sequence[str]):  # type: ignore[no-untyped-def]
    """A name server that knows only these."""

    def resolve(host: str, port: int) -> Sequence[str]:
        if host not in table:
            raise OSError(-2, "Name or service not known")
        return table[host]

    return resolve


@pytest.mark.parametrize(
    "url",
    [
        f"http://{METADATA}/latest",
        f"http://{DECIMAL}/",
        f"http://{DECIMAL:#x}/",
        "http://0251.0376.0251.0376/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://169.254.43518/",
        f"http://[::ffff:{METADATA}]/",
        f"http://[::ffff:{DECIMAL >> 16:x}:{DECIMAL & 0xFFFF:x}]/",
        f"http://[::{METADATA}]/",
        f"http://[64:ff9b::{METADATA}]/",
        f"http://[2002:{DECIMAL >> 16:x}:{DECIMAL & 0xFFFF:x}::1]/",
        "http://169.254.1.1/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        f"grpc://{METADATA}:80",
        f"{METADATA}:80",
    ],
)
def test_metadata_and_link_local_are_refused_in_every_spelling_even_when_confirmed(url: str) -> None:
    with pytest.raises(InputError, match="nothing is ever sent to"):
        check_target(url, is_explicit=True, allow_public=True)


def test_a_name_that_resolves_to_the_metadata_address_is_refused() -> None:
    with pytest.raises(InputError, match=f"innocent.example .{METADATA}.*nothing is ever sent to"):
        check_target(
            "http://innocent.example/",
            is_explicit=True,
            allow_public=True,
            resolve=names(**{"innocent.example": [METADATA]}),
        )


def test_a_name_with_one_good_and_one_forbidden_address_is_refused() -> None:
    with pytest.raises(InputError, match="nothing is ever sent to"):
        pinned_address("two.example", 80, names(**{"two.example": ["127.0.0.1", METADATA]}))


def test_the_address_is_looked_up_once_and_pinned() -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else [METADATA]

    endpoint = check_target("http://rebind.example:8000/triton/", resolve=rebinding)
    assert endpoint == Endpoint("http", "rebind.example", 8000, "127.0.0.1", "/triton")
    assert asked == ["rebind.example"]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "127.0.0.1:8000", "http://127.1:8000", "http://[::1]:8000"]
)
def test_loopback_is_allowed(url: str) -> None:
    endpoint = check_target(url)
    assert endpoint.address in ("127.0.0.1", "::1")
    assert endpoint.port == 8000


@pytest.mark.parametrize("host", ["10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "[fc00::1]"])
def test_a_private_address_needs_to_be_given_explicitly(host: str) -> None:
    with pytest.raises(InputError, match="only load-tested when it is given explicitly"):
        check_target(f"http://{host}/")
    assert check_target(f"http://{host}/", is_explicit=True).scheme == "http"


@pytest.mark.parametrize("host", ["8.8.8.8", "172.32.0.1", "[2001:4860:4860::8888]"])
def test_a_public_host_needs_a_confirmation(host: str) -> None:
    with pytest.raises(InputError, match="public host"):
        check_target(f"http://{host}/", is_explicit=True)
    assert check_target(f"http://{host}/", is_explicit=True, allow_public=True).port == 80


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://127.0.0.1/", "scheme of the target must be http, https, grpc or grpcs"),
        ("file:///etc/passwd", "scheme of the target must be"),
        ("gopher://127.0.0.1/", "scheme of the target must be"),
        ("http://", "no host"),
        ("http://user@127.0.0.1/", "user name or a password"),
        ("http://u:p@127.0.0.1/", "user name or a password"),
        ("http://127.0.0.1:0/", "port of the target must be from 1"),
        ("http://127.0.0.1:99999/", "not an address"),
        ("http://127.0.0.1:x/", "not an address"),
        ("http://127.0.0.1/\r\nX: y", "blanks or characters that do not show"),
        ("http://127.0.0.1\\@8.8.8.8/", "blanks or characters"),
        ("http://" + "a" * 3000, "too long"),
    ],
)
def test_a_wrong_address_is_refused(url: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_target(url, is_explicit=True, allow_public=True)


def test_a_name_that_is_not_found_is_said_with_a_hint() -> None:
    with pytest.raises(InputError, match=r"nowhere.example: name not found") as caught:
        check_target("http://nowhere.example/", resolve=names())
    assert caught.value.faults[0].hint == "check the spelling of the host"


def test_ipv4_is_preferred_where_a_name_has_both() -> None:
    assert pinned_address("both", 80, names(both=["::1", "127.0.0.1"])) == "127.0.0.1"


@pytest.mark.parametrize(
    ("url", "authority", "tls"),
    [
        ("http://127.0.0.1/", "127.0.0.1", False),
        ("https://127.0.0.1:8443/", "127.0.0.1:8443", True),
        ("grpcs://[::1]:50051", "[::1]:50051", True),
    ],
)
def test_an_endpoint_knows_its_host_header_and_tls(url: str, authority: str, tls: bool) -> None:
    endpoint = check_target(url)
    assert (endpoint.authority, endpoint.tls) == (authority, tls)
