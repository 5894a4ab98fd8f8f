"""The fixed cast: Lin owns, Wu is a rival, Chen and He inspect, Zhao and Sun decide, Liang is a village's.

Nobody here is real. Every name is marked 示范 or is only a given name.
"""

from datetime import date

from gi_trace import clock
from gi_trace.accounts.actions import hasher
from gi_trace.accounts.models import Account, Role
from gi_trace.batches.actions import (
    BatchFacts,
    activate_units,
    download_print_run,
    order_print_run,
    register_batch,
)
from gi_trace.batches.models import Batch, PrintRun
from gi_trace.codes.unit_code import code_of
from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.registry.actions import grant_authorisation, set_season_quota
from gi_trace.registry.models import Area, Authorisation, Party, PartyKind, find_area, find_product

PASSWORD = "a-long-test-password"
PASSWORD_HASH = hasher.hash(PASSWORD)
LIN_USCC, WU_USCC = "91440705MA5DEM01XX", "91440705MA5WUD03XH"
PEOPLE = {
    "zhao": Role.AUTHORITY,
    "sun": Role.AUTHORITY,
    "lin": Role.ENTERPRISE,
    "wu": Role.ENTERPRISE,
    "chen": Role.INSPECTOR,
    "he": Role.INSPECTOR,
    "liang": Role.VILLAGE,
}


def enter_cast() -> None:
    """Everyone, with Lin and Wu authorised for 新会陈皮 and a quota of 1,000 kg each."""
    village = Area(code="440705-huicheng-tianma", name="示范天马村", aliases=[], within=find_area("会城"))
    db.session.add(village)
    db.session.flush()
    parties = {"lin": make_party("林记示范陈皮行", LIN_USCC), "wu": make_party("胡记示范陈皮行", WU_USCC)}
    for sign_in_name, role in PEOPLE.items():
        party = parties.get(sign_in_name)
        db.session.add(
            Account(
                sign_in_name=sign_in_name,
                name=sign_in_name,
                role=role,
                party_id=party.id if party else None,
                area_id=village.id if role == Role.VILLAGE else None,
                manages_clerks=party is not None,
                badge_number="示范-0001" if role == Role.INSPECTOR else None,
                password_hash=PASSWORD_HASH,
                password_is_one_time=False,
                password_set_at=clock.now(),
                opened_at=clock.now(),
            )
        )
    db.session.commit()
    for party in parties.values():
        grant(party)


def person(sign_in_name: str) -> Account:
    return db.session.query(Account).filter_by(sign_in_name=sign_in_name).one()


def party_of(sign_in_name: str) -> Party:
    party = person(sign_in_name).party
    assert party is not None
    return party


def make_party(name: str, uscc: str) -> Party:
    party = Party(kind=PartyKind.ENTERPRISE, name=name, uscc=uscc, area=find_area("会城"))
    db.session.add(party)
    db.session.flush()
    return party


def grant(party: Party, *, quota_g: int = 1_000_000, product: str = "xinhui-chenpi") -> Authorisation:
    found = find_product(product)
    assert found is not None
    basis = found.bases[0].basis
    right = grant_authorisation(
        party, found, basis, number="示范第 1 号", starts_on=date(2020, 1, 1), ends_on=None, by=person("zhao")
    )
    set_season_quota(right, season(), quota_g, by=person("zhao"))
    return right


def season() -> str:
    return str(clock.today().year)


def right_of(sign_in_name: str) -> Authorisation:
    return party_of(sign_in_name).authorisations[0]


def batch_facts(**changes: object) -> BatchFacts:
    facts = {
        "own_number": "A-001",
        "season": season(),
        "net_weight_g": 250,
        "units": 100,
        "packed_on": clock.today(),
        "best_before": None,
    }
    return BatchFacts(**(facts | changes))  # type: ignore[arg-type]


def make_batch(owner: str = "lin", **changes: object) -> Batch:
    return register_batch(right_of(owner), batch_facts(**changes), by=person(owner))


def make_print_run(batch: Batch, units: int | None = None, *, downloaded: bool = True) -> PrintRun:
    """Ordered by the batch's own account, and downloaded so that it can be activated."""
    owner = db.session.query(Account).filter_by(party_id=batch.party_id).first()
    assert owner is not None
    run = order_print_run(batch, units or batch.units, by=owner)
    if downloaded:
        download_print_run(run, "csv", by=owner)
    return run


def make_activated_batch(owner: str = "lin", **changes: object) -> Batch:
    batch = make_batch(owner, **changes)
    run = make_print_run(batch)
    activate_units(run, run.first_unit, run.last_unit, by=person(owner))
    return batch


def code(batch: Batch, unit: int = 1) -> str:
    return code_of(keys().by_epoch[batch.epoch], batch.number, unit)
