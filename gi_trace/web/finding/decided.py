"""Found: what officers propose to each other, and the files that they take over."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from gi_trace.imports.models import Import
from gi_trace.proposals.models import Proposal
from gi_trace.registry.finding import name_has
from gi_trace.web.finding.goods import OFFICE
from gi_trace.web.finding.kinds import Hit, Sought, kind
from gi_trace.web.finding.matters import digits_of
from gi_trace.web.words import label, moment_text


@kind(_("提请复核"), Proposal, of=(OFFICE,))
def find_proposals(sought: Sought) -> Iterator[Hit]:
    """By the number that lists show, or what they are about as the record names it."""
    about = Proposal.subject == sought.text.lower()
    query = select(Proposal).where((Proposal.id == digits_of(sought.text)) | about)
    for proposal in sought.some(query.order_by(Proposal.id.desc())):
        page = url_for(".show_proposal", proposal_id=proposal.id)
        detail = f"{label(proposal.state)} · {moment_text(proposal.proposed_at)}"
        yield Hit(f"{proposal.id} {label(proposal.kind)}", detail, page, sought.hits(str(proposal.id)))


@kind(_("导入"), Import, of=(OFFICE,))
def find_imports(sought: Sought) -> Iterator[Hit]:
    """By its number, the name of the file, or the SHA-256 that the list shows."""
    of_file = name_has(Import.name, sought.text) | (Import.sha256 == sought.text.lower())
    query = select(Import).where((Import.id == digits_of(sought.text)) | of_file)
    for sent in sought.some(query.order_by(Import.id.desc())):
        page = url_for(".show_import", import_id=sent.id)
        detail = f"{label(sent.kind)} · {label(sent.state)} · {moment_text(sent.sent_at)}"
        yield Hit(f"{sent.id} {sent.name}", detail, page, sought.hits(str(sent.id), sent.name, sent.sha256))
