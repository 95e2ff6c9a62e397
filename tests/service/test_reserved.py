"""Addresses that the service never talks to, in every spelling."""

from __future__ import annotations

import socket

import pytest

from costplan.messages.errors import InputError
from costplan.service.backends.address import parse_address
from costplan.service.stores import make_store

SPELLINGS = [
    "169.254.169.254",
    "2852039166",
    "0xA9FEA9FE",
    "0251.0376.0251.0376",
    "169.254.43518",
    "169.254.169.254.",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]",
    "[::169.254.169.254]",
    "100.100.100.200",
    "[fe80::1]",
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_the_metadata_address_is_no_backend_and_no_endpoint(host: str) -> None:
    with pytest.raises(InputError, match="metadata"):
        parse_address(f"{host}:8000", ("http", "https"), 8000)
    with pytest.raises(InputError, match="metadata"):
        make_store(f"s3://bucket?endpoint=http://{host}:9000")


def test_a_name_that_resolves_there_is_refused_and_one_that_is_not_found_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if host == "innocent.example":
            return [(2, 1, 6, "", ("10.0.0.5", port)), (2, 1, 6, "", ("169.254.169.254", port))]
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(InputError, match="metadata"):
        parse_address("innocent.example:8000", ("http", "https"), 8000)
    assert parse_address("models:8001", ("grpc", "grpcs"), 8001).host == "models"
