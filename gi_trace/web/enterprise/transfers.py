"""Transfers: offered by one party, accepted, refused or cancelled; the weight moves on acceptance."""

from functools import partial

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import Optional

from gi_trace.database import db
from gi_trace.registry.models import Party, find_party
from gi_trace.stock.actions import transfers
from gi_trace.stock.models import Site, Transfer, offers_by, offers_to, sites_of
from gi_trace.web.act_page import Rows, act_page, answer_to
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import get_offer_by_us, get_offer_to_us, get_own_lot, own_parties
from gi_trace.web.forms import AtMost, WeightField, needed
from gi_trace.web.guards import me
from gi_trace.web.stock.lots import at_lot, lot_rows
from gi_trace.web.words import kg_text


class OfferForm(FlaskForm):
    uscc = StringField(_("接收企业的统一社会信用代码"), [needed(), AtMost(30)])
    weight = WeightField(_("重量（千克）"), [needed()])
    receiver: Party | None = None

    def validate_uscc(self, field: StringField) -> None:
        self.receiver = find_party(field.data.strip().upper())
        if self.receiver is None:
            raise ValidationError(_("名录里没有这个统一社会信用代码的企业。"))


class AcceptForm(FlaskForm):
    site = SelectField(_("存放场所"), [needed(_("请先登记存放场所。"))], coerce=int)

    def __init__(self, offer: Transfer) -> None:
        super().__init__()
        self.site.choices = [(site.id, site.name) for site in sites_of(offer.receiver)]


class RefuseForm(FlaskForm):
    reason = StringField(_("拒收原因"), [needed(), AtMost(200)])


class CancelForm(FlaskForm):
    reason = StringField(_("撤回原因"), [Optional(), AtMost(200)])


@bp.get("/transfers")
def list_transfers() -> ResponseReturnValue:
    parties = own_parties()
    return render_template(
        "enterprise/list_transfers.html",
        incoming=[offer for party in parties for offer in offers_to(party)],
        outgoing=[offer for party in parties for offer in offers_by(party)],
    )


@bp.route("/lots/<int:lot_id>/offer", methods=["GET", "POST"])
def offer_transfer(lot_id: int) -> ResponseReturnValue:
    lot, form = get_own_lot(lot_id), OfferForm()

    def act() -> str:
        assert form.receiver
        transfers.offer_transfer(lot, form.receiver, form.weight.data, by=me())
        return url_for(".list_transfers")

    def rows() -> Rows:
        return [*lot_rows(lot), *([(_("接收方"), form.receiver.name)] if form.receiver else [])]

    done = _("已提出转让。对方接收之前，这部分重量保留不动。")
    return answer_to(form, _("转让"), act, rows=rows, back=at_lot(lot), done=done)


def _rows(offer: Transfer) -> Rows:
    return [
        (_("转出方"), offer.lot.party.name),
        (_("接收方"), offer.receiver.name),
        (_("批料"), f"{offer.lot.number} {offer.lot.material.name}"),
        (_("重量"), kg_text(offer.weight_g)),
    ]


act_on_offer = partial(act_page, bp, rows=_rows, back=".list_transfers")


@act_on_offer(
    "/transfers/<int:transfer_id>/accept",
    lambda offer: AcceptForm(offer),
    _("接收转让"),
    on=get_offer_to_us,
    done=_("已接收。"),
)
def accept_transfer(offer: Transfer, form: AcceptForm) -> str:
    return at_lot(transfers.accept_transfer(offer, site=db.session.get_one(Site, form.site.data), by=me()))


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
