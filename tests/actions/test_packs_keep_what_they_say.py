"""Whatever changes later, a sold pack keeps its right and its printed facts; only cause takes something away."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gi_trace import clock
from gi_trace.batches.actions import activate_units, order_print_run, register_batch
from gi_trace.batches.label_faces import label_face
from gi_trace.batches.label_life import begin_download
from gi_trace.batches.labels import FileOptions
from gi_trace.batches.models import Batch
from gi_trace.database import db
from gi_trace.registry.actions import change_authorisation, extend_authorisation, grant_authorisation
from gi_trace.registry.mending_actions import revoke_change
from gi_trace.registry.models import Authorisation, Party
from gi_trace.registry.parties import known_since
from gi_trace.registry.party_actions import change_party, enter_party, facts_now
from gi_trace.registry.party_rules import SuccessionKind
from gi_trace.registry.rules import ChangeKind, RightState, state_on
from gi_trace.stock.actions.succession import SuccessionFacts, succeed
from gi_trace.stock.models import lots_of
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.verdicts import Point
from tests.cast import batch_facts, clerk_of, code, party_of, person, suspend, two_officers
from tests.databases import make_service
from tests.excel import uscc

START = date(2026, 9, 1)
RIGHTS_PART = {Point.RIGHT_THEN, Point.RIGHT_SINCE}
PRINTED = ("product", "party", "uscc", "right_number", "packed_on")


class Firm(RuleBasedStateMachine):
    """One firm and who comes after it. `lost` are the rights that stand lost for cause: what takes a right away from
    packs already sold, or gives it back, says so there."""

    prepared: Path

    @initialize()
    def open_service(self):
        self.folder, self.today, self.real_now = Path(mkdtemp()), START, clock.now
        shutil.copy(self.prepared, self.folder)
        clock.now = lambda: datetime.combine(self.today, datetime.min.time(), UTC) + timedelta(hours=4)
        self.context = make_service(self.folder).app_context()
        self.context.push()
        self.numbers, self.firm = count(20), party_of("lin").id
        self.packed: dict[int, tuple] = {}  # by batch: what was printed, and its face
        self.suspended: dict[int, tuple[int, date]] = {}  # for cause, by change: right and day

    def teardown(self):
        db.session.remove()
        db.engine.dispose()
        self.context.pop()
        clock.now = self.real_now
        shutil.rmtree(self.folder)

    @property
    def party(self) -> Party:
        return db.session.get_one(Party, self.firm)

    def rights(self, *states: RightState) -> list[Authorisation]:
        return [right for right in self.party.authorisations if state_on(right.right, self.today) in states]

    @rule(days=st.integers(1, 200))
    def time_passes(self, days):
        self.today += timedelta(days=days)

    @precondition(lambda self: self.rights(RightState.IN_FORCE))
    @rule(back=st.integers(0, 3))
    def pack(self, back):
        [right, *_], clerk = self.rights(RightState.IN_FORCE), clerk_of(self.party)
        lots = lots_of(self.party)
        packed_on = max([self.today - timedelta(days=back), right.starts_on, *(lot.made_on for lot in lots)])
        if not lots or state_on(right.right, packed_on) is not RightState.IN_FORCE:
            return
        facts = batch_facts(own_number=f"A-{next(self.numbers)}", units=4, packed_on=packed_on)
        batch = register_batch(right, facts, [], by=clerk, agreed=[lot.id for lot in lots])
        run = order_print_run(batch, 4, by=clerk)
        begin_download(run, FileOptions("csv"), reason="", by=clerk)
        activate_units(run, 1, 4, by=clerk)
        self.packed[batch.number] = (self.printed(batch), label_face(batch))

    @rule(name=st.sampled_from("甲乙丙丁"), back=st.integers(0, 30))
    def rename(self, name, back):
        days = [entry.from_day for entry in self.party.entries if entry.from_day]
        from_day = max([self.today - timedelta(days=back), known_since(self.party), *days])
        self.call(from_day, name=f"示范{name}{next(self.numbers)}陈皮行")

    @rule()
    def change_code(self):
        self.call(self.today, uscc=uscc(next(self.numbers)))

    def call(self, from_day, **changes):
        facts = replace(facts_now(self.party), **changes)
        change_party(self.party, facts, from_day=from_day, reason="示范", by=person("zhao"))

    @precondition(lambda self: self.rights(RightState.IN_FORCE, RightState.SUSPENDED))
    @rule(kind=st.sampled_from([ChangeKind.SUSPENDED, ChangeKind.ENDED, ChangeKind.RESUMED]))
    def decide_without_fault(self, kind):
        from_state = RightState.SUSPENDED if kind is ChangeKind.RESUMED else RightState.IN_FORCE
        for right in self.rights(from_state):
            change_authorisation(right, kind, reason="企业申请", for_cause=False, **two_officers())

    @precondition(lambda self: self.rights(RightState.IN_FORCE))
    @rule()
    def suspend_for_cause(self):
        for right in self.rights(RightState.IN_FORCE):
            suspend(right)
            self.suspended[right.changes[-1].id] = right.id, self.today

    @precondition(lambda self: self.rights(RightState.SUSPENDED))
    @rule()
    def revoke(self):
        for right in self.rights(RightState.SUSPENDED):
            told = {"document": "示范复议 1 号", "reason": "复议撤销"}
            standing = [each.id for each in right.right.standing if each.kind is ChangeKind.SUSPENDED]
            change = next(each for each in right.changes if each.id == standing[-1])
            revoke_change(change, **told, **two_officers())
            self.suspended.pop(change.id, None)

    @precondition(lambda self: not self.rights(RightState.IN_FORCE, RightState.SUSPENDED, RightState.NOT_YET))
    @rule(days=st.integers(1, 300))
    def grant_anew(self, days):
        tomorrow = self.today + timedelta(days=1)  # what ended in the course of today still covers it
        self.today = tomorrow
        grant_authorisation(
            self.party,
            party_of("wu").authorisations[0].product,
            party_of("wu").authorisations[0].basis,
            number=f"示范第 {next(self.numbers)} 号",
            starts_on=tomorrow,
            ends_on=tomorrow + timedelta(days=days),
            **two_officers(),  # a right may have been lost for cause before
        )

    @precondition(lambda self: any(right.ends_on for right in self.rights(RightState.IN_FORCE)))
    @rule(days=st.integers(1, 300))
    def renew(self, days):
        for right in self.rights(RightState.IN_FORCE):
            if right.ends_on:
                extend_authorisation(right, right.ends_on + timedelta(days=days), by=person("zhao"))

    @precondition(lambda self: not self.rights(RightState.SUSPENDED))
    @rule(kind=st.sampled_from(SuccessionKind))
    def merge(self, kind):
        heir = enter_party(
            f"示范承继{next(self.numbers)}行",
            uscc(next(self.numbers)),
            area=None,
            address="",
            by=person("zhao"),
        )
        numbers = {right: f"示范第 {next(self.numbers)} 号" for right in self.rights(RightState.IN_FORCE)}
        facts = SuccessionFacts(kind, self.today, "示范", "示范核准 2 号", numbers=numbers)
        succeed(self.party, heir, facts, **two_officers())
        self.firm = heir.id if kind.ends else self.firm

    def printed(self, batch):
        issued = look_at(code(batch)).batch
        return tuple(getattr(issued, name) for name in PRINTED)

    @invariant()
    def packs_keep_their_right_and_say_what_they_said(self):
        for number, (printed, face) in getattr(self, "packed", {}).items():
            batch = db.session.get_one(Batch, number)
            failing = {one.point for one in look_at(code(batch)).findings if not one.holds}
            is_told = any(
                right_id == batch.authorisation_id and day >= batch.packed_on
                for right_id, day in self.suspended.values()
            )
            assert failing & RIGHTS_PART == ({Point.RIGHT_SINCE} if is_told else set())
            assert self.printed(batch) == printed and label_face(batch) == face


def test_what_changes_later_never_changes_what_a_sold_pack_says(prepared_sqlite):
    Firm.prepared = prepared_sqlite
    run_state_machine_as_test(
        Firm,
        settings=settings(
            max_examples=25, stateful_step_count=25, database=None, suppress_health_check=list(HealthCheck)
        ),
    )
