"""The model that the stock is played against: a few dictionaries of what random acts should have done."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass
class ModelLot:
    """What the model knows: grams, holder, and where it is now.

    `days` are the days inside that were seen of the part seen for the fewest; `claimed` as many more as keep it,
    claims included, as young as its youngest part. `claimed_year` is the latest claim of what is all claimed; `seasons`
    has an empty one for opening stock.
    """

    grams: int
    owner: str
    parents: frozenset[int] = frozenset()
    days: frozenset[date] = frozenset()
    inside: bool | None = None
    claimed: int = 0
    opening: bool = False
    claimed_year: int | None = None
    seasons: frozenset[str] = frozenset()

    @property
    def days_in_all(self) -> int:
        return len(self.days) + self.claimed


@dataclass
class ModelSale:
    """Grams of a lot that may come back, and how old they were when they were sold."""

    lot: int
    grams: int
    days: frozenset[date]
    claimed: int


@dataclass
class ModelBatch:
    """One lot's grams in packs: how many units are still closed, and how old the goods were when packed."""

    lot: int
    units: int
    unit_g: int
    days: frozenset[date]
    claimed: int
    opened: int = 0

    @property
    def closed(self) -> int:
        return self.units - self.opened


@dataclass
class Model:
    lots: dict[int, ModelLot] = field(default_factory=dict)
    batches: dict[int, ModelBatch] = field(default_factory=dict)
    sales: dict[int, ModelSale] = field(default_factory=dict)
    outside: Counter[str] = field(default_factory=Counter)
    harvested: Counter[str] = field(default_factory=Counter)
    holds: dict[int, int] = field(default_factory=dict)

    def ancestors(self, lot: int) -> set[int]:
        return {lot}.union(*(self.ancestors(parent) for parent in self.lots[lot].parents))

    def is_stopped(self, lot: int) -> bool:
        return any(held in self.ancestors(lot) for held in self.holds.values())

    def closed_batches(self) -> list[int]:
        """Those with units that may be opened."""
        return [n for n, batch in self.batches.items() if batch.closed and not self.is_stopped(batch.lot)]

    def sold(self) -> list[int]:
        """Sales of which something may come back."""
        return [n for n, sale in self.sales.items() if sale.grams and not self.is_stopped(sale.lot)]

    def years(self, lot: int) -> int:
        return whole_years(self.lots[lot].days)

    def mixed(self, draws: Iterable[tuple[int, int]], *, inside: bool | None) -> ModelLot:
        """What (lot, grams) put together must be; the grams leave their lots."""
        parts = []
        for number, grams in draws:
            self.lots[number].grams -= grams
            parts.append((number, self.lots[number], grams))
        fewest = min((lot.days for _, lot, _ in parts), key=_as_a_part)
        years = [lot.claimed_year for _, lot, _ in parts]
        return ModelLot(
            grams=sum(grams for *_, grams in parts),
            owner=parts[0][1].owner,
            parents=frozenset(number for number, *_ in parts),
            days=fewest,
            inside=inside,
            claimed=min(lot.days_in_all for _, lot, _ in parts) - len(fewest),
            opening=any(lot.opening for _, lot, _ in parts),
            claimed_year=None if None in years else max(years),
            seasons=frozenset().union(*(lot.seasons for _, lot, _ in parts)),
        )


def _as_a_part(days: frozenset[date]) -> tuple[int, int]:
    """The youngest first: the fewest days, of as few those that began last."""
    return len(days), -min(days, default=date.max).toordinal()


def whole_years(days: frozenset[date]) -> int:
    """Anniversaries passed when days are laid end to end."""
    if not days:
        return 0
    first, last = min(days), min(days) + timedelta(days=len(days))
    return sum(_anniversary(first, years) <= last for years in range(1, 50))


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
