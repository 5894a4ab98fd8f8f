"""What a party is called on a day, when two names are nearly the same, and who succeeds whom. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from gi_trace.errors import N_, Refused
from gi_trace.names import search_key
from gi_trace.words import Worded

COMPANY_FORMS = ("有限责任公司", "股份有限公司", "有限公司")


class SuccessionKind(Worded):
    """Why another party takes the place of one; `ends` it where the old one is no more."""

    ends: bool

    MERGER = "merger", N_("合并"), True
    SPLIT = "split", N_("分立"), False
    FORM = "form", N_("变更组织形式"), True
    CODE = "code", N_("变更统一社会信用代码"), True


ENDING = frozenset(kind for kind in SuccessionKind if kind.ends)


class DayAhead(Refused):
    code = "day_ahead"
    text = N_("{day} 还没有到。变更生效以后再登记。")


class BeforeTheFirm(Refused):
    code = "before_the_firm"
    text = N_("{day} 早于本系统所知的这家企业最早的日期 {since}。")


class BeforeLastEntry(Refused):
    code = "before_last_entry"
    text = N_("{day} 早于上一次变更的日期 {latest}。")


class NothingChanged(Refused):
    code = "nothing_changed"
    text = N_("填写的与现有资料相同，没有要更改的。")


class NameAlike(Refused):
    code = "name_alike"
    text = N_(
        "“{name}”与已登记的“{other}”（{uscc}）现在或曾经同名或几乎同名。是同一家企业的，请到它的页面办理；确是另一家的，请写明理由。"
    )


class SuccessorOfItself(Refused):
    code = "successor_of_itself"
    text = N_("企业不能承继自己。")


class PartyEnded(Refused):
    code = "party_ended"
    text = N_("“{name}”已由其他企业承继，不再存在。")


class Dated(Protocol):
    """What stands from a day on; the first one stood before, too."""

    @property
    def from_day(self) -> date | None: ...


Entry = TypeVar("Entry", bound=Dated)


def entry_on(entries: Sequence[Entry], day: date) -> Entry:
    """Of entries in the order in which they were made: the last one whose day has come, else the first."""
    come = (entry for entry in reversed(entries) if entry.from_day is None or entry.from_day <= day)
    return next(come, entries[0])


def check_entry_day(day: date, *, since: date, latest: date | None, today: date) -> None:
    """`since` is the first day that is known of the party, `latest` that of its last change."""
    if day > today:
        raise DayAhead(day=day)
    if day < since:
        raise BeforeTheFirm(day=day, since=since)
    if latest and day < latest:
        raise BeforeLastEntry(day=day, latest=latest)


def alike_keys(name: str) -> list[str]:
    """Search keys of the names that are nearly the same: a company's form may be written in another way."""
    key = search_key(name)
    form = next((form for form in COMPANY_FORMS if key.endswith(form)), None)
    return [key.removesuffix(form) + each for each in COMPANY_FORMS] if form else [key]


def successors_of(party: int, steps: Mapping[int, Iterable[int]], ended: Collection[int]) -> list[int]:
    """Who stands for a party now, by the ids in `steps` (from whom to whom): through those that are no more
    themselves, up to the living."""
    found: list[int] = []
    seen, waiting = {party}, list(steps.get(party, ()))
    for one in waiting:
        if one in seen:
            continue
        seen.add(one)
        if one in ended:
            waiting.extend(steps.get(one, ()))
        else:
            found.append(one)
    return found
