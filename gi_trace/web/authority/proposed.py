"""What a second officer looks at before deciding: the pages of what a proposal is about, and what the public would read."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _

from gi_trace.batches.models import Batch
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stop_proposals import ranges_of
from gi_trace.database import db
from gi_trace.imports.models import with_content
from gi_trace.proposals.models import Proposal, ProposalKind
from gi_trace.registry.models import Authorisation
from gi_trace.registry.right_proposals import right_after
from gi_trace.stock.models import Plot
from gi_trace.web.act_page import Stakes
from gi_trace.web.authority.foresight import stakes_of, stakes_of_stop

Links = Iterator[tuple[Any, str]]
PAGES = {
    "account": (_("账号"), "show_account", "account_id"),
    "alert": (_("警报"), "show_alert", "alert_id"),
    "application": (_("用标申请"), "show_application", "application_id"),
    "authorisation": (_("用标授权"), "show_authorisation", "right_id"),
    "batch": (_("批次"), "show_batch", "number"),
    "case_file": (_("案件"), "show_case", "case_id"),
    "import": (_("这次导入的预览和结果"), "show_import", "import_id"),
    "lot": (_("批料"), "show_lot", "lot_id"),
    "party": (_("企业"), "show_party", "party_id"),
}


def links_of(proposal: Proposal) -> list[tuple[Any, str]]:
    return list(_links(*proposal.subject.split(":"))) if proposal.subject else []


def _links(table: str, key: str) -> Links:
    if table in PAGES:
        name, page, part = PAGES[table]
        parts: dict[str, Any] = {part: int(key)}
        yield name, url_for(f".{page}", **parts)
    if table == "authorisation":
        right = db.session.get_one(Authorisation, int(key))
        yield _("企业"), url_for(".show_party", party_id=right.party_id)
    if table == "import" and with_content([int(key)]):
        yield _("下载文件"), url_for(".download_import", import_id=int(key))
    if table == "plot":
        yield _("种植户和地块"), url_for(".show_grower", party_id=db.session.get_one(Plot, int(key)).party_id)


def stakes_of_proposal(proposal: Proposal) -> Stakes | None:
    """As its proposer saw them; nothing where no label reads otherwise by it."""
    if proposal.kind is ProposalKind.STOP:
        told = proposal.arguments
        batch, kind = db.session.get_one(Batch, told["batch"]), StopKind(told["kind"])
        return stakes_of_stop(batch, kind, ranges_of(proposal), notice=proposal.notice)
    if not proposal.kind.startswith("right_"):
        return None
    after = right_after(proposal)
    return stakes_of(after[0], **after[1]) if after else None
