"""Runs the service: the listening socket, the signals, the order of ending."""

from __future__ import annotations

import os
import signal
import socket
import sys
import warnings
from collections.abc import Sequence
from types import FrameType

import uvicorn

from costplan.messages.errors import CostplanError, ExitCode, InputError
from costplan.network.shown import shown_address
from costplan.service.app import Service
from costplan.service.logs import bridge_libraries
from costplan.service.settings import Settings, read_settings
from costplan.service.wire import BoundedProtocol

_KEEP_ALIVE_SECONDS = 75
"""Longer than load balancers keep an idle connection, so that they close it and never meet a closed one."""


_SWITCH_SECONDS = 0.0005
"""How long the threads of the log and the records may hold the interpreter at a time; 5 ms is usual."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C and return the exit code."""
    settings = read_settings(arguments)
    try:
        service = Service(settings)
        service.open()
        listener = _listen(settings)
    except CostplanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    bridge_libraries(service.log)
    return run(service, listener)


def run(service: Service, listener: socket.socket) -> int:
    """Serve on a listening socket: stop accepting at a signal, finish what runs, write what waits."""
    server = _server(service)
    received: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        received.append(number)
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # Pillow warns of what it passes over in a file: what clients send is no news, and Python keeps each text.
    warnings.filterwarnings("ignore", module="PIL")
    sys.setswitchinterval(_SWITCH_SECONDS)
    host, port = listener.getsockname()[:2]
    service.log.event(
        "info",
        "listening",
        host=host,
        port=port,
        model=service.settings.model_name,
        backend=service.settings.backend,
        backend_address=shown_address(service.settings.backend_address) or "",
        threads=service.settings.threads,
        parallel=service.settings.parallel,
    )
    server.run(sockets=[listener])
    is_idle = service.close()
    code = ExitCode.INTERRUPTED if signal.SIGINT in received else ExitCode.DONE
    if not is_idle:
        # An inference outlived the grace period, and the interpreter would wait for its thread.
        sys.stdout.flush()
        os._exit(code)
    return code


def _server(service: Service) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            service.app,
            http=BoundedProtocol,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=max(1, round(service.settings.grace_seconds)),
        )
    )


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"--port: {settings.host}:{settings.port} cannot be listened on: {reason}",
            hint="choose another port, or 0 for a free one",
        ) from None
