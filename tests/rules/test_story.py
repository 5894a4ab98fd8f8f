"""The story of one pack: what it must add up to, and what no rival may learn from it."""

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gi_trace.stock.rules.age import Stay, claimed_stay, until, youngest
from gi_trace.stock.rules.carrying import (
    MICROGRAMS,
    PublicPlace,
    TracedChain,
    TracedLot,
    carried_back,
    deciding_lot,
)
from gi_trace.stock.rules.story import (
    MOST_PARTS,
    MOST_PLACES,
    MOST_TESTS,
    ChainStepKind,
    LabFinding,
    about,
    in_hundred,
    story_of,
)

KG, START, PACKED_ON = 1000, date(2021, 12, 5), date(2026, 11, 24)
TOWN, STORE = PublicPlace("会城", "440705-huicheng"), 1
SITES = {STORE: TOWN}


class Farm:
    """Chains as acts make them, without a database."""

    def __init__(self):
        self.lots, self.parents = {}, {}

    def add(self, material, made_on, made_g, parents=(), **more):
        number = len(self.lots) + 1
        ages = material == "干柑皮"
        self.lots[number] = TracedLot(number, material, ages, made_on, made_g, **more)
        self.parents[number] = list(parents)
        return number

    def fruit(self, grams, on=START, village="天马村", season="2021"):
        return self.add("鲜果", on, grams, place=PublicPlace(village, TOWN.town), season=season)

    def dried(self, fruit, grams, on, input_g=None):
        stays = (Stay(on, None, inside=True, site_id=STORE),)
        return self.add("干柑皮", on, grams, [(fruit, input_g or self.lots[fruit].made_g)], stays=stays)

    def found(self, grams, on=START, year=2015):
        stays = (claimed_stay(year, on), Stay(on, None, inside=True, site_id=STORE))
        return self.add("干柑皮", on, grams, place=TOWN, claimed_year=year, stays=stays)

    def mixed(self, draws, on):
        """Also of one lot: a part of it, or all of it with another firm."""
        stays = youngest([until(self.lots[lot].stays, on) for lot, _ in draws], on)
        return self.add("干柑皮", on, sum(grams for _, grams in draws), draws, stays=tuple(stays))

    def lose(self, lot, grams, on):
        one = self.lots[lot]
        self.lots[lot] = replace(one, losses=(*one.losses, (on, grams)))

    @property
    def chain(self):
        return TracedChain(self.lots, self.parents)

    def pack(self, *draws, net_weight_g=100, tests=(), packed_on=PACKED_ON):
        facts = {"net_weight_g": net_weight_g, "packed_on": packed_on, "tests": tests, "sites": SITES}
        return story_of(self.chain, draws, **facts)


