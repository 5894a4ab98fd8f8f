"""Transfers: offered by one party, accepted, refused or cancelled; the weight moves on acceptance."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import Optional

from gi_trace.database import db
from gi_trace.registry.models import Party, PartyKind
from gi_trace.stock.actions import transfers
from gi_trace.stock.models import (
    Lot,
    Site,
    Transfer,
    lots_to_give,
    offers_by,
    offers_to,
    sites_of,
    transfers_decided,
)
from gi_trace.stock.places import partners
from gi_trace.web.act_page import Rows, act_page, answer_here, answer_to
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import (
    get_offer_by_us,
    get_offer_to_us,
    get_own_lot,
    own_parties,
    own_party_ids,
)
from gi_trace.web.forms import AtMost, WeightField, needed, stripped
from gi_trace.web.guards import me
from gi_trace.web.stock.lots import at_lot, lot_rows
from gi_trace.web.words import kg_text, lot_words

MOST_FOUND = 20  # partners to choose from
MOST_DECIDED = 50


class OfferForm(FlaskForm):
    """The partner by any part of its name or code; of several one is chosen, which needs no script."""

    lot_id = SelectField(_("批料"), [needed(_("没有可以转让的批料。"))], coerce=int)
    to = StringField(
        _("转给"),
        [needed(), AtMost(120)],
        filters=[stripped],
        description=_("企业名称（曾用名也可以）或统一社会信用代码的一部分；种植户填姓名。"),
    )
    party_id = RadioField(_("找到不止一家，请选择"), [Optional()], coerce=int, choices=[])
    weight = WeightField(_("重量（千克）"), [needed()])
    receiver: Party | None = None

    def __init__(self, lots: Sequence[Lot] | None) -> None:
        super().__init__()
        self.party_id.flags.optional = False  # asked for only where it is needed
        self.lot_id.choices = [(lot.id, _lot_words(lot)) for lot in lots or ()]
        if lots is None:
            del self.lot_id

    def validate(self, extra_validators: Any = None) -> bool:
        """The partner last: who is found decides whether there is something to choose."""
        found = self._found()
        self.party_id.choices = [(party.id, _party_words(party)) for party in found]
        sound = super().validate(extra_validators)
        if not (self.to.data or "").strip():
            return sound
        chosen = self.party_id.data
        self.receiver = next((party for party in found if party.id == chosen), None) or self._named(found)
        if self.receiver is None:
            self.to.errors = [*self.to.errors, self._what_is_wrong(found)]
        return sound and self.receiver is not None

    def _found(self) -> list[Party]:
        asked = (self.to.data or "").strip()
        return list(db.session.scalars(partners(me(), asked).limit(MOST_FOUND + 1))) if asked else []

    def _named(self, found: Sequence[Party]) -> Party | None:
        """The only one, or the only one that is called just so."""
        asked = self.to.data.strip()
        exact = [party for party in found if asked.upper() == party.uscc or asked == party.name]
        return next((some[0] for some in (found, exact) if len(some) == 1), None)

    @staticmethod
    def _what_is_wrong(found: Sequence[Party]) -> str:
        if not found:
            return gettext("没有找到这家企业或种植户。")
        if len(found) > MOST_FOUND:
            return gettext("找到的太多，请多写几个字。")
        return gettext("找到 {count} 家，请在下面选择。").format(count=len(found))


class AcceptForm(FlaskForm):
    """What arrived, and where it lies now; a grower's goods need no site."""

    weight = WeightField(_("收到的重量（千克）"), [needed()])
    reason = StringField(
        _("少收的原因"),
        [Optional(), AtMost(200)],
        description=_("收到的少于转来的，请写明；少的部分退回对方。"),
    )
    site = SelectField(_("存放场所"), [needed(_("请先登记存放场所。"))], coerce=int)

    def __init__(self, offer: Transfer) -> None:
        asked = request.args  # as typed before a site was added
        super().__init__(weight=offer.weight_g, reason=asked.get("reason"), site=asked.get("site", type=int))
        self.site.choices = [(site.id, site.name) for site in sites_of(offer.receiver)]
        if offer.receiver.kind is PartyKind.GROWER:
            del self.site
        if "weight" in asked and not self.is_submitted():
            self.weight.raw_data = [asked["weight"]]

    @property
    def place(self) -> Site | None:
        return db.session.get_one(Site, self.site.data) if self.site else None


