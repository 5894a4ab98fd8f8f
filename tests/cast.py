"""The fixed cast: Lin owns, Wu is a rival, Chen and He inspect, Liang is a village's. Zhao and Sun decide: Zhao
proposes, Sun confirms, and Zhao also administers.

Nobody here is real. Every name is marked 示范 or is only a given name.
"""

import io
from datetime import UTC, date, datetime
from secrets import token_bytes

from argon2 import PasswordHasher
from PIL import Image

from gi_trace import clock
from gi_trace.accounts.actions import add_account
from gi_trace.accounts.models import Account, Duty, Role, Scope
from gi_trace.accounts.tokens import make_token
from gi_trace.batches.actions import (
    BatchFacts,
    activate_units,
    order_print_run,
    register_batch,
)
from gi_trace.batches.label_life import begin_download
from gi_trace.batches.labels import FileOptions
from gi_trace.batches.models import Batch, PrintRun, UnitState, unit_segments
from gi_trace.codes.unit_code import code_of
from gi_trace.database import act, db
from gi_trace.keys import keys
from gi_trace.registry.actions import change_authorisation, grant_authorisation
from gi_trace.registry.mending_rules import Announcement
from gi_trace.registry.models import Area, Authorisation, Party, find_area, find_product
from gi_trace.registry.party_actions import enter_party
from gi_trace.registry.rules import ChangeKind
from gi_trace.stock.actions.opening import OnSiteFacts, confirm_on_site_check, record_on_site_check
from gi_trace.stock.actions.plots import add_site
from gi_trace.stock.models import Lot, OnSiteCheck, Site, lots_of, sites_of
from gi_trace.verification.models import Alert, AlertKind

FIRST_DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
PASSWORD = "a-long-test-password"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)  # a cheap one
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

DUTIES = {"zhao": list(Duty), "sun": [Duty.HANDLER, Duty.REVIEWER]}


def enter_cast() -> None:
    """Everyone, with Lin and Wu authorised for 新会陈皮 and 1,000 kg of old peel each, since the cast's first day."""
    with clock.played_at(FIRST_DAY):
        _enter_people()
        for owner in ("lin", "wu"):
            make_opening_stock(owner=owner)


@act
def _enter_people() -> None:
    village = Area(code="440705-huicheng-tianma", name="示范天马村", aliases=[], within=find_area("会城"))
    db.session.add(village)
    find_product("xinhui-chenpi").opening_stock_until = date(2099, 12, 31)  # type: ignore[union-attr]
    db.session.flush()
    parties = {"lin": make_party("林记示范陈皮行", LIN_USCC), "wu": make_party("胡记示范陈皮行", WU_USCC)}
    db.session.flush()
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
                duties=DUTIES.get(sign_in_name, []),
                badge_number="示范-0001" if role == Role.INSPECTOR else None,
                password_hash=PASSWORD_HASH,
                password_is_one_time=False,
                password_set_at=clock.now(),
                opened_at=clock.now(),
            )
        )
    for party in parties.values():
        grant(party)


def person(sign_in_name: str) -> Account:
    return db.session.query(Account).filter_by(sign_in_name=sign_in_name).one()


def clerk_of(party: Party) -> Account:
    """Who acts for a firm; of one without an account, one that is opened here and signs in nowhere."""
    found = db.session.query(Account).filter_by(party_id=party.id).first()
    name = f"clerk-{party.id}"
    return found or add_account(
        "",
        by=None,
        sign_in_name=name,
        name="示范经办",
        role=Role.ENTERPRISE,
        party_id=party.id,
        password_is_one_time=False,
    )


def two_officers() -> dict[str, Account]:
    """For acts that take two: proposed by Zhao, confirmed by Sun."""
    return {"by": person("zhao"), "confirmed_by": person("sun")}


def token_of(sign_in_name: str, *scopes: Scope, **options: int) -> str:
    """For the JSON face; for all that the person may, unless scopes are named."""
    by = person(sign_in_name)
    whole = [scope for scope in Scope if scope is not Scope.HIDDEN_CODES or by.manages_clerks]
    return make_token("示范", scopes or whole, by=by, **options)


def party_of(sign_in_name: str) -> Party:
    party = person(sign_in_name).party
    assert party is not None
    return party


def make_party(name: str, uscc: str) -> Party:
    return enter_party(name, uscc, area=find_area("会城"), address="", by=None)


def grant(party: Party, *, product: str = "xinhui-chenpi") -> Authorisation:
    """Entered late, so that packs of earlier years are covered: Zhao and Sun together."""
    found, start = find_product(product), date(2020, 1, 1)
    assert found is not None
    return grant_authorisation(
        party,
        found,
        found.bases[0].basis,
        number="示范第 1 号",
        starts_on=start,
        ends_on=None,
        announcement=Announcement("示范公告第 1 号", start),
        **two_officers(),
    )


