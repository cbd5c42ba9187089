"""The control API: HTTP under /v1. What the screen can do, a script can do.

The routes are in `reads`, `live` and `acts`; `door` is what a request passes before them.
"""

import logging
import sqlite3

from fastapi import FastAPI, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.routing import Match

from ezrec_tui import __version__
from ezrec_tui.clock import SystemClock
from ezrec_tui.engine.acts import not_taken
from ezrec_tui.engine.api.acts import add_acts
from ezrec_tui.engine.api.forms import ALWAYS, speaker
from ezrec_tui.engine.api.live import add_live
from ezrec_tui.engine.api.reads import add_reads
from ezrec_tui.engine.engine import Engine
from ezrec_tui.model import Answer

DESCRIPTION = """Control of the recorder of a court: what is recorded, what becomes of it, and the acts.

On the Unix socket whoever may open it may do everything; over TCP a token is needed. Every refusal is an `Answer`
whose `message` is a sentence for people."""

TOKEN = HTTPBearer(scheme_name="token", description="Over TCP; not on the Unix socket.", auto_error=False)
"""For the description alone: the door looks at it."""

log = logging.getLogger(__name__)


def create_app(engine: Engine) -> FastAPI:
    """The API of one engine."""
    app = FastAPI(
        title="EZREC",
        version=__version__,
        description=DESCRIPTION,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=ALWAYS,
        dependencies=[Security(TOKEN)],
        generate_unique_id_function=_name,
        exception_handlers={
            RequestValidationError: _not_understood,
            HTTPException: _refused,
            sqlite3.OperationalError: _not_taken,
        },
    )
    add_reads(app, engine)
    add_live(app, engine, SystemClock())
    add_acts(app, engine)
    return app


def _name(route: APIRoute) -> str:
    return route.name


def _answer(message: str, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(Answer(ok=False, message=message).model_dump(), status_code=status, headers=headers)


async def _not_understood(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    parts = [f"{'.'.join(str(at) for at in item['loc'][1:]) or 'body'}: {item['msg']}" for item in error.errors()]
    return _answer("; ".join(parts), 422)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:  # the first route of this path knows of no other one
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    return _answer(error.detail, error.status_code, headers)


def _methods(request: Request) -> set[str]:
    """That the path which is asked for knows."""
    routes = [route for route in request.app.routes if isinstance(route, APIRoute)]
    return {
        method
        for route in routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


async def _not_taken(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, sqlite3.OperationalError)
    message = not_taken(error).message
    log.error("%s %r by=%s: %s", request.method, request.url.path, speaker(request), message)
    return _answer(message, 409)
