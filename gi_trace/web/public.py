"""What everyone sees: the check of a code, without sign-in, script, cookie or redirect."""

import hashlib
import hmac

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gi_trace import clock
from gi_trace.keys import keys
from gi_trace.verification.actions import Look, look_at, record_check
from gi_trace.verification.models import Channel, checks_of, count_checks
from gi_trace.verification.rules import Verdict, findings_of, right_lapsed, right_loss
from gi_trace.web.guards import open_to_all

bp = Blueprint("public", __name__)
bp.before_request(open_to_all)


@bp.get("/")
def home() -> ResponseReturnValue:
    """A form for a typed code; with `code` in the address, its verdict."""
    typed = request.args.get("code", "").strip()
    return check(typed) if typed else render_template("public/home.html")


@bp.get("/c/<path:code>")
def check(code: str) -> ResponseReturnValue:
    look = look_at(code)
    # Verdict and history before recording: the page must not count the look that asks.
    page = render_template("public/verdict.html", **page_of(look))
    if counts(look):
        record_check(look, device=device_of(look), city=None, channel=channel())
    return page


@bp.get("/how-to-recognise")
def how_to_recognise() -> ResponseReturnValue:
    return render_template("public/how_to_recognise.html")


@bp.get("/what-a-code-cannot-prove")
def what_a_code_cannot_prove() -> ResponseReturnValue:
    return render_template("public/what_a_code_cannot_prove.html")


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    return render_template("public/privacy.html")


def page_of(look: Look) -> dict[str, object]:
    if look.batch is None or look.unit is None or look.facts is None:
        return {"look": look, "Verdict": Verdict}
    return {
        "look": look,
        "Verdict": Verdict,
        "batch": look.batch,
        "findings": findings_of(look.facts),
        "loss": right_loss(look.facts),
        "lapsed": right_lapsed(look.facts),
        "checks": checks_of(look.batch.number, look.unit, most=5),
        "check_count": count_checks(look.batch.number, look.unit),
    }


def counts(look: Look) -> bool:
    """A check is a look by the public: not by staff, not by HEAD, not by a prefetch."""
    prefetch = "prefetch" in (request.headers.get("Purpose", "") + request.headers.get("Sec-Purpose", ""))
    return (
        look.batch is not None
        and request.method == "GET"
        and not prefetch
        and not current_user.is_authenticated
    )


def device_of(look: Look) -> bytes:
    """A keyed hash of address, browser, batch and day: it links nobody across batches or days."""
    assert look.batch is not None
    parts = [request.remote_addr, request.headers.get("User-Agent", ""), look.batch.number, clock.today()]
    text = "\n".join(str(part) for part in parts)
    return hmac.digest(keys().devices, text.encode(), hashlib.sha256)[:16]


def channel() -> Channel:
    browser = request.headers.get("User-Agent", "")
    if "MicroMessenger" in browser:
        return Channel.WECHAT
    return Channel.ALIPAY if "AlipayClient" in browser else Channel.WEB
