"""What a list is – its rows, columns and filters – and what its address asks of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Result, ScalarResult, Select
from sqlalchemy.orm.interfaces import ORMOption

from gi_trace.database import db
from gi_trace.errors import N_, Refused

AnySelect: TypeAlias = Select[*tuple[Any, ...]]

LONGEST_TYPED = 100
AT_A_TIME = 500  # rows in memory while a file is written


class TooMuchTyped(Refused):
    code = "too_much_typed"
    text = N_("输入了 {count} 个字，最多 {most} 个字。请只输入名称或号码。")


class NoSuchChoice(Refused):
    code = "list.no_such_choice"
    text = N_("“{given}”不是这一项可以选的。请回到列表，从选项里选。")


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere; `css` is its class."""

    text: Any
    address: str
    css: str = ""


@dataclass(frozen=True)
class Tag:
    """A cell of a state; kind is good, warn, bad or quiet."""

    text: Any
    kind: str = "quiet"


@dataclass(frozen=True)
class Heading:
    """A column. `cell` makes a row's value: text, number, date, moment, Link, Tag, or several of these.

    `sort` is what the database orders by. `kind` is number, weight (grams), wide or code. What `stays` comes first and
    is narrow, so that it is on the screen of a phone before anybody scrolls.
    """

    name: str
    title: Any
    cell: Callable[[Any], Any]
    sort: Any = None
    kind: str = ""
    only_in_file: bool = False
    stays: bool = False


@dataclass(frozen=True)
class Filter:
    """Something to narrow a list by. `where` is said to the database; `keeps`, asked of each row, is for what only our
    own rules know. Without `choices` it is typed. `default` holds until the address says otherwise."""

    name: str
    title: Any
    where: Callable[[Any], ColumnElement[bool]] | None = None
    keeps: Callable[[Any, str], bool] | None = None
    choices: Sequence[tuple[str, Any]] = ()
    default: str = ""
    is_day: bool = False

    def asked(self, given: Mapping[str, str]) -> str:
        """What the address says, or the default. Raises TooMuchTyped, NoSuchChoice."""
        value = typed(given.get(self.name, self.default))
        known = {choice for choice, _words in self.choices}
        if value and known and value not in known or self.is_day and value and not _is_day(value):
            raise NoSuchChoice(given=value)
        return value

    def condition(self, value: str) -> ColumnElement[bool]:
        assert self.where
        return self.where(date.fromisoformat(value) if self.is_day else value)


@dataclass(frozen=True)
class Listing:
    """A list of rows: those of `query`, of one thing or of several beside one another.

    `order` is how they stand until a heading is chosen, its last column unique; `rank` puts them in an order that the
    database cannot give. So that no row asks by itself, `loaded` are options for what the cells need of it, and `told`
    makes of some rows, at once, what cells and rank are given in their stead.
    """

    name: str
    title: Any
    query: AnySelect
    headings: Sequence[Heading]
    order: Sequence[Any]
    filters: Sequence[Filter] = ()
    loaded: Sequence[ORMOption] = ()
    told: Callable[[list[Any]], list[Any]] = list
    rank: Callable[[list[Any]], list[Any]] | None = None
    empty: Any = ""
    template: str = "components/list.html"
    shown: Mapping[str, Any] = field(default_factory=dict)


class AskedListing:
    """A listing as an address asks for it."""

    def __init__(self, listing: Listing, given: Mapping[str, str]) -> None:
        self.listing = listing
        self.answers = {one.name: one.asked(given) for one in listing.filters}
        self.sort = given.get("sort", "")
        self._sorted_by = self._heading(self.sort.removeprefix("-")) if self.sort else None

    def _heading(self, name: str) -> Heading:
        for heading in self.listing.headings:
            if heading.name == name and heading.sort is not None:
                return heading
        raise NoSuchChoice(given=name[:LONGEST_TYPED])

    @property
    def query(self) -> AnySelect:
        """Narrowed and in order, as far as the database can."""
        query = self.listing.query
        for one in self.listing.filters:
            if one.where and (value := self.answers[one.name]):
                query = query.where(one.condition(value))
        return query.order_by(*self._order())

    def _order(self) -> list[Any]:
        if self._sorted_by is None:
            return list(self.listing.order)
        column = self._sorted_by.sort
        first = column.desc().nulls_last() if self.sort.startswith("-") else column.asc().nulls_last()
        return [first, *self.listing.order]

    @property
    def in_memory(self) -> bool:
        """Whether the rows must all be seen before they can be shown."""
        ranked = self.listing.rank is not None and self._sorted_by is None
        return ranked or any(one.keeps and self.answers[one.name] for one in self.listing.filters)

    def all_rows(self) -> list[Any]:
        """Kept and ranked by our own rules."""
        rows = self.listing.told(list(rows_of(self.query.options(*self.listing.loaded))))
        for one in self.listing.filters:
            if one.keeps and (value := self.answers[one.name]):
                rows = [row for row in rows if one.keeps(row, value)]
        return self.listing.rank(rows) if self.listing.rank and self._sorted_by is None else rows

    def streamed_rows(self) -> Iterator[Any]:
        """All of them, some at a time."""
        if self.in_memory:
            yield from self.all_rows()
        else:
            query = self.query.options(*self.listing.loaded).execution_options(yield_per=AT_A_TIME)
            for some in rows_of(query).partitions():
                yield from self.listing.told(list(some))

    @property
    def is_narrowed(self) -> bool:
        return self._is_narrowed_by(self.listing.filters)

    @property
    def is_narrowed_further(self) -> bool:
        """By more than the first filter, which stands by itself."""
        return self._is_narrowed_by(self.listing.filters[1:])

    def _is_narrowed_by(self, filters: Sequence[Filter]) -> bool:
        return any(self.answers[one.name] != one.default for one in filters)


def rows_of(query: AnySelect) -> Result[Any] | ScalarResult[Any]:
    """Things; or, of a query of several, rows of them."""
    result = db.session.execute(query)
    return result.scalars() if len(query.column_descriptions) == 1 else result


def typed(text: str, most: int = LONGEST_TYPED) -> str:
    """What somebody typed to find something, without blanks around and without what no text has. Raises TooMuchTyped."""
    if len(text) > most:
        raise TooMuchTyped(count=len(text), most=most)
    return text.replace("\x00", "").strip()


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
