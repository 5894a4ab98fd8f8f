"""The same work on FastAPI, as its tutorial does it: a session per request, Jinja2, commit."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import Cookie, Depends, FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from gi_trace.config import database_url, settings_from_environment
from gi_trace.keys import Keys
from scripts.benches.page_rivals.orm import check

settings = settings_from_environment()
engine = create_engine(database_url(settings))
keys = Keys(settings["DATA_DIR"])
templates = Jinja2Templates(directory=Path(__file__).parent)
app = FastAPI()


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@app.get("/c/{code}", response_class=HTMLResponse)
def show(
    request: Request,
    code: str,
    session: Annotated[Session, Depends(get_session)],
    device: Annotated[str, Cookie()] = "",
):
    known = hashlib.sha256(device.encode()).digest()[:16]
    return templates.TemplateResponse(request, "page.html", check(session, keys.by_epoch, code, known))
