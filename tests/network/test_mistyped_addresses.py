"""Addresses: what may be shown of them; whatever is mistyped, no password is."""

from __future__ import annotations

import pytest

from costplan.bench.guard import check_target
from costplan.cli.run import run
from costplan.messages.errors import InputError
from costplan.network.shown import shown_address
from costplan.service.backends import BACKENDS
from costplan.service.backends.address import parse_address
from costplan.service.server import main
from costplan.service.settings import read_settings
from costplan.service.stores import make_store

SECRET = "hunter2"
MALFORMED = [
    "postgresql:/u:hunter2@h/d",
    "postgresql//u:hunter2@h",
    "postgresql:u:hunter2@h/d",
    "u:hunter2@h",
    "hunter2@h:1",
    "hunter2",
    "hunter2://h/d",
    "hunter2:5432",
    "u:hunter2",
    "postgresql://u:hunter2%zz@h/d",
    "postgresql://u:hunter2 x@h/d",
    "postgresql://u:x hunter2@h/d",
    "postgresql://u:hunter2@[::1/db",
    "postgresql://u:hunter2@::1]/db",
    "postgresql://u:a/hunter2@h/d",
    "postgresql://u:hunter2/a@h/d",
    "postgresql://u:a@hunter2@h/d",
    "postgresql://u:a:hunter2@h/d",
    "postgresql://u:a?hunter2@h/d",
    "postgresql://u:a#hunter2@h/d",
    "postgresql://u:hunter2\\@h/d",
    "postgresql://u@h:hunter2/d",
    "postgresql://h/d?password=hunter2&nonsense=1",
    "postgresql://h/d?hunter2",
    "host=h password=hunter2 nonsense=1",
    "host=h password='hunter2",
    "postgres://u:hunter2%@h",
    "mysql://u:hunter2@h/d",
    "POSTGRESQL:\\\\u:hunter2@h",
    "sqlite:///x?key=hunter2",
    "sqlite://u:hunter2@h/x",
    "s3://key:hunter2@bucket/x",
    "s3://bucket?secret=hunter2",
    "s3://bucket?endpoint=http://u:hunter2@h",
    "s3://bucket?endpoint=hunter2",
    "s3://[hunter2",
    "http://u:hunter2@h",
    "http://u:hunter2@[::1",
    "http//u:hunter2@h:80",
    "http:/u:hunter2@h:80",
    "http://h:hunter2",
    "http://h:80hunter2",
    "http://h/?token=hunter2",
    "http://h/#hunter2",
    "grpc://u:hunter2@h:8001",
    "htp://u:hunter2@h:8001",
    "http://\nu:hunter2@h",
    "http://u:hunter2\u202e@h",
]

OF_POSTGRESQL = (
    "postgresql://u:a:hunter2@h/d",
    "postgresql://u:a?hunter2@h/d",
    "postgresql://u:a#hunter2@h/d",
    "postgresql://u:hunter2\\@h/d",
)
"""Passwords that its library reads as they are."""
HOSTILE = [text for text in MALFORMED if text not in ("hunter2", "hunter2:5432")]
"""Those that are no well-formed address of a host of that name."""


def test_there_are_forms_enough() -> None:
    assert len(set(MALFORMED)) >= 40


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_shown_of_an_address_holds_no_password(text: str) -> None:
    assert SECRET not in (shown_address(text) or "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://u:p@db.example:80/x?key=y", "http://db.example:80"),
        ("postgresql://app@db/predictions", "postgresql://db"),
        ("10.0.0.5:8001", "10.0.0.5:8001"),
        ("https://[::1]:8000/models", "https://[::1]:8000"),
        ("u:p@h", "h"),
        ("secret://h", None),
        ("postgresql:/u:secret@h", None),
        ("http://u:1/secret@h", None),
        ("", None),
    ],
)
def test_what_is_shown_of_an_address(text: str, shown: str | None) -> None:
    assert shown_address(text) == shown


@pytest.mark.parametrize("text", [text for text in MALFORMED if text not in OF_POSTGRESQL])
def test_a_store_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(InputError) as caught:
        make_store(text)
    assert SECRET not in f"{caught.value}{caught.value.__cause__}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("text", HOSTILE)
def test_a_backend_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_address(text, ("http", "https"), 8000)
    assert SECRET not in f"{caught.value}{caught.value.__cause__}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("text", HOSTILE)
def test_a_target_is_refused_without_its_password(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of `http://u:a/secret@h` the host is `u`, which is no name: the message names that and no more."""
    with pytest.raises(InputError) as caught:
        check_target(text, is_explicit=True, allow_public=True, resolve=_nobody)
    assert SECRET not in f"{caught.value}{caught.value.__cause__}"
    assert run(["--debug", "bench", "--target", text, "--quick"]) == 2
    out, err = capsys.readouterr()
    assert SECRET not in out + err.replace(repr(text), "")


def _nobody(host: str, port: int) -> list[str]:
    raise OSError(-2, "Name or service not known")


@pytest.mark.parametrize("text", [text for text in MALFORMED if text not in OF_POSTGRESQL])
@pytest.mark.parametrize("by", ["line", "environment"])
def test_the_service_starts_with_no_password_in_its_log(
    text: str, by: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "environment":
        monkeypatch.setenv("COSTPLAN_SERVICE_RECORD", text)
    line = [f"--record={text}"] if by == "line" else []
    assert main(["--port", "0", *line]) == 2
    printed = capfd.readouterr()
    assert SECRET not in printed.out + printed.err


def test_settings_show_no_address() -> None:
    settings = read_settings(["--record", f"postgresql://u:{SECRET}@h/d"], {})
    assert SECRET not in repr(settings)
    assert "triton-grpc" in BACKENDS