class RefuseForm(FlaskForm):
    reason = StringField(_("拒收原因"), [needed(), AtMost(200)])


class CancelForm(FlaskForm):
    reason = StringField(_("撤回原因"), [Optional(), AtMost(200)])


@bp.get("/transfers")
def list_transfers() -> ResponseReturnValue:
    parties = own_parties()
    return render_template(
        "enterprise/list_transfers.html",
        incoming=_oldest_first(offer for party in parties for offer in offers_to(party)),
        outgoing=_oldest_first(offer for party in parties for offer in offers_by(party)),
        decided=transfers_decided(own_party_ids(), MOST_DECIDED),
    )


def _oldest_first(offers: Iterable[Transfer]) -> list[Transfer]:
    return sorted(offers, key=lambda offer: (offer.offered_at, offer.id))


@bp.route("/transfers/new", methods=["GET", "POST"])
@bp.route("/lots/<int:lot_id>/offer", methods=["GET", "POST"])
def offer_transfer(lot_id: int = 0) -> ResponseReturnValue:
    lot = get_own_lot(lot_id) if lot_id else None
    form = OfferForm(None if lot else lots_to_give(own_party_ids()))

    def act() -> str:
        assert form.receiver
        given = lot or get_own_lot(form.lot_id.data)
        transfers.offer_transfer(given, form.receiver, form.weight.data, by=me())
        return url_for(".list_transfers")

    def rows() -> Rows:
        receiver = [(_("接收方"), _party_words(form.receiver))] if form.receiver else []
        return [*(lot_rows(lot) if lot else []), *receiver]

    done = _("已提出转让。对方接收之前，这部分重量保留不动。")
    back = at_lot(lot) if lot else url_for(".list_transfers")
    return answer_to(
        form, _("转让"), act, rows=rows, back=back, done=done, template="enterprise/offer_transfer.html"
    )


def _lot_words(lot: Lot) -> str:
    owner = [lot.party.name] if lot.party.kind is PartyKind.GROWER else []
    return " · ".join([*owner, lot_words(lot)])


def _party_words(party: Party) -> str:
    former = (
        gettext("（曾用名：{names}）").format(names="、".join(party.former_names))
        if party.former_names
        else ""
    )
    place = party.uscc or (party.area.name if party.area else "")
    return f"{party.name}{former} {place}"


def _rows(offer: Transfer) -> Rows:
    return [
        (_("转出方"), offer.lot.party.name),
        (_("接收方"), offer.receiver.name),
        (_("批料"), f"{offer.lot.number} {offer.lot.material.name}"),
        (_("重量"), kg_text(offer.weight_g)),
    ]


act_on_offer = partial(act_page, bp, rows=_rows, back=".list_transfers")


@bp.route("/transfers/<int:transfer_id>/accept", methods=["GET", "POST"])
def accept_transfer(transfer_id: int) -> ResponseReturnValue:
    """One page: it shows what comes, takes what arrived, and has the refusal beside it."""
    offer = get_offer_to_us(transfer_id)
    form = AcceptForm(offer)
    if request.form.get("then") == "site":  # a place is added, and back to here with what was typed
        weight, reason = (request.form.get(name, "")[:200] for name in ("weight", "reason"))
        there = url_for(".accept_transfer", transfer_id=offer.id, weight=weight, reason=reason)
        return redirect(url_for(".add_site", back=there))

    def act() -> str:
        reason = form.reason.data or ""
        received = transfers.accept_transfer(
            offer, site=form.place, by=me(), weight_g=form.weight.data, reason=reason
        )
        return at_lot(received)

    def page() -> str:
        return render_template("enterprise/accept_transfer.html", form=form, offer=offer, rows=_rows(offer))

    return answer_here(form, act, page, done=_("已接收。"))


@act_on_offer(
    "/transfers/<int:transfer_id>/refuse", RefuseForm, _("拒收转让"), on=get_offer_to_us, done=_("已拒收。")
)
def refuse_transfer(offer: Transfer, form: RefuseForm) -> None:
    transfers.refuse_transfer(offer, reason=form.reason.data, by=me())


@act_on_offer(
    "/transfers/<int:transfer_id>/cancel",
    CancelForm,
    _("撤回转让"),
    on=get_offer_by_us,
    done=_("已撤回，重量恢复可用。"),
)
def cancel_transfer(offer: Transfer, form: CancelForm) -> None:
    transfers.cancel_transfer(offer, by=me(), reason=form.reason.data or "")
