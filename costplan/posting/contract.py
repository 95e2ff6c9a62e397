"""What a site that holds merge requests has to know; each is a file in `sites/`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar, NamedTuple

from costplan.posting.api import Api


class MergeRequest(NamedTuple):
    """A merge request, or a pull request."""

    project: str
    """As its site names it: `group/name`, or a number."""
    number: str


class Note(NamedTuple):
    """A note that is there."""

    id: str
    body: str
    is_own: bool | None
    """Whether the token's owner wrote it; None where the site does not say."""


class Site(ABC):
    """A site: how its pipelines name a merge request, and how its API is spoken to."""

    name: ClassVar[str]
    title: ClassVar[str]
    token_variables: ClassVar[tuple[str, ...]]
    """Environment variables that may hold the token; the first that does is taken."""
    known_api: ClassVar[str]
    """Where its API is for everybody."""
    own_path: ClassVar[str] = ""
    """Before every path of the API, on a host of one's own."""
    who_may: ClassVar[str]
    """What a token needs, as a hint."""
    request_variables: ClassVar[str]
    """How its pipelines say which merge request they run for, as a hint."""

    @abstractmethod
    def runs(self, environment: Mapping[str, str]) -> bool:
        """Say whether this is a pipeline of the site."""

    @abstractmethod
    def api_address(self, environment: Mapping[str, str]) -> str | None:
        """Return where the pipeline says that the API is."""

    @abstractmethod
    def project(self, environment: Mapping[str, str]) -> str | None:
        """Return the project that the pipeline runs for."""

    @abstractmethod
    def number(self, environment: Mapping[str, str]) -> str | None:
        """Return the number of the merge request that the pipeline runs for."""

    @abstractmethod
    def headers(self, token: str) -> dict[str, str]:
        """Return what each request says besides its body, the token among it."""

    def find_number(self, api: Api, project: str, environment: Mapping[str, str]) -> str | None:
        """Ask the site for the number that the pipeline does not say."""
        return None

    @abstractmethod
    def notes_path(self, request: MergeRequest) -> str:
        """Return the path at which notes are listed and made."""

    @abstractmethod
    def note_path(self, request: MergeRequest, note: str) -> str:
        """Return the path of one note."""

    @abstractmethod
    def notes(self, api: Api, request: MergeRequest) -> Iterator[Note]:
        """Give the notes of a merge request, the oldest first, page by page."""

    update_method: ClassVar[str] = "PATCH"
