"""Puts the service together: engine, recorder, routes, and the layer that accounts for requests."""

from __future__ import annotations

from typing import TextIO

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from costplan._version import __version__
from costplan.messages.errors import CostplanError
from costplan.service.backends import BackendOptions, make_backend
from costplan.service.body import BodyReader
from costplan.service.classify_route import classify_router
from costplan.service.engine import Engine
from costplan.service.logs import JsonLog
from costplan.service.metrics import CONTENT_TYPE, Metrics
from costplan.service.observe import Observed
from costplan.service.predict_route import predict_router
from costplan.service.protocol_routes import InferEndpoint, protocol_router
from costplan.service.records import Recorder
from costplan.service.refusals import add_refusals, answer_to
from costplan.service.settings import Settings
from costplan.service.stores import make_store


class Service:
    """Everything that one instance holds. `open` before the first request, `close` after the last."""

    def __init__(self, settings: Settings, log_stream: TextIO | None = None) -> None:
        self.settings = settings
        self.log = JsonLog(log_stream)
        self.metrics = Metrics()
        self.recorder = Recorder(make_store(settings.record), self.metrics, self.log)
        self.engine = self._engine()
        self.metrics.watch(self.recorder.waiting, lambda: self.log.dropped)
        self.app: ASGIApp = Observed(self._application(), self.metrics, self.log, settings.log)

    def open(self) -> None:
        """Open the model and start the threads.

        Raises:
            InputError: The model file cannot be served.
        """
        self.engine.load()
        self.recorder.start()

    def close(self) -> bool:
        """Write what waits; False when an inference could not be ended."""
        is_idle = self.engine.close()
        self.recorder.close()
        self.log.close()
        return is_idle

    def _engine(self) -> Engine:
        settings = self.settings
        options = BackendOptions(
            settings.model_name,
            settings.model_file,
            settings.backend_address,
            settings.threads,
            settings.parallel,
            settings.backend_timeout_seconds,
            settings.provider,
        )
        return Engine(
            make_backend(settings.backend, options),
            settings.model_name,
            settings.parallel,
            settings.max_in_flight,
            settings.backend_timeout_seconds,
            self.metrics,
            self.recorder,
        )

    def _application(self) -> ASGIApp:
        settings = self.settings
        read = BodyReader(settings.max_body_bytes, settings.body_timeout_seconds, settings.max_held_bytes)
        infer = InferEndpoint(self.engine, read, settings.max_json_bytes)
        return Shortcut(self._api(read, infer), infer, f"/v2/models/{self.settings.model_name}/infer")

    def _api(self, read: BodyReader, infer: InferEndpoint) -> FastAPI:
        # The pages at /docs load scripts from elsewhere, so they are off; /openapi.json is there.
        api = FastAPI(
            title="costplan inference service",
            version=__version__,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
        )
        api.router.routes.extend(infer.routes())
        api.include_router(protocol_router(self.engine))
        api.include_router(predict_router(self.engine, read))
        api.include_router(classify_router(self.engine, read, self.metrics.cpu, self.settings.max_pixels))

        @api.get("/metrics", include_in_schema=False)
        async def metrics() -> Response:
            return Response(self.metrics.text(), media_type=CONTENT_TYPE)

        add_refusals(api)
        return api


class Shortcut:
    """Takes the one address that carries the load past the framework, which would add a third to its time."""

    def __init__(self, api: ASGIApp, infer: InferEndpoint, path: str) -> None:
        self._api, self._infer, self._path = api, infer, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an inference directly, with the same refusals; pass everything else on."""
        if scope["type"] != "http" or scope["path"] != self._path or scope["method"] != "POST":
            await self._api(scope, receive, send)
            return
        try:
            await self._infer.answer(scope, receive, send)
        except (CostplanError, HTTPException) as error:
            await answer_to(error)(scope, receive, send)
