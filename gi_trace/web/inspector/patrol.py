"""The patrol app: its shell, its service worker and what it takes along. JSON unless said otherwise."""

import base64
import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from gi_trace import clock
from gi_trace.accounts.models import inspectors
from gi_trace.casework.shops_to_visit import all_shops, shops_to_visit
from gi_trace.codes.reading import Content
from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.patrol.items import read
from gi_trace.patrol.models import all_markets, offences_in_use, shop_places
from gi_trace.patrol.packs.actions import Opening, pack_for, phone_of, register_phone
from gi_trace.patrol.packs.asked import ASKED_PACK, PHONE
from gi_trace.patrol.packs.models import Pack
from gi_trace.patrol.packs.rules import SAID_OFFLINE
from gi_trace.patrol.packs.seen import shops_with
from gi_trace.patrol.rules import LabelField, Measure
from gi_trace.registry.models import all_products, find_product
from gi_trace.registry.rules import Basis
from gi_trace.verification.looking.look import look_at, unit_of
from gi_trace.web.guards import me
from gi_trace.web.inspector import bp
from gi_trace.web.languages import page_language
from gi_trace.web.uploads import sent_json

SHELL = (
    "site.css",
    "patrol.css",
    "favicon.svg",
    "vendor/qr/decode.js",
)
NOT_IN_SHELL = {"worker.js", "sign_out.js"}


@bp.get("/patrol")
def patrol() -> ResponseReturnValue:
    """The shell (HTML): the same for every officer, so that it holds nothing personal."""
    return render_template(
        "inspector/patrol.html",
        said_offline=SAID_OFFLINE,
        LabelField=LabelField,
        Measure=Measure,
        Basis=Basis,
        Content=Content,
    )


@bp.get("/patrol/worker.js")
def patrol_worker() -> ResponseReturnValue:
    """The service worker; its text changes with every file of the shell, so that phones fetch them anew."""
    files = shell_files(str(current_app.static_folder))
    shell = hashlib.sha256((shell_digest(str(current_app.static_folder)) + str(patrol())).encode())
    head = current_app.json.dumps(
        {"version": shell.hexdigest()[:16], "page": url_for(".patrol"), "files": files}, ensure_ascii=True
    )
    code = Path(str(current_app.static_folder), "js/patrol/worker.js").read_text("utf-8")
    response = Response(f"const SHELL = {head};\n{code}", mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = url_for(".patrol")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/patrol/manifest.webmanifest")
def patrol_manifest() -> ResponseReturnValue:
    icons = [
        _icon("favicon.svg", "any", type="image/svg+xml"),
        _icon("icons/patrol-192.png", "192x192"),
        _icon("icons/patrol-512.png", "512x512"),
        _icon("icons/patrol-maskable.png", "512x512", purpose="maskable"),
    ]
    manifest = {
        "id": url_for(".patrol"),
        "name": "江门地理标志巡查",
        "short_name": "巡查",
        "lang": page_language().tag,
        "start_url": url_for(".patrol"),
        "scope": url_for(".patrol"),
        "display": "standalone",
        "background_color": "#faf7f2",
        "theme_color": "#0b5752",
        "icons": icons,
    }
    return Response(current_app.json.dumps(manifest), mimetype="application/manifest+json")


def _icon(name: str, sizes: str, **more: str) -> dict[str, str]:
    return {"src": url_for("static", filename=name), "sizes": sizes, "type": "image/png"} | more


@bp.get("/patrol/session")
def patrol_session() -> ResponseReturnValue:
    """Who is signed in, the token that writes need, the service's time, the key that signs packs, and this officer's two
    that seal what a phone keeps."""
    public_key = keys().packs.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return jsonify(
        officer={"id": me().id, "name": me().name},
        csrf_token=generate_csrf(),
        now=clock.now().isoformat(timespec="milliseconds"),
        pack_key=base64.b64encode(public_key).decode(),
        seals=[base64.b64encode(key).decode() for key in keys().seals_of(me().id)],
    )


@bp.get("/patrol/reference")
def patrol_reference() -> ResponseReturnValue:
    """Lists that forms offer: offences, officers, markets, and shops, the most promising first."""
    shops, places = {shop.id: shop for shop in all_shops()}, shop_places()
    return jsonify(
        products=[{"code": product.code, "name": product.name} for product in all_products()],
        offences=[{"code": o.code, "text": o.text, "clause": o.clause} for o in offences_in_use()],
        officers=[{"id": officer.id, "name": officer.name} for officer in inspectors()],
        markets=[{"id": market.id, "name": market.name, "city": market.city} for market in all_markets()],
        shops=[
            _shop(shops[stop.shop_id])
            | places.get(stop.shop_id, {})
            | {"reasons": [gettext(text).format(**facts) for text, facts in stop.reasons]}
            for stop in shops_to_visit(list(shops.values()))
        ],
    )


@bp.post("/patrol/phone")
def patrol_phone() -> ResponseReturnValue:
    """Make this phone known by its public key."""
    asked = read(PHONE, sent_json())
    phone = register_phone(me(), asked["public_key"], browser=request.headers.get("User-Agent", ""))
    return jsonify(phone=phone.id)


@bp.post("/patrol/pack")
def patrol_pack() -> ResponseReturnValue:
    """The pack itself, in bytes."""
    asked = read(ASKED_PACK, sent_json())
    phone = phone_of(me(), asked["phone"])
    products = [product for code in asked["products"] if (product := find_product(code))]
    base = db.session.get(Pack, asked["base"])
    _, written = pack_for(phone, Opening(asked["wrap_key"], asked["proof"]), products, base=base)
    response = Response(written, mimetype="application/octet-stream")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(gzip.compress(written, 6))
        response.headers["Content-Encoding"] = "gzip"
    return response


@bp.get("/patrol/codes")
def patrol_code() -> ResponseReturnValue:
    """The service's own verdict of a scanned or typed text, and the shops in which officers met that unit; an inspector's
    look is never counted."""
    answer = look_at(request.args.get("text", ""))
    seen = shops_with(answer.code) if unit_of(answer.code) else []
    return jsonify(code=answer.code, verdict=answer.verdict.value, seen=seen, now=clock.now().isoformat())


@cache
def shell_files(static_folder: str) -> list[str]:
    """Addresses of all that the app needs to start without network, besides its page."""
    modules = {path.name for path in Path(static_folder, "js/patrol").glob("*.js")} - NOT_IN_SHELL
    names = [*SHELL, *(f"js/patrol/{name}" for name in sorted(modules))]
    return [f"/static/{name}" for name in names]


@cache
def shell_digest(static_folder: str) -> str:
    parts = [Path(static_folder, name.removeprefix("/static/")) for name in shell_files(static_folder)]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def _shop(shop: Any) -> dict[str, Any]:
    names = ("id", "name", "address", "code", "city", "market_id", "link", "platform", "seller")
    return {name: getattr(shop, name) for name in names}
