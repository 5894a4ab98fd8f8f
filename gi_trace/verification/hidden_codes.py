"""The digits under the scratch layer: the one thing that may claim a first use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import func, select

from gi_trace import clock
from gi_trace.codes.unit_code import hidden_code
from gi_trace.database import act, db
from gi_trace.errors import N_
from gi_trace.keys import keys
from gi_trace.verification.issued import IssuedBatch
from gi_trace.verification.looking.looker import Looker
from gi_trace.verification.models import HiddenCodeTry, HiddenCodeUse, UnitHistory, serial_of
from gi_trace.verification.storing.store import key_of_day
from gi_trace.words import Worded

DAY = timedelta(days=1)
OWN_ANSWER = timedelta(minutes=30)  # the device that used it first gets its first answer again
TRIES_OF_DEVICE, TRIES_OF_UNIT = 5, 20  # wrong ones, a day


class Outcome(Worded):
    """In neutral words: a lock or a mistake accuses nobody. As of a Verdict: band, why, and what to do now."""

    band: str
    why: str
    todo: str

    FIRST = "first", N_("首次使用"), "good", N_("这个涂层密码是第一次被使用。"), N_("请仍与包装逐项核对。")
    USED_BEFORE = (
        "used_before",
        N_("涂层密码已被使用过"),
        "warn",
        N_("这个涂层密码以前已经用过；也可能是您自己或家人用过。"),
        N_("如果涂层是您刚刚刮开的，而您和家人都没有用过，请不要付款或请保留票据，并告诉我们。"),
    )
    WRONG = (
        "wrong",
        N_("涂层密码不符"),
        "quiet",
        N_("输入的数字与这个标识码的涂层密码不符，可能是看错或输错。"),
        N_("请对照涂层下的数字再试。"),
    )
    LOCKED = (
        "locked",
        N_("暂时不能核对涂层密码"),
        "quiet",
        N_("这个标识码的涂层密码今天试过的次数太多。这不代表产品有问题。"),
        N_("请明天再试，或告诉我们。"),
    )


@dataclass(frozen=True)
class HiddenAnswer:
    """`at`, `city` and whether it was this device are of the first use."""

    outcome: Outcome
    at: datetime | None = None
    city: str | None = None
    is_own: bool = False


@act
def enter_hidden_code(batch: IssuedBatch, unit: int, digits: str, looker: Looker) -> HiddenAnswer:
    """Only a right entry uses the code up; a wrong one counts towards a lock."""
    device = _device_of(looker, batch.number)
    history = _locked_history(batch.number, unit)  # two people must not both be first
    if _is_locked(batch.number, unit, device):
        return HiddenAnswer(Outcome.LOCKED)
    right = hidden_code(keys().by_epoch[batch.epoch], batch.number, unit)
    if not compare_digest(right.encode(), digits.encode()):
        wrong = HiddenCodeTry(batch_number=batch.number, unit=unit, at=clock.now(), device=device)
        db.session.add(wrong)
        return HiddenAnswer(Outcome.WRONG)
    answer = _use(batch.number, unit, device, looker.city)
    history.opened = True
    return answer


def _device_of(looker: Looker, batch_number: int) -> bytes:
    """By its cookie; a browser that keeps none is the same one for the day."""
    by_day = looker.is_new and looker.browser_on(
        key_of_day(db.session.connection(), clock.today()), batch_number
    )
    return by_day or looker.device(keys().devices, batch_number)


def _use(batch_number: int, unit: int, device: bytes, city: str | None) -> HiddenAnswer:
    now = clock.now()
    first = db.session.get(HiddenCodeUse, (batch_number, unit), populate_existing=True)
    if first is None:
        db.session.add(HiddenCodeUse(batch_number=batch_number, unit=unit, at=now, city=city, device=device))
        return HiddenAnswer(Outcome.FIRST, now, city, is_own=True)
    is_own = first.device == device
    outcome = Outcome.FIRST if is_own and now - first.at < OWN_ANSWER else Outcome.USED_BEFORE
    return HiddenAnswer(outcome, first.at, first.city, is_own)


def _is_locked(batch_number: int, unit: int, device: bytes) -> bool:
    wrong = select(func.count()).select_from(HiddenCodeTry).filter_by(batch_number=batch_number, unit=unit)
    wrong = wrong.where(HiddenCodeTry.at > clock.now() - DAY)
    by_device = db.session.scalar(wrong.filter_by(device=device)) or 0
    return by_device >= TRIES_OF_DEVICE or (db.session.scalar(wrong) or 0) >= TRIES_OF_UNIT


def _locked_history(batch_number: int, unit: int) -> UnitHistory:
    serial = serial_of(batch_number, unit)
    history = db.session.get(UnitHistory, serial, with_for_update=True, populate_existing=True)
    if history is None:
        history = UnitHistory(serial=serial, checks=0)
        db.session.add(history)
        db.session.flush()
    return history


def wrong_tries(batch_number: int, unit: int) -> int:
    query = select(func.count()).select_from(HiddenCodeTry).filter_by(batch_number=batch_number, unit=unit)
    return db.session.scalar(query) or 0


def first_use(batch_number: int, unit: int) -> HiddenCodeUse | None:
    return db.session.get(HiddenCodeUse, (batch_number, unit))
