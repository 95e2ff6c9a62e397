"""HTTP/1.1 load: prebuilt bytes on an asyncio protocol, parsed by httptools, one request per connection."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
from collections.abc import Callable
from itertools import cycle
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from costplan.bench.outcomes import Outcome
from costplan.bench.target import HttpPlan
from costplan.bench.transport.interface import Finished, Surroundings, TransportLimits, not_listening
from costplan.network.addresses import pinned_address

_HEADER_ALLOWANCE = 64 * 1024
"""Bytes of status line and headers allowed on top of the body cap."""
_OK = Outcome.OK
"""Looking a member up in its enum costs as much as a whole callback."""
_OTHER_FILES = 64
"""File descriptors for all but the connections: journal, model, event loop."""
_REMEMBERED_REPLIES = 64
_REMEMBERED_BYTES = 16 * 1024
_BLANK_LINE = b"\r\n\r\n"


def _allow_open_files(wanted: int) -> None:
    """Raise this process's soft limit on open files, as far as the hard limit lets it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class ReplyCheck:
    """The target's check, asked once per distinct reply.

    Servers repeat themselves: the same prebuilt requests get the same bytes back. Parsing each copy anew
    would cost the generator more time than the exchange itself.
    """

    def __init__(self, check: Callable[[int, bytes], str | None]) -> None:
        self._check = check
        self._known: dict[tuple[int, bytes], str | None] = {}

    def __call__(self, status: int, body: bytes) -> str | None:
        if len(body) > _REMEMBERED_BYTES:
            return self._asked(status, body)
        key = (status, body)
        if key in self._known:
            return self._known[key]
        wrong = self._asked(status, body)
        if len(self._known) < _REMEMBERED_REPLIES:
            self._known[key] = wrong
        return wrong

    def _asked(self, status: int, body: bytes) -> str | None:
        try:
            return self._check(status, body)
        except Exception as error:  # a check that stumbles over a reply says that the reply is wrong
            return f"unreadable: {type(error).__name__}: {error}"


class HttpTransport:
    """A pool of connections that grows when a request finds none idle."""

    ends_in_threads = False

    def __init__(self, plan: HttpPlan, limits: TransportLimits, surroundings: Surroundings) -> None:
        self.plan = plan
        self.limits = limits
        self.now = surroundings.clock.now
        self.finished: Finished = not_listening
        self.explain = surroundings.explain
        self.check = ReplyCheck(plan.check)
        self.known_heads: dict[bytes, tuple[int, int, bool, str | None]] = {}
        """Status, length of the body, whether the connection stays, and content type where that is looked at,
        by status line and headers as they came."""
        self.idle: list[_Connection] = []
        self.connections: set[_Connection] = set()
        self.is_closing = False
        self._loop = surroundings.loop
        self._next_request = cycle(plan.requests).__next__
        self._kind = _TypedConnection if plan.content_type else _Connection
        self._address = ""
        self._ssl: ssl.SSLContext | None = None

    async def open(self, connections: int) -> None:
        """Pin the address, load certificates and open connections; failures show in the requests later."""
        _allow_open_files(self.limits.in_flight + _OTHER_FILES)
        self._address = self.plan.address or pinned_address(self.plan.host, self.plan.port)
        self._ssl = ssl.create_default_context() if self.plan.tls else None
        for _ in range(connections):
            self._connect()
        openings = [c.opening for c in self.connections if c.opening]
        if openings:
            await asyncio.wait(openings, timeout=self.limits.timeout_s)

    def send(self, due: int) -> None:
        """Send on an idle connection, else on a new one.

        `sent` is when the generator acts, before a new connection is made: waiting for the server to accept
        is the server's time, not the generator's lag.
        """
        connection = self.idle.pop() if self.idle else self._connect()
        connection.begin(due, self._next_request())

    def _connect(self) -> _Connection:
        connection = self._kind(self)
        self.connections.add(connection)
        connection.opening = self._loop.create_task(self._opened(connection))
        return connection

    async def _opened(self, connection: _Connection) -> None:
        try:
            await self._loop.create_connection(
                lambda: connection,
                self._address,
                self.plan.port,
                ssl=self._ssl,
                server_hostname=self.plan.host if self._ssl else None,
            )
        except ssl.SSLError as error:
            connection.fail(Outcome.TLS_ERROR, error.reason or str(error))
        except ConnectionError as error:
            in_handshake = self.plan.tls and not isinstance(error, ConnectionRefusedError)
            outcome = Outcome.TLS_ERROR if in_handshake else Outcome.CONNECT_ERROR
            connection.fail(outcome, error.strerror or type(error).__name__)
        except OSError as error:
            # Out of file descriptors is this process's limit, not the server's refusal.
            own_limit = error.errno in (errno.EMFILE, errno.ENFILE)
            outcome = Outcome.DROPPED if own_limit else Outcome.CONNECT_ERROR
            connection.fail(outcome, error.strerror or str(error))
        finally:
            connection.opening = None

    def sweep(self, now: int) -> None:
        """End what is older than the timeout; one pass over a list is cheaper than a timer per request."""
        oldest = now - self.limits.timeout_ns
        for connection in [c for c in self.connections if c.is_busy and c.sent <= oldest]:
            connection.fail(Outcome.TIMEOUT, f"no whole answer within {self.limits.timeout_s:g} s")

    def abandon(self, outcome: Outcome) -> None:
        """End everything in flight."""
        for connection in [c for c in self.connections if c.is_busy]:
            connection.fail(outcome, "in flight when the run ended")

    async def close(self) -> None:
        """Abort every connection, and wait for the loop to let go of them."""
        self.is_closing = True
        openings = [c.opening for c in self.connections if c.opening]
        for connection in list(self.connections):
            connection.abort()
        for task in openings:
            task.cancel()
        await asyncio.gather(*openings, return_exceptions=True)
        await asyncio.sleep(0)


