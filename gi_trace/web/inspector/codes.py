"""An inspector types or opens a code. Never counted as a public check."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gi_trace.batches.models import packed_in_season_g, print_run_of, unit_ranges
from gi_trace.verification.actions import look_at
from gi_trace.verification.models import checks_of
from gi_trace.web.inspector import bp
from gi_trace.web.public import page_of


@bp.get("/")
def home() -> ResponseReturnValue:
    typed = request.args.get("code", "").strip()
    if typed:
        return redirect(url_for(".show_code", code=look_at(typed).code))
    return render_template("inspector/home.html")


@bp.get("/codes/<path:code>")
def show_code(code: str) -> ResponseReturnValue:
    look = look_at(code)
    context = page_of(look)
    if look.batch is not None and look.unit is not None:
        right = look.batch.authorisation
        context |= {
            "run": print_run_of(look.batch, look.unit),
            "ranges": unit_ranges(look.batch),
            "quotas": [(q, packed_in_season_g(right, q.season)) for q in right.quotas],
            "all_checks": checks_of(look.batch.number, look.unit),
        }
    return render_template("inspector/show_code.html", **context)
