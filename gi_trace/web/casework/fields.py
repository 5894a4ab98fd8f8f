"""Fields and loading that the pages of leads and cases share."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace.accounts.models import Account, Role
from gi_trace.casework.actions.informants import check_may_see
from gi_trace.casework.models import Case, Lead
from gi_trace.casework.rules.money import parse_yuan
from gi_trace.database import db
from gi_trace.registry.models import all_products, find_party
from gi_trace.web.forms import AtMost, ReadField, needed
from gi_trace.web.guards import me


class ReasonForm(FlaskForm):
    reason = TextAreaField(_("理由"), [needed(_("请写明理由。")), AtMost(1000)])


class PersonForm(FlaskForm):
    person = SelectField(
        _("办理人"),
        [needed()],
        coerce=int,
        choices=lambda: [SelectChoice(one.id, name_of(one)) for one in people()],
    )


class MoneyField(ReadField):
    """Yuan as typed, kept as integer fen. Nothing typed is None."""

    def read(self, typed: str) -> int:
        return parse_yuan(typed)

    def text(self) -> str:
        return f"{self.data // 100}.{self.data % 100:02d}" if self.data else ""


class MatterForm(FlaskForm):
    """Whom a lead is about and which goods."""

    what = TextAreaField(_("情况"), [needed(), AtMost(2000)])
    respondent_name = StringField(_("被指的单位或个人"), [Optional(), AtMost(120)])
    respondent_code = StringField(_("社会信用代码或证照号"), [Optional(), AtMost(40)])
    respondent_address = StringField(_("地址"), [Optional(), AtMost(200)])
    product = SelectField(
        _("产品"),
        [Optional()],
        choices=lambda: [
            SelectChoice("", "—"),
            *(SelectChoice(str(one.id), one.name) for one in all_products()),
        ],
    )
    value = MoneyField(_("货值（元）"), [Optional()])

    def matter(self) -> dict[str, Any]:
        """The columns of a lead that these fields say."""
        code = (self.respondent_code.data or "").strip()
        party = find_party(code) if code else None
        return {
            "what": self.what.data.strip(),
            "respondent_name": (self.respondent_name.data or "").strip(),
            "respondent_code": code,
            "respondent_address": (self.respondent_address.data or "").strip(),
            "party_id": party.id if party else None,
            "product_id": int(self.product.data) if self.product.data else None,
            "value_fen": self.value.data or 0,
        }


def people() -> list[Account]:
    """Inspectors and officers who are here."""
    query = select(Account).where(Account.closed_at.is_(None))
    query = query.where(Account.role.in_((Role.INSPECTOR, Role.AUTHORITY)))
    return list(db.session.scalars(query.order_by(Account.role.desc(), Account.id)))


def officers() -> list[Account]:
    """Those of them who have a badge number and so may work on cases."""
    return [one for one in people() if one.badge_number]


def name_of(account: Account) -> str:
    return f"{account.name}（{account.badge_number}）" if account.badge_number else account.name


def get_lead(lead_id: int) -> Lead:
    """For the authority, or for who works on it."""
    lead = db.get_or_404(Lead, lead_id)
    check_may_see(lead, me())
    return lead


def get_case(case_id: int) -> Case:
    case = db.get_or_404(Case, case_id)
    check_may_see(case.lead, me())
    return case
