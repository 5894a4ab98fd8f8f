"""Holder's pages, checks and offline packs know a unit in the same state, whatever was told of it in which order."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gi_trace import clock
from gi_trace.batches.models import UnitRange, unit_segments
from gi_trace.batches.rules import UnitState
from gi_trace.database import db, writing
from gi_trace.patrol.packs.content import pack_content
from gi_trace.patrol.packs.unit_sets import UnitSet
from gi_trace.registry.models import all_products
from gi_trace.verification.answer import VERDICT_OF_STATE
from gi_trace.verification.looking.issued_batches import load_batches
from tests.cast import make_batch, person

UNITS = 40
ranges = st.lists(
    st.tuples(st.integers(1, UNITS), st.integers(1, UNITS), st.sampled_from(UnitState)), max_size=12
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ranges)
def test_every_reader_of_a_units_state_says_the_same(app, told):
    batch = make_batch(
        own_number=f"A-{db.session.query(UnitRange).count()}-{clock.now()}"[:40], units=UNITS, net_weight_g=1
    )
    expected: list[UnitState | None] = [None] * (UNITS + 1)
    with writing():
        for a, b, state in told:
            first, last = sorted((a, b))
            expected[first : last + 1] = [state] * (last - first + 1)
            row = UnitRange(batch_number=batch.number, state=state, first_unit=first, last_unit=last)
            row.at, row.by_id = clock.now(), person("lin").id
            db.session.add(row)
            db.session.flush()
    assert states_of_the_holder(batch.number) == expected[1:]
    assert states_of_checks(batch.number) == expected[1:]
    assert verdicts_of_packs(batch.number) == [VERDICT_OF_STATE.get(state) for state in expected[1:]]


def states_of_the_holder(number):
    segments = unit_segments(number, 1, UNITS)
    return [segment.state for segment in segments for _ in range(segment.units)]


def states_of_checks(number):
    issued = load_batches(db.session.connection(), [number])[number]
    said = [issued.state_of(unit) for unit in range(1, UNITS + 1)]
    return [each.state if each else None for each in said]


def verdicts_of_packs(number):
    content = pack_content(all_products(), today=clock.today())
    numbers = content.table.number.cumsum().tolist()
    before = int(content.table.units[: numbers.index(number)].sum())
    sets = {verdict: UnitSet(encoded) for verdict, encoded in content.sets.items()}
    return [
        next((verdict for verdict, units in sets.items() if before + unit in units), None)
        for unit in range(UNITS)
    ]
