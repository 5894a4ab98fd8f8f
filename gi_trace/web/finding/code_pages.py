"""A code with everything that the service knows of it, for officers. Never counted as a public check."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from gi_trace.accounts.models import Role
from gi_trace.batches.models import Batch, print_run_of, unit_ranges
from gi_trace.database import db
from gi_trace.registry.parties import successors
from gi_trace.verification.alerts import latest_copy_alert
from gi_trace.verification.hidden_codes import first_use, wrong_tries
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.models import checks_of
from gi_trace.web.languages import page_language
from gi_trace.web.public.verdict_page import parts_of
from gi_trace.web.shared_pages import SharedPages
from gi_trace.web.stock.lots import batch_chain

pages = SharedPages("codes", Role.INSPECTOR, Role.AUTHORITY)


def later_names(batch: Batch) -> list[tuple[Any, str]]:
    """What is called otherwise now than on the packs, in full; and who succeeds the enterprise."""
    firm, number = batch.party, batch.authorisation.number
    now = [
        (_("产品现名"), batch.product.name, batch.printed_product),
        (_("企业现名"), firm.name, batch.printed_name),
        (_("现统一社会信用代码"), firm.uscc, batch.printed_uscc),
        (_("现公告号或注册号"), number, batch.printed_number),
    ]
    later = [(title, text or "") for title, text, printed in now if text != printed]
    names = "、".join(heir.name for heir in successors(firm))
    return [*later, (_("承继企业"), names)] if names else later


@pages.get("/codes/<path:code>")
def show_code(code: str) -> ResponseReturnValue:
    answer = look_at(code)
    context: dict[str, object] = {"answer": answer}
    if answer.batch:
        shape, values = parts_of(answer, page_language())
        batch, unit = db.session.get_one(Batch, answer.batch.number), answer.unit
        context |= {
            "batch": batch,
            "facts": shape.facts_of(values),
            "later": later_names(batch),
            "first_use": first_use(batch.number, unit),
            "wrong_tries": wrong_tries(batch.number, unit),
            "alert": latest_copy_alert(batch.number, unit),
            "run": print_run_of(batch, unit),
            "ranges": unit_ranges(batch),
            "all_checks": checks_of(batch.number, unit),
        } | batch_chain(batch)
    return render_template("components/code.html", **context)
