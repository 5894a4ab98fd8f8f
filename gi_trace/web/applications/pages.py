"""One page of an application for the firm and the office; what the firm may do there; papers as downloads."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from gi_trace.accounts.models import Account
from gi_trace.applications.actions import take_own_step
from gi_trace.applications.clocks import clocks_of
from gi_trace.applications.models import Application, firm_of
from gi_trace.applications.rules import OF_APPLICANT, Move, check_move, moves_from
from gi_trace.errors import NotFound
from gi_trace.evidence.store import evidence_store
from gi_trace.web.act_page import Rows, answer_to
from gi_trace.web.applications.forms import AddPapersForm, CorrectionForm, PapersForm, WithdrawalForm
from gi_trace.web.applications.strangers import count_strangers
from gi_trace.web.lists.applications import stage_tag
from gi_trace.web.words import day_text, label

OWN_FORMS: dict[Move, type[FlaskForm]] = {
    Move.ADD_PAPERS: AddPapersForm,
    Move.CORRECT: CorrectionForm,
    Move.WITHDRAW: WithdrawalForm,
}
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
}


def application_page(
    application: Application,
    offered: Iterable[Move],
    *,
    where: dict[str, int] | None = None,
    back: str,
    is_office: bool = False,
    receipt: str = "",
    links: Sequence[tuple[str, Any]] = (),
) -> str:
    """`offered` are the moves that may be made now; `where` goes into the addresses of their pages and of papers."""
    return render_template(
        "components/application.html",
        application=application,
        stage=stage_tag(application.stage),
        clocks=list(clocks_of([application]).values()),
        rows=application_rows(application),
        offered=list(offered),
        where=where or {},
        back=back,
        is_office=is_office,
        receipt=receipt,
        links=links,
        warnings=what_to_look_at(application) if is_office and application.is_open else [],
    )


def application_rows(application: Application) -> Rows:
    rows = [
        (_("申请种类"), label(application.kind)),
        (_("产品"), f"{application.product.name} · {label(application.basis)}"),
        (_("企业"), application.name),
        (_("统一社会信用代码"), application.uscc),
    ]
    if application.new_name:
        rows += [
            (_("新的企业名称"), application.new_name),
            (_("更名核准日期"), day_text(application.new_name_since)),
        ]
    return [
        *rows,
        (_("法定代表人或经营者"), application.representative or "—"),
        (_("所在镇"), application.area.name if application.area else "—"),
        (_("地址"), application.address or "—"),
        (_("联系人和电话"), application.contact),
    ]


def what_to_look_at(application: Application) -> list[Any]:
    """For the office: what speaks against believing the application as it stands."""
    told, firm = [], firm_of(application)
    if application.party is None:
        told.append(_("无账号递交：谁都可以用这家企业的名义递交，请先向企业核实。"))
    if firm and firm.name != application.name:
        told.append(_("名册上这个代码的企业是“{name}”，与申请所写的名称不同。").format(name=firm.name))
    if firm and application.new_name:
        told.append(
            _("同意后，名册上的“{name}”改称“{new}”。").format(name=firm.name, new=application.new_name)
        )
    if application.missing:
        missing = gettext("、").join(str(label(kind)) for kind in application.missing)
        told.append(_("还没有收到：{papers}").format(papers=missing))
    return told


def own_moves(application: Application) -> list[Move]:
    return [move for move in moves_from(application.stage) if move in OF_APPLICANT]


def answer_own_move(
    application: Application, asked: str, *, back: str, by: Account | None
) -> ResponseReturnValue:
    """The page on which the firm adds papers, mends or withdraws."""
    if asked not in OWN_FORMS:
        raise NotFound
    move = Move(asked)
    check_move(application.stage, move)
    form = OWN_FORMS[move]()

    def act() -> None:
        if by is None and isinstance(form, PapersForm):
            count_strangers()
        papers = form.keep(len(application.papers_of_round)) if isinstance(form, PapersForm) else []
        take_own_step(application, move, words=form.words.data or "", papers=papers, by=by)

    asked_for = application.last(Move.ASK_CORRECTION) if move is Move.CORRECT else None
    rows = [(_("要求补正的内容"), asked_for.words)] if asked_for else []
    return answer_to(
        form,
        label(move),
        act,
        back=back,
        rows=rows,
        done=_("已收到：{move}").format(move=label(move)),
        submit=label(move) if isinstance(form, PapersForm) else None,
    )


def send_paper(application: Application, paper_id: int) -> ResponseReturnValue:
    """As it came, to be saved and not shown: nobody here knows what is in it. Its name there is ours, by what it is."""
    paper = next((one for one in application.papers if one.id == paper_id), None)
    if paper is None:
        raise NotFound
    return send_file(
        evidence_store().original(paper.sha256),
        mimetype=paper.media_type,
        as_attachment=True,
        download_name=f"{application.id}-{paper.id}-{paper.kind.value}.{ENDINGS[paper.media_type]}",
    )
