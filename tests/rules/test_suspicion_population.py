"""The shipped detector on a small seeded population: what the bench measures must not slip unseen."""

import pytest

from scripts.benches.copies import false_alerts, honest, recall, single, watch_population
from scripts.benches.habits import Habits
from scripts.benches.worlds import WORLDS


@pytest.fixture(scope="module")
def outcomes():
    return watch_population(7, Habits(), 15_000)


def test_few_honest_units_alarm(outcomes):
    assert len(honest(outcomes)) > 14_000
    assert false_alerts(outcomes) <= 8


def test_public_shows_do_not_alarm(outcomes):
    assert recall([outcome for outcome in outcomes if outcome.code.kind == "public"]) <= 0.05


def test_copies_of_which_many_buyers_looked_are_found(outcomes):
    assert recall(single(outcomes, 10)) >= 0.6


@pytest.mark.parametrize("world", WORLDS)
def test_few_honest_units_alarm_where_people_behave_otherwise(world):
    assert false_alerts(watch_population(5, Habits(), 10_000, world=WORLDS[world])) <= 10


def test_the_population_is_the_same_for_the_same_seed():
    first, second = (watch_population(3, Habits(), 500) for _ in range(2))
    assert [(o.code.name, o.score) for o in first] == [(o.code.name, o.score) for o in second]
