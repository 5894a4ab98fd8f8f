"""The copy detector tells one pack on its way from several packs with one code."""

import random
from datetime import UTC, datetime, timedelta
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.verification.suspicion import BatchMemory, Sighting, UnitMemory, dismissed, update
from gi_trace.verification.suspicion import parameters as p
from gi_trace.verification.suspicion.memory import CITIES, DEVICES, SAMPLE, Back, short_hash
from gi_trace.verification.suspicion.people import people_evidence

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
FAR_CITIES = ["成都", "北京", "南宁", "上海", "西安", "武汉", "长沙", "沈阳", "杭州", "昆明", "郑州", "济南"]


def look(day, device, city, **facts):
    return Sighting(START + timedelta(days=day), device, city, **facts)


def watch(looks, unit=None, batch=None):
    """The suspicions after each look; and the state of the unit and of the batch at the end."""
    unit, batch, seen = unit or UnitMemory(), batch or BatchMemory(), []
    for check in looks:
        unit, batch, suspicion = update(unit, batch, check)
        seen.append(suspicion)
    return seen, unit, batch


def alerts(looks):
    return sum(suspicion.alert for suspicion in watch(looks)[0])


def copies_all_over(buyers=12):
    """One buyer after the other, each in another city, some look again at home."""
    for number, city in enumerate(FAR_CITIES[:buyers]):
        yield look(5 * number, f"buyer {number}", city)
        if number % 3 == 0:
            yield look(5 * number + 6, f"buyer {number}", city)


def in_order(looks):
    return sorted(looks, key=lambda check: check.at)


# what must not alarm


def test_a_gift_chain_over_four_cities_does_not_alarm():
    chain = [("江门", 0), ("广州", 9), ("武汉", 30), ("北京", 62)]
    looks = [
        look(day + hours / 24, f"{city} {n}", city) for city, day in chain for n, hours in ((1, 0), (2, 3))
    ]
    assert not alerts(looks)


