"""The first five minutes: what there is to see where the data are fictional. Nowhere else does this page exist."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from gi_trace.demo.people import PASSWORD
from gi_trace.demo.showcase import SIGN_INS, shown_codes, shown_hidden_code
from gi_trace.record.models import holds_demo_data
from gi_trace.web.languages import LANGUAGES
from gi_trace.web.public import bp


@bp.get("/demo")
def demo() -> ResponseReturnValue:
    if not holds_demo_data():
        abort(404)
    return render_template(
        "public/demo.html",
        codes=shown_codes(),
        hidden=shown_hidden_code(),
        sign_ins=SIGN_INS,
        password=PASSWORD,
        languages=LANGUAGES,
    )
