"""People who sign in, and their sign-ins. A person who left is closed, never deleted."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_login import UserMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace import clock
from gi_trace.accounts.rules import SignInNameTaken, plain_name
from gi_trace.constraints import refused_as
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.errors import N_
from gi_trace.words import Worded

if TYPE_CHECKING:
    from gi_trace.registry.models import Area, Party


class Role(Worded):
    AUTHORITY = "authority", N_("主管部门")
    ENTERPRISE = "enterprise", N_("企业")
    VILLAGE = "village", N_("村级")
    INSPECTOR = "inspector", N_("巡查员")


class Duty(Worded):
    """What an officer of the authority does there; one who is lent by another office may hold 审核 alone."""

    HANDLER = "handler", N_("经办")
    REVIEWER = "reviewer", N_("审核")
    ADMINISTRATOR = "administrator", N_("管理员")


class Scope(Worded):
    """What a token may be used for, within what its account may."""

    READ = "read", N_("查看批料、批次、印制批")
    BATCHES = "batches", N_("登记、取消批次，拆包")
    LABELS = "labels", N_("下单、下载、启用标识，登记损耗")
    HIDDEN_CODES = "hidden-codes", N_("下载涂层密码")


class Account(UserMixin, Base):
    """One person. Enterprise accounts act for a party, village accounts for the growers of an area; those of the
    authority have `duties`, and nobody else has."""

    __tablename__ = "account"
    __allow_unmapped__ = True  # for sign_in_token, which is no column
    __table_args__ = (
        CheckConstraint("(role = 'enterprise') = (party_id IS NOT NULL)", name="party_of_enterprise"),
        CheckConstraint("(role = 'village') = (area_id IS NOT NULL)", name="area_of_village"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_in_name: Mapped[str] = mapped_column(String(60), unique=True, info=refused_as(SignInNameTaken))
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    manages_clerks: Mapped[bool] = mapped_column(default=False)
    badge_number: Mapped[str | None] = mapped_column(String(40))
    duties: Mapped[list[str]] = mapped_column(JSON, default=list)
    password_hash: Mapped[str] = mapped_column(String(120))
    password_is_one_time: Mapped[bool]
    password_set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    party: Mapped["Party | None"] = relationship()
    area: Mapped["Area | None"] = relationship()

    sign_in_token: str | None = None  # set when loaded for a request; it names the sign-in, not the person

    # Flask-Login's own takes any two accounts that are not signed in for one person.
    __eq__, __ne__, __hash__ = object.__eq__, object.__ne__, object.__hash__

    def get_id(self) -> str:
        return self.sign_in_token or ""


class SignIn(Base):
    """One signed-in browser, kept on the server so that it can be ended from here."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    browser: Mapped[str] = mapped_column(String(200))

    account: Mapped[Account] = relationship()


class ApiToken(Base):
    """Only the hash is kept; the token itself is shown once. Of its use the day is noted, once a day."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship()


def find_account(sign_in_name: str) -> Account | None:
    return db.session.scalar(select(Account).filter_by(sign_in_name=plain_name(sign_in_name)))


def has_accounts() -> bool:
    return db.session.scalar(select(Account.id).limit(1)) is not None


def inspectors() -> list[Account]:
    """Those who may go on patrol."""
    query = select(Account).filter_by(role=Role.INSPECTOR, closed_at=None)
    return list(db.session.scalars(query.order_by(Account.name)))


def has_administrator() -> bool:
    """Whether an open account of the authority manages the others."""
    officers = db.session.scalars(select(Account).filter_by(role=Role.AUTHORITY, closed_at=None))
    return any(Duty.ADMINISTRATOR in officer.duties for officer in officers)


def eyewitnesses() -> list[Account]:
    """Who may have seen goods for the authority: officers and inspectors who are there."""
    query = select(Account).where(
        Account.role.in_([Role.AUTHORITY, Role.INSPECTOR]), Account.closed_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Account.name)))


def officers_with(duty: Duty) -> list[Account]:
    """Officers of the authority who are there and have the duty: reviewers confirm what others proposed."""
    officers = select(Account).filter_by(role=Role.AUTHORITY, closed_at=None).order_by(Account.id)
    return [officer for officer in db.session.scalars(officers) if duty in officer.duties]


def accounts_of_party(party_id: int) -> list[Account]:
    return list(db.session.scalars(select(Account).filter_by(party_id=party_id).order_by(Account.id)))


def tokens_seen_by(account: Account) -> list[ApiToken]:
    """One's own; of all the firm's accounts, for the one that manages them."""
    query = select(ApiToken).join(ApiToken.account).order_by(ApiToken.id)
    seen = Account.id == account.id
    if account.manages_clerks:
        seen |= Account.party_id == account.party_id
    return list(db.session.scalars(query.where(seen)))


def count_standing_tokens(account: Account) -> int:
    """Those that would end with the account's password."""
    query = select(func.count()).select_from(ApiToken).filter_by(account_id=account.id, revoked_at=None)
    return db.session.scalar(query.where(ApiToken.expires_at > clock.now())) or 0


def names_of_actors(actors: Iterable[str]) -> dict[str, str]:
    """Names of the accounts among the actors of the record, by "account:12"."""
    ids = {int(actor.removeprefix("account:")) for actor in actors if actor.startswith("account:")}
    accounts = db.session.scalars(select(Account).where(Account.id.in_(ids)))
    return {f"account:{account.id}": account.name for account in accounts}
