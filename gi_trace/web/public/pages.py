"""Pages that are the same on every day."""

from flask import Response, current_app, render_template, send_from_directory
from flask.typing import ResponseReturnValue

from gi_trace.web.public import bp


@bp.get("/how-to-recognise")
def how_to_recognise() -> ResponseReturnValue:
    return render_template("public/how_to_recognise.html")


@bp.get("/what-a-code-cannot-prove")
def what_a_code_cannot_prove() -> ResponseReturnValue:
    return render_template("public/what_a_code_cannot_prove.html")


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    return render_template("public/privacy.html", check_days=current_app.config["CHECK_DAYS"])


@bp.get("/favicon.ico")
def favicon() -> Response:
    """For those that do not read what the pages say of it, chats and old browsers."""
    return send_from_directory(current_app.static_folder or "", "icons/favicon.ico", max_age=86400)


@bp.get("/robots.txt")
def robots() -> Response:
    return send_from_directory(current_app.static_folder or "", "robots.txt", max_age=86400)
