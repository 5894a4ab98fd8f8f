"""What the authority entered of names in other languages; the last entry of a name and language is the one that counts."""

from datetime import date

from sqlalchemy import Connection, String, select
from sqlalchemy.orm import Mapped, mapped_column

from gi_trace.database import Base
from gi_trace.registry.glossary import Glossary


class GlossaryEntry(Base):
    """`name` is empty where the name is to stay Chinese from that day on."""

    __tablename__ = "glossary_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    chinese: Mapped[str] = mapped_column(String(120), index=True)
    language: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120), default="")
    on: Mapped[date]


ENTERED = select(GlossaryEntry.language, GlossaryEntry.chinese, GlossaryEntry.name).order_by(GlossaryEntry.id)


def read_glossary(connection: Connection) -> Glossary:
    return Glossary({(row.language, row.chinese): row.name for row in connection.execute(ENTERED)})