def test_a_pack_on_display_for_months_does_not_alarm():
    looks = [look(2.1 * n, f"visitor {n}", "广州" if n % 9 else FAR_CITIES[n // 9]) for n in range(1, 80)]
    assert not alerts(looks)


@pytest.mark.parametrize("seed", range(8))
def test_a_display_that_staff_and_some_visitors_see_again_does_not_alarm(seed):
    rng = random.Random(seed)
    looks = [look(rng.uniform(0, 120), f"visitor {n}", "广州") for n in range(60)]
    looks += [look(rng.uniform(0, 120), f"visitor {n}", "广州") for n in range(60) if rng.random() < 0.08]
    looks += [look(rng.uniform(0, 120), f"staff {n % 2}", "广州") for n in range(12)]
    assert not alerts(in_order(looks))


@pytest.mark.parametrize("seed", range(8))
def test_colleagues_who_come_back_to_an_office_tin_at_any_time_do_not_alarm(seed):
    rng = random.Random(seed)
    looks = [look(rng.uniform(0, 150), f"colleague {n}", "深圳") for n in range(18)]
    looks += [look(rng.uniform(0, 150), f"colleague {n}", "深圳") for n in range(18) if rng.random() < 0.5]
    assert not alerts(in_order(looks))


def test_an_office_tin_does_not_alarm():
    looks = [look(day / 3, f"colleague {day * 7 % 15}", "深圳") for day in range(90)]
    assert not alerts(looks)


def test_a_trade_fair_and_the_next_one_do_not_alarm():
    looks = [look(n / 30, f"first {n}", "广州" if n % 10 else FAR_CITIES[n // 10]) for n in range(1, 90)]
    looks += [look(40 + n / 30, f"second {n}", "上海") for n in range(60)]
    assert not alerts(looks)


def test_a_reseller_who_checks_each_box_of_a_carton_is_no_buyer():
    batch, states = BatchMemory(), []
    for box in range(24):
        unit, batch, _ = update(UnitMemory(), batch, look(box / 4000, "reseller", "佛山"))
        states.append(unit)
    seen, _, _ = watch([look(20, "buyer", "成都"), look(21, "spouse", "成都")], states[-1], batch)
    assert states[0].people == 1 and states[-1].people == 0
    assert seen[-1].score < 2 and not seen[-1].alert


def test_one_person_with_two_browsers_in_two_looked_up_cities_does_not_alarm():
    looks = [look(n * 3, ("wechat", "browser")[n % 2], ("江门", "广州")[n % 2]) for n in range(12)]
    assert not alerts(looks)


def test_neighbouring_cities_of_one_household_do_not_alarm():
    looks = [look(n / 2, f"member {n % 3}", ("佛山", "广州")[n % 3 == 2]) for n in range(9)]
    assert not alerts(looks)


@pytest.mark.parametrize("hours", [0.5, 3, 10])
def test_a_livestream_is_a_public_show_and_no_alarm(hours):
    rng = random.Random(5)
    days = sorted(rng.betavariate(1.2, 2.5) * hours / 24 for _ in range(300))
    looks = [look(day, f"viewer {n}", rng.choice(FAR_CITIES)) for n, day in enumerate(days)]
    seen, _, _ = watch(looks)
    assert not any(suspicion.alert for suspicion in seen)
    assert seen[-1].publicly_shown
    text, facts = seen[-1].signs[0]
    assert text.format(**dict(facts)) == "被公开展示：短时间内有 300 台不同设备查验"


def test_late_viewers_of_a_public_show_do_not_alarm():
    show = [look(n / 2000, f"viewer {n}", FAR_CITIES[n % 12]) for n in range(100)]
    later = [look(1 + n, f"late {n}", FAR_CITIES[n % 12]) for n in range(60)]
    assert not alerts(show + later)


# what must alarm


def test_copies_sold_all_over_the_country_alarm_once_and_stay_suspected():
    seen, _, _ = watch(copies_all_over())
    assert sum(suspicion.alert for suspicion in seen) == 1
    first = next(n for n, suspicion in enumerate(seen) if suspicion.alert)
    assert all(suspicion.suspected for suspicion in seen[first:])
    assert first < 10


def test_the_alarm_says_why_in_words():
    seen, _, _ = watch(copies_all_over())
    alarm = next(suspicion for suspicion in seen if suspicion.alert)
    words = [text.format(**dict(facts)) for text, facts in alarm.signs]
    assert words[0] == "25 天内 6 台不同设备在 6 个城市"


def test_a_slow_drip_over_a_year_alarms():
    looks = [look(31 * n, f"buyer {n}", FAR_CITIES[n]) for n in range(12)]
    assert alerts(looks) == 1


def test_copies_that_go_back_and_forth_between_two_cities_alarm():
    looks = [look(6 * n, f"buyer {n}", ("成都", "北京")[n % 2]) for n in range(14)]
    seen, _, _ = watch(looks)
    alarm = next(suspicion for suspicion in seen if suspicion.alert)
    assert any("回到先前的城市" in text for text, _ in alarm.signs)


def test_many_copies_in_one_city_alarm_when_buyers_keep_coming_back():
    rng = random.Random(2)
    looks = []
    for number in range(70):
        looks.append(look(2 * number, f"buyer {number}", "深圳"))
        if rng.random() < 0.4:
            looks.append(look(2 * number + rng.uniform(1, 40), f"buyer {number}", "深圳"))
    assert alerts(in_order(looks)) == 1


def test_copies_in_one_city_alarm_when_their_buyers_look_again_within_days():
    rng, looks = random.Random(4), []
    for number in range(40):
        day = 3 * number + rng.uniform(0, 2)
        looks.append(look(day, f"buyer {number}", "深圳"))
        if number % 4 == 0:
            looks.append(look(day + rng.uniform(0.1, 2.5), f"buyer {number}", "深圳"))
    seen, _, _ = watch(in_order(looks))
    alarm = next(suspicion for suspicion in seen if suspicion.alert)
    text, numbers = alarm.signs[1]
    facts = dict(numbers)
    assert "又回来查验" in text and 4 <= facts["back"] < facts["sampled"] <= 40


def test_sellers_who_test_their_copies_first_change_nothing():
    tests = [look(-1 + n / 10, "seller", "南宁") for n in range(5)]
    assert alerts([*tests, *copies_all_over()]) == 1


def test_two_packs_in_an_inspectors_hands_are_certain_at_once():
    seen, _, _ = watch([look(0, "inspector", "广州", channel="inspector", two_in_hand=True)])
    assert seen[0].alert
    assert seen[0].signs[0][0].startswith("两件在手")


def test_an_inspectors_find_is_one_more_alert_also_where_suspicion_was_before():
    find = look(80, "inspector", "广州", channel="inspector", two_in_hand=True)
    seen, _, _ = watch([*copies_all_over(), find, find._replace(at=find.at + timedelta(days=1))])
    assert [suspicion.alert for suspicion in seen[-2:]] == [True, False]
    assert sum(suspicion.alert for suspicion in seen) == 2


def test_weak_signs_on_many_units_of_a_batch_add_up():
    batch = BatchMemory()
    for number in range(60):
        looks = [look(20 * n, f"{number} buyer {n}", FAR_CITIES[(n + number) % 12]) for n in range(4)]
        _, _, batch = watch(looks if number % 2 else looks[:1], batch=batch)
    alone, _, _ = watch(list(copies_all_over(5)))
    together, _, _ = watch(list(copies_all_over(5)), batch=batch)
    assert together[-1].score > alone[-1].score + 1


# facts that only the system knows


def test_a_check_before_activation_counts_once():
    activated = START + timedelta(days=10)
    early = [look(n, "somebody", "成都", activated_at=activated) for n in (1, 2)]
    seen, _, _ = watch(early)
    assert seen[0].score > 2 and seen[1].score < seen[0].score + 0.5


def test_a_new_city_after_the_hidden_code_was_used_counts():
    looks = [look(0, "a", "成都"), look(30, "b", "北京")]
    opened = [looks[0], look(30, "b", "北京", hidden_code_used=True)]
    assert watch(opened)[0][-1].score > watch(looks)[0][-1].score + 1


def test_an_inspectors_look_is_no_buyer_but_says_where_the_pack_is():
    _, unit, _ = watch([look(0, "inspector", "广州", channel="inspector")])
    assert unit.people == 0 and unit.places == 1


def test_who_came_back_soon_is_counted_once_among_the_people():
    """By the three stories' chances of exactly these people, worked out apart."""
    unit = UnitMemory(people=6, crowd=40.0)
    unit.sample = dict(enumerate([Back.NEVER] * 3 + [Back.SOON] * 2 + [Back.LATE]))
    chances = [story.log_chance(3, 2, 1) for story in (p.VISITORS, p.COLLEAGUES, p.BUYERS)]
    display, office = p.DISPLAYS + chances[0] - chances[2], p.OFFICES + chances[1] - chances[2]
    assert people_evidence(unit) == pytest.approx(max(0, -log(exp(-40) + exp(display) + exp(office))))
    assert people_evidence(unit) > 0


def test_a_dismissed_alarm_needs_new_evidence():
    _, unit, batch = watch(copies_all_over())
    calm, unit, batch = watch([look(70, "buyer 1", "北京")], dismissed(unit), batch)
    assert not calm[0].suspected
    more = [look(80 + 5 * n, f"new {n}", FAR_CITIES[n]) for n in range(12)]
    assert sum(suspicion.alert for suspicion in watch(more, unit, batch)[0]) == 1


# the devices that are followed


@given(st.permutations(range(90)))
def test_which_devices_are_followed_does_not_depend_on_their_order(order):
    _, unit, _ = watch([look(n, f"device {each}", "江门") for n, each in enumerate(order)])
    hashes = sorted(short_hash(f"device {each}") for each in range(90))
    assert sorted(unit.sample) == hashes[:SAMPLE]


@pytest.mark.parametrize(
    ("hours", "back"),
    [(0.5, Back.NEVER), (4, Back.SOON), (71, Back.SOON), (75, Back.LATE), (9000, Back.LATE)],
)
def test_a_return_is_soon_within_days_and_none_within_the_same_visit(hours, back):
    _, unit, _ = watch([look(0, "a", "江门"), look(hours / 24, "a", "江门")])
    assert list(unit.sample.values()) == [back]


def test_a_check_that_comes_late_is_no_return():
    _, unit, _ = watch([look(1, "a", "江门"), look(0.5, "a", "江门")])
    assert list(unit.sample.values()) == [Back.NEVER]


def test_only_the_first_return_of_a_device_counts():
    _, unit, _ = watch([look(day, "a", "江门") for day in (0, 1, 30)])
    assert list(unit.sample.values()) == [Back.SOON]


# state


def test_the_fullest_state_is_small():
    looks = [look(2 * n, f"device {n}", f"city {n}") for n in range(300)]
    _, unit, batch = watch(looks)
    assert (len(unit.sample), len(unit.devices), len(unit.cities)) == (SAMPLE, DEVICES, CITIES)
    assert len(unit.to_bytes()) <= 256 and len(batch.to_bytes()) <= 256


checks = st.builds(
    Sighting,
    at=st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    device=st.none() | st.integers(0, 60).map(str) | st.binary(max_size=8),
    city=st.none() | st.integers(0, 40).map(str) | st.sampled_from(["江门", "江门市", " "]),
    channel=st.sampled_from(["web", "wechat", "alipay", "inspector", "api"]),
    activated_at=st.none() | st.just(START),
    hidden_code_used=st.booleans(),
    two_in_hand=st.just(False),
)


@given(st.lists(checks, max_size=120))
def test_state_is_small_survives_storage_and_any_order_of_checks(history):
    unit, batch = UnitMemory(), BatchMemory()
    for check in history:
        unit, batch, suspicion = update(unit, batch, check)
        stored, pool = unit.to_bytes(), batch.to_bytes()
        assert len(stored) <= 256 and len(pool) <= 256
        assert UnitMemory.from_bytes(stored).to_bytes() == stored
        assert BatchMemory.from_bytes(pool).to_bytes() == pool
        assert abs(suspicion.score) < 1000


@given(st.lists(checks, max_size=40))
def test_stored_and_remembered_states_judge_alike(history):
    unit, batch, kept, pool = UnitMemory(), BatchMemory(), UnitMemory(), BatchMemory()
    for check in history:
        unit, batch, remembered = update(unit, batch, check)
        kept, pool, stored = update(UnitMemory.from_bytes(kept.to_bytes()), pool, check)
        assert stored.score == pytest.approx(remembered.score, abs=0.3)


def test_update_leaves_the_states_it_was_given():
    _, unit, batch = watch(copies_all_over())
    before = unit.to_bytes(), batch.to_bytes()
    update(unit, batch, look(99, "new", "大连"))
    assert (unit.to_bytes(), batch.to_bytes()) == before


def test_a_city_with_and_without_its_suffix_is_one():
    _, unit, _ = watch([look(0, "a", "江门市"), look(1, "b", "江门")])
    assert unit.places == 1


def test_a_batch_whose_own_state_was_lost_is_weighed_anew_and_can_be_stored():
    _, unit, _ = watch(list(copies_all_over(4))[:4])
    batch = BatchMemory()
    for check in list(copies_all_over())[4:]:
        unit, batch, _ = update(unit, batch, check)
        batch = BatchMemory.from_bytes(batch.to_bytes())
    assert sum(batch.levels) == 1
