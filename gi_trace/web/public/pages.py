"""Pages that are the same on every day."""

from flask import current_app, render_template
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
