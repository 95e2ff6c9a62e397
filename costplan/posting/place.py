"""Where a note goes and as whom: from the pipeline's variables, checked before anything is sent."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason, either
from costplan.messages.text import listed, shortened, visible
from costplan.network.addresses import (
    Endpoint,
    Resolver,
    base_path,
    is_private,
    pinned_address,
    shown_host,
    split_address,
    system_resolver,
    unwrapped,
)
from costplan.posting.api import Api
from costplan.posting.contract import MergeRequest, Site
from costplan.posting.sites import SITES

AUTOMATIC = "auto"
_NUMBER = re.compile(r"[0-9]{1,19}")
_PROJECT = re.compile(r"[\w.-]+(?:/[\w.-]+)*")
_TOKEN = re.compile(r"[!-~]{1,4096}")


class Wanted(NamedTuple):
    """What the command line says of the place."""

    site: str
    """Name of one of `SITES`, or `auto`."""
    host: str | None = None
    """Of the API; one that a token may be sent to besides the known ones."""
    project: str | None = None
    request: str | None = None


class Place(NamedTuple):
    """A place for a note that has been checked without any request."""

    site: Site
    address: str
    """Of the API."""
    project: str
    number: str | None
    """None where only the site itself can say it."""


def place_of(wanted: Wanted, environment: Mapping[str, str]) -> Place:
    """Find the place of a note.

    Raises:
        InputError: A part of it is not known or malformed, or the host is none that a token may be sent to.
    """
    site = _site(wanted.site, environment)
    address = _address(site, wanted.host, environment)
    known = [urlsplit(site.known_api).hostname, _host_of(wanted.host)]
    parts = _checked_form(address, [host for host in known if host])
    project = site.project(environment) if wanted.project is None else wanted.project
    if project is None:
        raise InputError(
            Reason("no variable of {title} says the project", site.title), hint="name it with --project"
        )
    if not _PROJECT.fullmatch(project) or {".", ".."} & set(project.split("/")):
        raise InputError(Reason("`{project}` is not the name of a project", _brief(project)))
    number = site.number(environment) if wanted.request is None else wanted.request
    if number is not None and not _NUMBER.fullmatch(number):
        raise InputError(Reason("`{number}` is not the number of a merge request", _brief(number)))
    return Place(site, f"{parts.scheme.lower()}://{parts.netloc}{base_path(address, parts)}", project, number)


def _site(name: str, environment: Mapping[str, str]) -> Site:
    if name != AUTOMATIC:
        return SITES[name]
    for site in SITES.values():
        if site.runs(environment):
            return site
    raise InputError(
        "no pipeline that costplan knows runs here",
        hint=Reason("name the site: --post {names}", either(SITES)),
    )


def _address(site: Site, host: str | None, environment: Mapping[str, str]) -> str:
    """Return where the API is: as the pipeline says, else on the host that is named, else everybody's."""
    said = site.api_address(environment) if site.runs(environment) else None
    if said or not host:
        return said or site.known_api
    scheme = "http" if _is_loopback(_host_of(host)) else "https"
    return f"{scheme}://{host}{site.own_path}"


def _host_of(named: str | None) -> str:
    """Return the host of `HOST` or `HOST:PORT`.

    Raises:
        InputError: It is more than that.
    """
    if named is None:
        return ""
    parts, _ = split_address(named, "https")
    if "://" in named or parts.path or parts.query or parts.fragment:
        raise InputError("--host: must be a host and nothing else", hint="such as gitlab.example.com")
    return parts.hostname or ""


def _checked_form(address: str, hosts: Sequence[str]) -> SplitResult:
    parts, _ = split_address(address, "https")
    host = parts.hostname or ""
    if parts.scheme.lower() not in ("https", "http"):
        raise InputError(Reason("{host}: notes go by https", host))
    if host not in hosts and not _is_loopback(host):
        raise InputError(
            Reason("{host} is no host that a token may be sent to: {known}", host, listed(hosts)),
            hint=Reason("if it is yours, name it: --host {host}", host),
        )
    if parts.scheme.lower() == "http" and not _is_loopback(host):
        raise InputError(Reason("{host}: a token is never sent in the clear", host), hint="write https://")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def token_of(site: Site, environment: Mapping[str, str]) -> str:
    """Return the token, from the environment only.

    Raises:
        InputError: There is none, or what is there is none.
    """
    for name in site.token_variables:
        text = environment.get(name, "").strip()
        if text and not _TOKEN.fullmatch(text):
            raise InputError(Reason("{name}: holds what no token has, such as a blank", name))
        if text:
            return text
    names = either(site.token_variables)
    raise InputError(Reason("no token: set {names} in the environment", names), hint=site.who_may)


def api_of(place: Place, token: str, wanted: Wanted, resolve: Resolver = system_resolver) -> Api:
    """Pin the API to one address.

    Raises:
        InputError: The name is not found, or stands for an address that nothing is sent to.
    """
    parts, port = split_address(place.address, "https")
    host = parts.hostname or ""
    address = ipaddress.ip_address(pinned_address(host, port, resolve))
    plain = unwrapped(address)
    if parts.scheme == "http" and not plain.is_loopback:
        raise InputError(Reason("{host}: a token is never sent in the clear", shown_host(host, address)))
    if is_private(plain) and _host_of(wanted.host) != host:
        raise InputError(
            Reason("{host}: a private address gets a token only when named", shown_host(host, address)),
            hint=Reason("if it is yours, name it: --host {host}", host),
        )
    endpoint = Endpoint(parts.scheme, host, port, str(address), base_path(place.address, parts))
    return Api(endpoint, place.site.headers(token), token)


def request_of(place: Place, api: Api, environment: Mapping[str, str]) -> MergeRequest:
    """Return the merge request; the site is asked for a number that the pipeline does not say.

    Raises:
        InputError: Nobody knows it.
    """
    number = place.number or place.site.find_number(api, place.project, environment)
    if number is None or not _NUMBER.fullmatch(number):
        raise InputError(
            Reason("nothing says which merge request of {title} this is for", place.site.title),
            hint=place.site.request_variables,
        )
    return MergeRequest(place.project, number)


def _brief(text: str) -> str:
    return visible(shortened(text, 80))
