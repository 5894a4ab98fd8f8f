"""An enterprise takes the place of another one: by merger, split, or a change of its form or code."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.registry.models import Authorisation, Party, find_party
from gi_trace.registry.party_rules import SuccessionKind
from gi_trace.registry.rules import RightState, state_on
from gi_trace.stock.actions.succession import SuccessionFacts
from gi_trace.stock.actions.succession_proposals import propose_succession
from gi_trace.stock.models import lots_of
from gi_trace.web.act_page import Follows, Rows, act_page
from gi_trace.web.authority import bp
from gi_trace.web.authority.parties import at_party, get_party, sound_uscc
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.forms import AtMost, ChoicesField, needed, stripped
from gi_trace.web.guards import me
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.words import choices_of, kg_text, label


class SuccessionForm(LeavingForm):
    """With a field for the announcement of each right that may pass on: see `form_for`."""

    leaves = ("reason",)

    heir = StringField(
        _("承继企业的统一社会信用代码"),
        [needed(), AtMost(40), sound_uscc],
        description=_("承继企业须先在名录里登记。"),
    )
    kind = RadioField(_("情形"), [needed()], choices=choices_of(SuccessionKind))
    from_day = DateField(
        _("从哪一天起"), [needed()], default=clock.today, description=_("登记机关核准的日期，不能晚于今天。")
    )
    reason = TextAreaField(_("理由"), [needed(_("请写明理由。")), AtMost(500)])
    document = StringField(_("依据文件"), [needed(), AtMost(120)], filters=[stripped])
    lots = ChoicesField(
        _("分立时随之转出的批料"), coerce=int, description=_("合并和变更时，全部批料随之转出，不必选择。")
    )

    def validate_heir(self, field: StringField) -> None:
        if find_party(field.data or "") is None:
            raise ValidationError(_("名录里没有这个统一社会信用代码的企业。"))

    def facts_of(self, party: Party) -> SuccessionFacts:
        numbers = {right: self[name_of_field(right)].data for right in rights_passing(party)}
        return SuccessionFacts(
            kind=SuccessionKind(self.kind.data),
            from_day=self.from_day.data,
            reason=self.reason.data,
            document=self.document.data,
            numbers={right: number for right, number in numbers.items() if number},
            lots=[lot for lot in lots_of(party) if lot.id in (self.lots.data or ())],
        )


def rights_passing(party: Party) -> list[Authorisation]:
    today = clock.today()
    return [right for right in party.authorisations if state_on(right.right, today) is RightState.IN_FORCE]


def name_of_field(right: Authorisation) -> str:
    return f"number_{right.id}"


def form_for(party: Party) -> SuccessionForm:
    kind = type(SuccessionForm.__name__, (SuccessionForm,), {})
    for right in rights_passing(party):
        field = StringField(
            gettext(
                "随之承继的授权的新公告号：%(right)s", right=f"{right.product.name} · {label(right.basis)}"
            ),
            [Optional(), AtMost(60)],
            filters=[stripped],
            description=gettext("原号 %(number)s。不承继的留空。", number=right.number),
        )
        setattr(kind, name_of_field(right), field)
    form = kind()
    form.lots.choices = [
        SelectChoice(lot.id, f"{lot.number} {lot.material.name} {kg_text(lot.balance_g)}")
        for lot in lots_of(party)
    ]
    return form


def _rows(party: Party) -> Rows:
    return [(_("原企业"), party.name), (_("统一社会信用代码"), party.uscc)]


@act_page(
    bp,
    "/parties/<int:party_id>/succession",
    form_for,
    _("由另一企业承继"),
    on=get_party,
    rows=_rows,
    back=at_party,
    notes=[
        _("须由另一名同事复核，同意的当天生效；原企业还有待复核的提请时，须先办结。"),
        _("除分立外，原企业不再存在：它的授权今天终止，批料全部转给承继企业。"),
        _("写了新公告号的授权，承继企业从今天起享有；其余的须另行授予。"),
        _("原有标识的查验页写明原名和承继企业；授权因故暂停或撤销的，仍照旧写明。"),
    ],
)
def enter_succession(party: Party, form: SuccessionForm) -> Follows:
    heir = find_party(form.heir.data or "")
    assert heir is not None  # the form looked
    return proposed(propose_succession(party, heir, form.facts_of(party), by=me()))