class _Connection(asyncio.Protocol):
    """One connection and the exchange on it; every method runs in the event loop."""

    __slots__ = (
        "body",
        "due",
        "is_busy",
        "keeps_alive",
        "opening",
        "owner",
        "parser",
        "received",
        "replies",
        "request",
        "sent",
        "status",
        "transport",
    )

    def __init__(self, owner: HttpTransport) -> None:
        self.owner = owner
        self.opening: asyncio.Task[None] | None = None
        self.transport: asyncio.Transport | None = None
        self.parser = HttpResponseParser(self)
        self.is_busy = self.keeps_alive = False
        self.request = b""
        self.due = self.sent = self.received = self.replies = self.status = 0
        self.body: bytes | bytearray = b""

    def begin(self, due: int, request: bytes) -> None:
        """Start an exchange; before the connection is made, the bytes wait for it."""
        self.due = due
        self.is_busy = True
        self.received = 0
        self.body = b""
        self.sent = self.owner.now()
        if self.transport is not None:
            self.transport.write(request)
        else:
            self.request = request

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Write the request that waited, or wait in the pool."""
        # No isinstance: uvloop's transports do not descend from asyncio's.
        made = cast(asyncio.Transport, transport)
        if self not in self.owner.connections or self.owner.is_closing:
            made.abort()  # timed out while it was being made
            return
        self.transport = made
        raw = made.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.is_busy:
            made.write(self.request)
        else:
            self.owner.idle.append(self)

    def data_received(self, data: bytes) -> None:
        """Parse; the exchange ends only after all of `data`, so that a second reply in it is noticed."""
        if self.is_busy and not self.received and self._take_known(data):
            return
        self.received += len(data)
        try:
            self.parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            self.fail(Outcome.BAD_REPLY, f"not HTTP: {error}")
            return
        if self.replies:
            if self.received == len(data):
                self._remember(data)
            self._end()
        elif not self.is_busy:
            self.abort()  # bytes that nobody asked for
        elif self.received > self.owner.limits.body_bytes + _HEADER_ALLOWANCE:
            self.fail(Outcome.TOO_LARGE, f"reply above {self.owner.limits.body_bytes} bytes, the limit")

    def _take_known(self, data: bytes) -> bool:
        """Take a whole reply with a head that was parsed before: servers repeat theirs too."""
        head, _, body = data.partition(_BLANK_LINE)
        known = self.owner.known_heads.get(head)
        if known is None or known[1] != len(body):
            return False
        self.status, _, self.keeps_alive, kind = known
        if kind is not None:
            self._set_type(kind)
        self.received, self.body, self.replies = len(data), body, 1
        self._end()
        return True

    def _remember(self, data: bytes) -> None:
        """Keep what was parsed of a head that says the length of the body, which follows it as it is."""
        head, _, body = data.partition(_BLANK_LINE)
        if self.replies == 1 and body == self.body:
            known = self.owner.known_heads
            if len(known) >= _REMEMBERED_REPLIES:  # their dates have passed
                known.clear()
            known[head] = self.status, len(body), self.keeps_alive, self._type()

    def on_body(self, body: bytes) -> None:
        """Keep the first piece as it is: most replies have one."""
        if not self.body:
            self.body = body
        elif isinstance(self.body, bytearray):
            self.body += body
        else:
            self.body = bytearray(self.body) + body

    def on_message_complete(self) -> None:
        """Count the reply; an interim one (1xx) is followed by the real one."""
        status = self.parser.get_status_code()
        if status >= 200:
            self.replies += 1
            self.status = status
            self.keeps_alive = self.parser.should_keep_alive()  # the parser forgets it after this call

    def _end(self) -> None:
        done = self.owner.now()
        owner, replies, body = self.owner, self.replies, self.body
        self.replies = 0
        if not self.is_busy:
            self.abort()
            return
        if replies > 1:
            self.fail(Outcome.BAD_REPLY, f"{replies} replies to one request")
            return
        outcome = _OK
        if len(body) > owner.limits.body_bytes:
            outcome = Outcome.TOO_LARGE
            owner.explain(outcome, f"reply above {owner.limits.body_bytes} bytes, the limit")
        elif (wrong := self._judge(bytes(body))) is not None:
            outcome = wrong
        self.is_busy = False
        if self.keeps_alive:
            owner.idle.append(self)
        else:
            self.abort()
        owner.finished(self.due, self.sent, done, outcome)

    def _judge(self, body: bytes) -> Outcome | None:
        status = self.status
        if not 200 <= status < 300:
            self.owner.explain(Outcome.HTTP_ERROR, f"status {status}")
            return Outcome.HTTP_ERROR
        wrong = self._wrong_type() or self.owner.check(status, body)
        if wrong is None:
            return None
        self.owner.explain(Outcome.WRONG_ANSWER, wrong)
        return Outcome.WRONG_ANSWER

    def _wrong_type(self) -> str | None:
        return None

    def _type(self) -> str | None:
        return None

    def _set_type(self, kind: str) -> None:
        """Take the content type, where it is looked at."""

    def fail(self, outcome: Outcome, message: str) -> None:
        """End the exchange, if there is one, and the connection with it: its state is unknown."""
        was_busy, self.is_busy = self.is_busy, False
        done = self.owner.now()
        self.abort()
        if was_busy:
            self.owner.explain(outcome, message)
            self.owner.finished(self.due, self.sent, done, outcome)

    def abort(self) -> None:
        """Close without lingering and leave the pool."""
        self._leave()
        if self.transport is not None:
            self.transport.abort()
        elif self.opening is not None and self.opening is not asyncio.current_task():
            self.opening.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """End an exchange that was under way; an idle connection may close when the server likes.

        A reply without a length that ends by closing is lost too: it cannot be told from one cut short.
        """
        self.transport = None
        self.fail(Outcome.CONNECTION_LOST, str(exc) if exc else "closed before the whole answer")

    def _leave(self) -> None:
        self.owner.connections.discard(self)
        with contextlib.suppress(ValueError):
            self.owner.idle.remove(self)


class _TypedConnection(_Connection):
    """Looks at the content type too; apart, since a callback per header costs a microsecond per reply."""

    __slots__ = ("content_type",)

    def __init__(self, owner: HttpTransport) -> None:
        self.content_type = ""
        super().__init__(owner)

    def on_message_begin(self) -> None:
        """Forget the reply before."""
        self.content_type = ""

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the media type, without its parameters."""
        if name.lower() == b"content-type":
            self.content_type = value.decode("latin-1").split(";", 1)[0].strip().lower()

    def _type(self) -> str | None:
        return self.content_type

    def _set_type(self, kind: str) -> None:
        self.content_type = kind

    def _wrong_type(self) -> str | None:
        wanted = self.owner.plan.content_type
        if self.content_type == wanted:
            return None
        return f"content type `{self.content_type[:60]}` instead of `{wanted}`"
