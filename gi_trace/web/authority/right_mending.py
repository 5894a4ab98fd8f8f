"""A wrong decision on a right is taken back, a wrong entry corrected: proposed here, confirmed by a second officer."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.database import db
from gi_trace.registry.mending_rules import NotRevocable, Terms, is_revocable, without
from gi_trace.registry.models import Authorisation, AuthorisationChange
from gi_trace.registry.right_proposals import propose_correction, propose_revocation
from gi_trace.registry.rules import Basis, Right
from gi_trace.web.act_page import Follows, Rows, Stakes, answer_to
from gi_trace.web.authority import bp
from gi_trace.web.authority.foresight import stakes_of
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.authority.rights import FOR_THE_PARTY, at_right, get_authorisation
from gi_trace.web.forms import AtMost, needed, notice_field, reason_field, stripped
from gi_trace.web.guards import me
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.words import day_text, label

PROPOSED = _("已提请复核。")


SHOWN_ON_ROLL = _("照原样登在公开名录的授权经过里，不显示在查验页上；请不要写个人信息和举报人。")


def document_field() -> StringField:
    told = _("例如复议决定书、更正通知的名称和文号。")
    return StringField(_("依据的文件"), [needed(), AtMost(200)], filters=[stripped], description=told)


class RevocationForm(LeavingForm):
    leaves = ("reason", "notice")

    document = document_field()
    reason = reason_field(FOR_THE_PARTY)
    notice = notice_field(Optional(), told=SHOWN_ON_ROLL)


class TermsForm(LeavingForm):
    leaves = ("reason", "notice")

    basis = SelectField(_("保护依据"), [needed()])
    number = StringField(_("公告号或注册号"), [needed(), AtMost(60)], filters=[stripped])
    starts_on = DateField(_("起始日"), [needed()])
    ends_on = DateField(_("截止日"), [Optional()], description=_("没有截止日的留空。"))
    document = document_field()
    reason = reason_field(FOR_THE_PARTY)
    notice = notice_field(Optional(), told=SHOWN_ON_ROLL)

    def __init__(self, right: Authorisation):
        super().__init__(data=vars(right.terms))
        self.basis.choices = [SelectChoice(one.basis, label(one.basis)) for one in right.product.bases]

    @property
    def terms(self) -> Terms:
        return Terms(Basis(self.basis.data), self.number.data, self.starts_on.data, self.ends_on.data)


def _rows(right: Authorisation) -> Rows:
    return [(_("企业"), right.party.name), (_("授权"), f"{right.product.name} · {label(right.basis)}")]


@bp.route("/authorisations/changes/<int:change_id>/revoke", methods=["GET", "POST"])
def revoke_change(change_id: int) -> ResponseReturnValue:
    change, form = db.get_or_404(AuthorisationChange, change_id), RevocationForm()
    right = change.authorisation
    if not is_revocable(right.right, change.change):
        raise NotRevocable

    def act() -> Follows:
        words = {
            "document": form.document.data,
            "reason": form.reason.data,
            "notice": form.notice.data,
        }
        return proposed(propose_revocation(change, **words, by=me()))

    return answer_to(
        form,
        _("撤回决定"),
        act,
        rows=[
            *_rows(right),
            (_("撤回的决定"), label(change.kind)),
            (_("生效日"), day_text(change.effective_on)),
        ],
        back=at_right(right),
        done=PROPOSED,
        notes=[
            _("用于决定有误或经复议、诉讼撤销的情形；须由另一名同事复核。"),
            _("同意后，查验页立即恢复为从来没有过这项决定；经过里保留两次决定。"),
        ],
        stakes=lambda: stakes_of(right, right=without(right.right, change.change, clock.today())),
    )


@bp.route("/authorisations/<int:right_id>/correct", methods=["GET", "POST"])
def correct_authorisation(right_id: int) -> ResponseReturnValue:
    right = get_authorisation(right_id)
    form = TermsForm(right)

    def act() -> Follows:
        words = {
            "document": form.document.data,
            "reason": form.reason.data,
            "notice": form.notice.data,
        }
        return proposed(propose_correction(right, form.terms, **words, by=me()))

    def stakes() -> Stakes:
        terms = form.terms
        after = Right(terms.starts_on, terms.ends_on, right.right.changes)
        return stakes_of(right, right=after, basis=terms.basis)

    return answer_to(
        form,
        _("更正登记"),
        act,
        rows=_rows(right),
        back=at_right(right),
        done=PROPOSED,
        notes=[
            _("只用于登记时录错的内容；须由另一名同事复核。"),
            _("同意后视同一开始就这样登记；包装日期不在更正后期限内的标识会显示“包装时无用标权”。"),
        ],
        stakes=stakes,
    )
