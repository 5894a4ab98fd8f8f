"""One pack on its way against independent buyers: what the cities of a unit's checks say.

*One pack* is in one city at a time, moves seldom, hardly ever back, and the look-up is sometimes wrong: a
hidden Markov model whose filtered belief is kept per city. *Copies* are looked at by buyers in the cities of
a market: Polya urns, one per kind of market. Both stories know that a household looks several times. Pure.
"""

from collections.abc import Sequence
from math import exp, log

from gi_trace.verification.suspicion import parameters as p
from gi_trace.verification.suspicion.memory import CITIES, UnitMemory

RIGHT_CITY = 1 - p.WRONG_CITY


def arrive(unit: UnitMemory, city: int, gap: float, weight: float) -> float:
    """A device looks first, in `city`, `gap` seconds after the one before; its evidence counts `weight`.

    Returns the doubt that the device really is in that city.
    """
    if not unit.cities:
        unit.cities[city] = (RIGHT_CITY, 1)
        unit.places, unit.last_city = 1, city
        return p.WRONG_CITY
    belief, people = unit.cities.get(city, (0.0, 0))
    move = _move_chance(unit, gap)
    stayed, moved = _stayed(unit, belief, people) * (1 - move), _moved(unit, belief, people) * move
    wrong = _wrong_chance(unit, people)
    here = stayed + moved
    one_pack = here * RIGHT_CITY + (1 - here) * wrong
    if weight:
        copies = _copies(unit, city, people, wrong, gap)
        unit.ratios = tuple(
            max(p.FLOOR, ratio + weight * log(chance / one_pack))
            for ratio, chance in zip(unit.ratios, copies, strict=True)
        )
    unit.moves += moved * RIGHT_CITY / one_pack
    unit.places += not people
    unit.backs += bool(people) and city != unit.last_city
    unit.last_city = city
    here *= RIGHT_CITY / one_pack
    _believe(unit, city, here, people + 1, others=(1 - move) * wrong / one_pack)
    return 1 - here


def come_back(unit: UnitMemory, city: int, doubt: float, gap: float) -> tuple[float, float]:
    """A device known in `city` looks again. Returns evidence and the new doubt of its city."""
    belief, people = unit.cities[city]
    move = _move_chance(unit, gap)
    there = belief * (1 - move) + _moved(unit, belief, people) * move
    without_pack = doubt + (1 - doubt) * p.LOOKS_WITHOUT_PACK
    one_pack = there + (1 - there) * without_pack
    _believe(unit, city, there / one_pack, people, others=without_pack / one_pack)
    return -log(one_pack), min(0.95, doubt / one_pack)


def evidence(unit: UnitMemory) -> float:
    """Log likelihood ratio of copies, whatever their market, to one pack. In one city places say nothing."""
    most = max(0.0, *unit.ratios)
    wide = sum(exp(ratio - most) for ratio in unit.ratios) / len(unit.ratios)
    return most + log(p.ONE_CITY * exp(-most) + (1 - p.ONE_CITY) * wide)


def _move_chance(unit: UnitMemory, gap: float) -> float:
    most = p.MOVES[min(round(unit.moves), len(p.MOVES) - 1)]
    chance = p.MOVE_AT_ONCE + (most - p.MOVE_AT_ONCE) * (1 - exp(-gap / p.MOVE_TIME))
    stands = max(belief * (people - 1) for belief, people in unit.cities.values())
    return chance / (1 + stands / p.STANDS_AFTER)


def _stayed(unit: UnitMemory, belief: float, people: int) -> float:
    """Belief that the pack was in this city already; one that nobody named yet may be where it really is."""
    return belief if people else max(0.0, 1 - sum(belief for belief, _ in unit.cities.values()))


def _moved(unit: UnitMemory, belief: float, people: int) -> float:
    return (1 - belief) * p.MOVES_BACK / len(unit.cities) if people else 1 - p.MOVES_BACK


def _wrong_chance(unit: UnitMemory, people: int) -> float:
    """That the look-up names this city although the pack is elsewhere."""
    counts = [n for _, n in unit.cities.values()]
    beside = sum(counts) - max(counts)
    weight = min(people, beside + 1) if people else p.WRONG_CITY_NEW
    return p.WRONG_CITY * weight / (beside + 1 + p.WRONG_CITY_NEW)


def _copies(unit: UnitMemory, city: int, people: int, wrong: float, gap: float) -> Sequence[float]:
    """Chance of this city under each market."""
    counted = sum(n for _, n in unit.cities.values())
    home = p.SAME_HOUSEHOLD * exp(-gap / p.HOUSEHOLD_TIME)
    same = home * (RIGHT_CITY if city == unit.last_city else wrong)
    return [
        same + (1 - home) * (RIGHT_CITY * (people or market) / (counted + market) + wrong)
        for market in p.MARKETS
    ]


def _believe(unit: UnitMemory, city: int, here: float, people: int, *, others: float) -> None:
    """Set the belief in `city`, scale all others, forget the city longest unseen if there are too many."""
    cities = {tag: (belief * others, n) for tag, (belief, n) in unit.cities.items() if tag != city}
    if len(cities) >= CITIES:
        del cities[next(iter(cities))]
    cities[city] = (here, people)
    unit.cities = cities