@st.composite
def farms(draw):
    """With what is drawn of it: up to a few dozen lots, blends of blends, losses, and opening stock."""
    farm, peel, day = Farm(), [], START
    for place in range(draw(st.integers(1, 12))):
        day += timedelta(days=draw(st.integers(1, 90)))
        weight_g = draw(st.integers(1, 3000 * KG))
        if draw(st.booleans()):
            village = draw(st.sampled_from("甲乙丙丁戊己庚辛"))
            fruit = farm.fruit(weight_g * 20, day, village, f"20{20 + place}")
            peel.append(farm.dried(fruit, draw(st.integers(1, weight_g)), day))
        else:
            peel.append(farm.found(weight_g, day, draw(st.integers(1990, 2020))))
        if draw(st.booleans()):
            some = draw(st.lists(st.sampled_from(peel), min_size=1, max_size=4, unique=True))
            parts = [(lot, draw(st.integers(1, farm.lots[lot].made_g))) for lot in some]
            peel.append(farm.mixed(parts, day))
        if draw(st.booleans()):
            lot = draw(st.sampled_from(peel))
            farm.lose(lot, draw(st.integers(0, farm.lots[lot].made_g // 3)), day)
    some = draw(st.lists(st.sampled_from(peel), min_size=1, max_size=4, unique=True))
    return farm, [(lot, draw(st.integers(1, farm.lots[lot].made_g))) for lot in some]


NETS = st.integers(1, 25 * KG)


@given(farms(), NETS)
def test_all_that_a_pack_holds_came_from_where_its_chain_begins(farm_and_draws, net_weight_g):
    farm, draws = farm_and_draws
    loads = carried_back(farm.chain, draws, net_weight_g, PACKED_ON)
    begun = [loads[lot].pack for lot in farm.lots if farm.chain.is_beginning(lot)]
    assert sum(begun) == net_weight_g * MICROGRAMS
    assert all(load.pack >= 0 and load.raw >= 0 for load in loads.values())


@given(farms(), NETS)
def test_parts_make_up_the_whole_pack_and_places_the_whole_part(farm_and_draws, net_weight_g):
    farm, draws = farm_and_draws
    story = farm.pack(*draws, net_weight_g=net_weight_g)
    assert sum(part.percent for part in story.parts) + story.more_percent == 100
    if not story.more_parts:
        assert sum(part.grams for part in story.parts) == net_weight_g
    for part in story.parts:
        named = [one.percent for one in part.places]
        assert min([part.percent, part.grams, *named]) >= 0
        assert sum(named) == part.percent or (part.more_places and sum(named) < part.percent)
    assert sum(part.is_deciding for part in story.parts) == 1
    assert story.steps[-1].grams == net_weight_g


@given(farms(), NETS, st.integers(2, 1000))
def test_a_firm_a_thousand_times_as_large_has_the_same_story(farm_and_draws, net_weight_g, times):
    """So no weight of a lot, a batch or a firm is in it, nor can be found by holding stories against each other."""
    farm, draws = farm_and_draws
    larger = Farm()
    larger.lots = {
        number: replace(
            lot, made_g=lot.made_g * times, losses=tuple((on, grams * times) for on, grams in lot.losses)
        )
        for number, lot in farm.lots.items()
    }
    larger.parents = {
        child: [(lot, grams * times) for lot, grams in parts] for child, parts in farm.parents.items()
    }
    drawn = [(lot, grams * times) for lot, grams in draws]
    assert larger.pack(*drawn, net_weight_g=net_weight_g) == farm.pack(*draws, net_weight_g=net_weight_g)


@given(farms(), NETS)
def test_weights_have_two_digits_and_parts_no_more_than_their_percent_tells(farm_and_draws, net_weight_g):
    """An exact yield or share would give the sizes of lots to whoever compares packs."""
    farm, draws = farm_and_draws
    story = farm.pack(*draws, net_weight_g=net_weight_g)
    for step in story.steps[:-1]:
        assert step.grams is None or step.grams == about(step.grams)
    if not story.more_parts:
        assert [part.grams for part in story.parts] == in_hundred(
            [part.percent for part in story.parts], whole=net_weight_g
        )


@given(farms())
def test_the_part_that_decides_is_the_one_that_lay_for_the_shortest_time(farm_and_draws):
    farm, draws = farm_and_draws
    found = deciding_lot(farm.chain, draws, PACKED_ON)
    loads = carried_back(farm.chain, draws, 100, PACKED_ON)
    first = [
        lot
        for lot, one in farm.lots.items()
        if loads[lot].pack and one.ages and not any(farm.lots[p].ages for p, _ in farm.parents[lot])
    ]
    assert farm.lots[found].made_on == max(farm.lots[lot].made_on for lot in first)


@given(st.integers(1, 10**12))
def test_about_is_at_most_five_in_a_hundred_away(grams):
    assert abs(about(grams) - grams) * 20 <= grams
    assert int(str(about(grams))[2:] or 0) == 0


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20), st.integers(0, 10**5))
def test_whole_numbers_in_proportion_add_up_and_are_less_than_one_away(weights, whole):
    given_ = in_hundred(weights, whole=whole)
    assert sum(given_) == (whole if any(weights) else 0)
    assert all(
        abs(one * sum(weights) - whole * weight) < sum(weights) or not weight
        for one, weight in zip(given_, weights, strict=True)
    )


def test_a_hundred_grams_of_peel_were_two_kilograms_of_fruit():
    """46 kg of 1,000 kg, of which a year later 45 kg were left."""
    farm = Farm()
    peel = farm.dried(farm.fruit(1000 * KG), 46 * KG, date(2021, 12, 15))
    farm.lose(peel, KG, date(2022, 12, 15))
    told = {step.kind: step for step in farm.pack((peel, 10 * KG)).steps}
    assert told[ChainStepKind.HARVEST].grams == 2200
    assert told[ChainStepKind.PROCESSING].grams == 100
    assert told[ChainStepKind.STORING].places == (TOWN,) and told[ChainStepKind.STORING].days[0] == date(
        2021, 12, 15
    )


def test_what_was_lost_after_the_packing_is_no_loss_of_the_pack():
    farm = Farm()
    peel = farm.dried(farm.fruit(1000 * KG), 50 * KG, START)
    before = farm.pack((peel, 10 * KG))
    farm.lose(peel, 30 * KG, PACKED_ON + timedelta(days=1))
    assert farm.pack((peel, 10 * KG)) == before


def test_a_blend_names_its_parts_in_the_order_of_time_and_the_one_that_decides():
    farm = Farm()
    old = farm.found(100 * KG, START)
    young = farm.dried(farm.fruit(1000 * KG, date(2023, 11, 24), season="2023"), 50 * KG, date(2023, 11, 30))
    story = farm.pack((farm.mixed([(old, 30 * KG), (young, 10 * KG)], date(2024, 1, 1)), 40 * KG))
    assert story.is_blend
    assert [(part.season, part.percent, part.grams) for part in story.parts] == [
        ("", 75, 75),
        ("2023", 25, 25),
    ]
    assert story.deciding.season == "2023" and story.deciding.stored_on == date(2023, 11, 30)
    assert {part.claimed_year for part in story.parts} == {None}  # a part's claim is not said of a mixture


def test_opening_stock_decides_when_it_was_seen_later_than_traced_peel_was_dried():
    farm = Farm()
    traced = farm.dried(farm.fruit(1000 * KG), 50 * KG, START)
    old = farm.found(100 * KG, date(2026, 1, 5), year=1999)
    story = farm.pack((farm.mixed([(old, KG), (traced, 30 * KG)], date(2026, 2, 1)), KG))
    assert story.deciding.is_opening and story.deciding.percent == 3


def test_of_claimed_peel_alone_each_year_is_a_part():
    farm = Farm()
    blend = farm.mixed([(farm.found(KG, year=2015), KG), (farm.found(KG, year=2016), KG)], date(2022, 1, 1))
    assert [part.claimed_year for part in farm.pack((blend, KG)).parts] == [2015, 2016]


def test_a_crumb_of_the_youngest_part_is_told_among_many_heavier_ones():
    farm = Farm()
    made = [
        farm.dried(
            farm.fruit(KG * 1000, date(2000 + year, 12, 5), season=f"{2000 + year}"),
            50 * KG,
            date(2000 + year, 12, 9),
        )
        for year in range(1, 21)
    ]
    blend = farm.mixed([(lot, 50 * KG) for lot in made[:-1]] + [(made[-1], 1)], date(2022, 1, 1))
    story = farm.pack((blend, 900 * KG))
    assert story.deciding.season == "2020" and story.deciding.percent == 0
    assert len(story.parts) == MOST_PARTS and story.more_parts == 14


def test_five_hundred_lots_in_deep_blends_give_a_story_of_bounded_size():
    farm = Farm()
    blend = farm.found(KG * 1000, date(2000, 1, 1), year=1999)
    for number in range(250):
        year = 2000 + number // 13
        fruit = farm.fruit(KG * 1000, date(year, 12, 5), f"村{number}", f"{year}")
        blend = farm.mixed(
            [(blend, 500), (farm.dried(fruit, 50 * KG, date(year, 12, 9)), 40 * KG)], date(2021, 1, 1)
        )
    reports = [LabFinding(str(n), "示范检验所", START + timedelta(days=n), passed=n != 3) for n in range(40)]
    story = farm.pack((blend, KG), net_weight_g=5000, tests=reports)
    assert len(story.parts) <= MOST_PARTS + 1 and len(story.steps) <= len(ChainStepKind)
    assert all(len(part.places) <= MOST_PLACES + 1 for part in story.parts)
    assert len(story.tests) == MOST_TESTS and story.more_tests == 35
    assert not story.tests[0].passed  # what did not pass is never among those left out


def test_a_story_has_no_room_for_lots_growers_plots_sites_or_firms():
    farm = Farm()
    story = farm.pack(
        (farm.dried(farm.fruit(KG * 20), KG, START), KG), tests=[LabFinding("1", "示范检验所", START, True)]
    )
    names = set(_field_names(story))
    assert names == {
        *("net_weight_g", "steps", "parts", "more_parts", "more_percent", "tests", "more_tests"),
        *("kind", "material", "grams", "days", "places", "was_outside"),
        *("season", "claimed_year", "percent", "stored_on", "is_deciding", "more_places"),
        *("place", "name", "town", "number", "laboratory", "tested_on", "passed"),
    }


def _field_names(told):
    if is_dataclass(told):
        for field in fields(told):
            yield field.name
            yield from _field_names(getattr(told, field.name))
    elif isinstance(told, tuple):
        for one in told:
            yield from _field_names(one)
