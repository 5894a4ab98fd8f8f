"""Found: firms, growers, rights, products and accounts – who and what stands in the registers."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from gi_trace.accounts.models import Account
from gi_trace.applications.models import Application
from gi_trace.registry.finding import name_has, right_is_numbered
from gi_trace.registry.models import (
    Authorisation,
    Party,
    PartyEntry,
    PartyKind,
    Product,
    ProductBasis,
    Standard,
    was_called,
)
from gi_trace.registry.numbers import same_number
from gi_trace.web.finding.goods import FIRM, OFFICE, PATROL, VILLAGE, is_own
from gi_trace.web.finding.kinds import Hit, Sought, kind
from gi_trace.web.lists.accounts import account_is_called
from gi_trace.web.lists.applications import application_is_called
from gi_trace.web.words import label


@kind(_("企业"), Party, PartyEntry, of=(OFFICE, PATROL, FIRM))
def find_firms(sought: Sought) -> Iterator[Hit]:
    """By a code or name that it has or had; by the office also by the document of an entry. Inspectors see what the public
    roll says of it."""
    called = was_called(sought.text)
    if sought.by.role is OFFICE:
        called |= Party.entries.any(name_has(PartyEntry.document, sought.text))
    query = select(Party).filter_by(kind=PartyKind.ENTERPRISE).where(called, is_own(Party.id, sought.by))
    query = query.options(selectinload(Party.entries))
    for party in sought.some(query.order_by(func.length(Party.name), Party.name)):
        had = {number for one in party.entries for number in (one.name, one.uscc, one.document)}
        former = "、".join(party.former_names)
        names = _("曾用名 {name}").format(name=former)
        detail = f"{party.uscc} · {names}" if former else party.uscc
        yield Hit(party.name, detail, _firm_page(party, sought.by), sought.hits(party.name, party.uscc, *had))


def _firm_page(party: Party, by: Account) -> str:
    if by.role is OFFICE:
        return url_for(".show_party", party_id=party.id)
    return url_for("public.show_roll", q=party.uscc) if by.role is PATROL else url_for(".home")


@kind(_("种植户"), of=(OFFICE, VILLAGE))
def find_growers(sought: Sought) -> Iterator[Hit]:
    query = select(Party).filter_by(kind=PartyKind.GROWER).options(joinedload(Party.area))
    query = query.where(name_has(Party.name, sought.text), is_own(Party.id, sought.by))
    for party in sought.some(query.order_by(func.length(Party.name), Party.name, Party.id)):
        place = party.area.name if party.area else ""
        page = url_for(".show_grower", party_id=party.id)
        yield Hit(party.name, place, page, sought.hits(party.name))


@kind(_("用标申请"), Application, of=(OFFICE, FIRM))
def find_applications(sought: Sought) -> Iterator[Hit]:
    """By its number, or the firm's code or name. Who came without an account is the office's to find."""
    query = select(Application).where(application_is_called(sought.text))
    query = query.where(is_own(Application.party_id, sought.by)).options(joinedload(Application.product))
    for application in sought.some(query.order_by(Application.id.desc())):
        page = url_for(".show_application", application_id=application.id)
        detail = f"{application.name} · {application.product.name}"
        yield Hit(application.number, detail, page, sought.hits(application.number))


@kind(_("用标授权"), Authorisation, of=(OFFICE, FIRM))
def find_rights(sought: Sought) -> Iterator[Hit]:
    """By the number of its announcement or registration, today's or one put right since, or a document's."""
    query = select(Authorisation).where(right_is_numbered(sought.text))
    query = query.where(is_own(Authorisation.party_id, sought.by))
    query = query.options(
        joinedload(Authorisation.party),
        joinedload(Authorisation.product),
        selectinload(Authorisation.changes),
    )
    for right in sought.some(query.order_by(func.length(Authorisation.number), Authorisation.id)):
        office = sought.by.role is OFFICE
        page = url_for(".show_authorisation", right_id=right.id) if office else url_for(".home")
        detail = f"{right.party.name} · {right.product.name} · {label(right.basis)}"
        numbers = [right.number, *(one for change in right.changes for one in change.former_numbers)]
        exact = sought.hits(*numbers) or any(same_number(one, sought.text) for one in numbers)
        yield Hit(right.number, detail, page, exact)


@kind(_("产品"), ProductBasis, Standard, of=(OFFICE,))
def find_products(sought: Sought) -> Iterator[Hit]:
    """By the number of its own announcement or mark, of a standard, or by its name."""
    text = sought.text
    announced = Product.bases.any(ProductBasis.number.contains(text, autoescape=True))
    standard = Product.standards.any(Standard.code.contains(text, autoescape=True))
    query = select(Product).where(or_(announced, standard, name_has(Product.name, text)))
    for product in sought.some(query.order_by(Product.id)):
        numbers = [one.number for one in product.bases] + [one.code for one in product.standards]
        page = url_for(".show_product", code=product.code)
        yield Hit(product.name, "、".join(filter(None, numbers)), page, sought.hits(product.name, *numbers))


@kind(_("账号"), Account, of=(OFFICE,))
def find_accounts(sought: Sought) -> Iterator[Hit]:
    badge = func.upper(Account.badge_number) == sought.text.upper()
    query = select(Account).outerjoin(Account.party).where(account_is_called(sought.text) | badge)
    for account in sought.some(query.order_by(func.length(Account.name), Account.id)):
        page = url_for(".show_account", account_id=account.id)
        exact = sought.hits(account.sign_in_name, account.badge_number, account.name)
        yield Hit(account.name, f"{account.sign_in_name} · {label(account.role)}", page, exact)
