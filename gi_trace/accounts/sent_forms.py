"""Forms that did their act, by the key that each carries: sent again, a form does nothing and leads where it led."""

from datetime import datetime, timedelta

from sqlalchemy import String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from gi_trace import clock
from gi_trace.constraints import refused_as
from gi_trace.database import Base, UTCDateTime, act, db
from gi_trace.errors import N_, Refused

KEPT = timedelta(days=7)


class AlreadySent(Refused):
    code = "form_already_sent"
    status = 409
    text = N_("这张表刚才已经提交并办成，没有再办一次。")


class ChangedSinceSent(Refused):
    code = "form_changed_since_sent"
    status = 409
    text = N_("这张表刚才已经提交并办成；这次填的与那次不同，还没有办理。要另外再办一次，请再提交。")


class SentForm(Base):
    """`digest` is of what was filled in; `landed` the address that followed: None until it is known, "" for none."""

    __tablename__ = "sent_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True, info=refused_as(AlreadySent))
    digest: Mapped[str] = mapped_column(String(64))
    landed: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


def find_sent_form(key: str) -> SentForm | None:
    return db.session.scalar(select(SentForm).filter_by(key=key))


def keep_form(key: str, digest: str) -> None:
    """Inside the act that the form asks for. Raises AlreadySent, ChangedSinceSent."""
    if sent := find_sent_form(key):
        raise AlreadySent(key=key) if sent.digest == digest else ChangedSinceSent
    db.session.add(SentForm(key=key, digest=digest, sent_at=clock.now()))
    db.session.flush()


@act
def note_landing(key: str, address: str) -> None:
    if sent := find_sent_form(key):
        sent.landed = address


@act
def let_send_again(key: str) -> None:
    """What the form asked for was refused after all, or may be had as often as wished."""
    db.session.execute(delete(SentForm).filter_by(key=key))


def forget_sent_forms() -> None:
    """Inside an act."""
    db.session.execute(delete(SentForm).where(SentForm.sent_at < clock.now() - KEPT))
