"""Where an inspector types a code."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gi_trace.verification.looking.look import look_at
from gi_trace.web.inspector import bp


@bp.get("/")
def home() -> ResponseReturnValue:
    typed = request.args.get("code", "").strip()
    if typed:
        answer = look_at(typed)
        return redirect(url_for(".show_code", code=typed if answer.reading else answer.code))
    return render_template("inspector/home.html")
