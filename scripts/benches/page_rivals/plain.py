"""The same work as a plain Flask-SQLAlchemy application."""

import hashlib
from pathlib import Path

from flask import Flask, render_template, request
from flask_sqlalchemy import SQLAlchemy

from gi_trace.config import database_url, settings_from_environment
from gi_trace.database import Base
from gi_trace.keys import Keys
from scripts.benches.page_rivals.orm import check

settings = settings_from_environment()
app = Flask(__name__, template_folder=str(Path(__file__).parent))
app.config["SQLALCHEMY_DATABASE_URI"] = database_url(settings)
db = SQLAlchemy(app, model_class=Base)
keys = Keys(settings["DATA_DIR"])


@app.get("/c/<code>")
def show(code: str) -> str:
    device = hashlib.sha256(request.cookies.get("device", "").encode()).digest()[:16]
    return render_template("page.html", **check(db.session, keys.by_epoch, code, device))
