"""The kinds of things that can be found: what each looks like as an answer, and who may find it.

One function a kind, each with one bounded question to the database.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gi_trace.accounts.models import Account, Role
from gi_trace.database import Base, db
from gi_trace.names import search_key
from gi_trace.web.lists.listing import AnySelect

MOST = 10  # of one kind


@dataclass(frozen=True)
class Hit:
    """Something found. It is exact where what was typed is one of its numbers, whole."""

    text: Any
    detail: Any
    address: str
    is_exact: bool


@dataclass(frozen=True)
class Sought:
    """What was typed, and by whom."""

    text: str
    by: Account

    @property
    def plain(self) -> str:
        return plain(self.text)

    def hits(self, *numbers: str | None) -> bool:
        """Whether it is one of these, however it is written."""
        return self.plain in {plain(number) for number in numbers if number}

    def some(self, query: AnySelect) -> Iterable[Any]:
        return db.session.scalars(query.limit(MOST)).all()

    def rows(self, query: AnySelect) -> Iterable[Any]:
        """Of several things beside one another."""
        return db.session.execute(query.limit(MOST)).all()


def plain(text: str) -> str:
    """A number or name without what people write in one way or another."""
    return search_key(text).upper()


Find = Callable[[Sought], Iterable[Hit]]


@dataclass(frozen=True)
class Kind:
    """`things` are the tables whose numbers lead to it."""

    title: Any
    find: Find
    things: tuple[type[Base], ...]
    roles: tuple[Role, ...]


KINDS: list[Kind] = []


def kind(title: Any, *things: type[Base], of: tuple[Role, ...]) -> Callable[[Find], Find]:
    """Enters a function into the table of kinds."""

    def entered(find: Find) -> Find:
        KINDS.append(Kind(title, find, things, of))
        return find

    return entered