def withdraw(right: Authorisation, *, reason: str = "外地皮用标", notice: str = "") -> None:
    """For cause, which takes two."""
    change_authorisation(
        right,
        ChangeKind.WITHDRAWN,
        reason=reason,
        notice=notice or reason,
        for_cause=True,
        **two_officers(),
    )


def suspend(right: Authorisation, *, reason: str = "核查", notice: str = "", for_cause: bool = True) -> None:
    told = notice or reason if for_cause else ""
    words = {"reason": reason, "notice": told}
    change_authorisation(right, ChangeKind.SUSPENDED, **words, for_cause=for_cause, **two_officers())


def resume(right: Authorisation, *, reason: str = "已整改") -> None:
    change_authorisation(right, ChangeKind.RESUMED, reason=reason, for_cause=False, **two_officers())


def store(owner: str = "lin", *, inside: bool = True, name: str = "") -> Site:
    """A store of an enterprise, in 会城 or outside every protected area; made when first asked for."""
    party, name = party_of(owner), name or ("会城示范仓" if inside else "外地示范仓")
    found = [site for site in sites_of(party) if site.name == name]
    area = find_area("会城") if inside else None
    return found[0] if found else add_site(party, name, area=area, address="", by=person(owner))


def make_opening_stock(weight_g: int = 1_000_000, owner: str = "lin", **changes: object) -> Lot:
    """Old peel that Chen and He saw together."""
    check = record_on_site_check(
        on_site_facts(owner, weight_g=weight_g, **changes), [fresh_photo()], by=person("chen")
    )
    return confirm_on_site_check(check, by=person("he"))


def on_site_facts(owner: str = "lin", **changes: object) -> OnSiteFacts:
    """Each with the next number of the old system."""
    facts = {
        "product": find_product("xinhui-chenpi"),
        "site": store(owner),
        "weight_g": 200_000,
        "claimed_year": 2015,
        "checked_on": clock.today(),
        "outside_number": f"示范旧系统-{db.session.query(OnSiteCheck).count() + 1:03}",
        "founded_year": 1995,
    }
    return OnSiteFacts(**(facts | changes))  # type: ignore[arg-type]


def fresh_photo() -> bytes:
    """One that nobody has sent before."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "orange").save(content, "JPEG", comment=token_bytes(8))
    return content.getvalue()


def photo(colour: str = "orange") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "JPEG")
    return content.getvalue()


def peel_of(owner: str) -> Lot:
    """The old peel that the cast began with."""
    return lots_of(party_of(owner))[0]


def right_of(sign_in_name: str) -> Authorisation:
    return party_of(sign_in_name).authorisations[0]


def batch_facts(**changes: object) -> BatchFacts:
    facts = {
        "own_number": "A-001",
        "net_weight_g": 250,
        "units": 100,
        "packed_on": clock.today(),
        "best_before": None,
    }
    return BatchFacts(**(facts | changes))  # type: ignore[arg-type]


def make_batch(owner: str = "lin", *, lot: Lot | None = None, **changes: object) -> Batch:
    """Packed from one lot, the cast's old peel unless another is given."""
    facts = batch_facts(**changes)
    draws = [(lot or peel_of(owner), facts.units * facts.net_weight_g)]
    return register_batch(right_of(owner), facts, draws, by=person(owner), agreed=[draws[0][0].id])


def make_print_run(batch: Batch, units: int | None = None, *, downloaded: bool = True) -> PrintRun:
    """Ordered by the batch's own account, and downloaded so that it can be activated."""
    owner = clerk_of(batch.party)
    run = order_print_run(batch, units or batch.units, by=owner)
    if downloaded:
        begin_download(run, FileOptions("csv"), reason="", by=owner)
    return run


def make_activated_batch(owner: str = "lin", **changes: object) -> Batch:
    batch = make_batch(owner, **changes)
    run = make_print_run(batch)
    activate_units(run, run.first_unit, run.last_unit, by=person(owner))
    return batch


def unit_state(batch_number: int, unit: int) -> UnitState | None:
    """What was last said of the unit, or None when it is still to be activated."""
    return unit_segments(batch_number, unit, unit)[0].state


def code(batch: Batch, unit: int = 1) -> str:
    return code_of(keys().by_epoch[batch.epoch], batch.number, unit)


@act
def make_alert(batch: Batch, unit: int = 1) -> Alert:
    """The service took the unit for copied."""
    alert = Alert(
        kind=AlertKind.COPY, subject=f"示范 {batch.number}/{unit}", evidence={"checks": 9, "score": 7}
    )
    alert.batch_number, alert.unit, alert.raised_at = batch.number, unit, clock.now()
    db.session.add(alert)
    return alert
