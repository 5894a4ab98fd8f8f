"""What `/demo` shows: for each thing that a check may say a live code, and for each role a sign-in."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select

from gi_trace.accounts.models import Role
from gi_trace.batches.models import Batch
from gi_trace.batches.rules import UnitState
from gi_trace.codes.unit_code import SAMPLE_UNIT, code_of, epoch_keys, hidden_code
from gi_trace.database import db
from gi_trace.demo import faces
from gi_trace.demo.packing import demo_code
from gi_trace.errors import N_
from gi_trace.keys import keys
from gi_trace.verification.verdicts import Verdict

OTHER_SERVICE = "https://other.example/c/"
PAYMENT = "wxp://f2f0-demo"  # what a payment code says
Text = Callable[[Batch], str]


@dataclass(frozen=True)
class Shown:
    """A code as somebody meets it: `text` is what is scanned or typed, `note` what to look at there."""

    verdict: Verdict
    number: str  # the firm's own of the batch
    unit: int
    note: str = ""
    text: Text | None = None  # other than the unit's code

    def path(self, batch: Batch) -> str:
        """Where the check answers, without a host."""
        if self.text is None:
            return f"/c/{demo_code(batch, self.unit)}"
        return f"/?code={quote(self.text(batch), safe='')}"


def _unit(state: UnitState, verdict: Verdict) -> Shown:
    return Shown(verdict, faces.LABELS, faces.MARKED[state])


def _nobodys(batch: Batch) -> str:
    """Of the right form, and made with keys that are not ours."""
    return code_of(epoch_keys(b"demo" * 8, b"else" * 8, batch.epoch), batch.number, 1)


SHOWN = (
    Shown(Verdict.VALID, faces.TRACED, 1, N_("从地块到包装的来历，每一克都有记录")),
    Shown(Verdict.VALID, faces.LABELS, faces.LOOKED_AT, N_("以前有人查过")),
    Shown(Verdict.VALID, faces.BLEND, 1, N_("两个产季拼配，年份按最新的一份算")),
    Shown(Verdict.VALID, faces.MIXED, 1, N_("有一部分是系统启用前的旧皮，年份是申报的")),
    Shown(Verdict.VALID, faces.MARK_ENDED, 1, N_("授权后来终止，与过错无关")),
    Shown(Verdict.VALID, faces.FRUIT, 1, N_("新会柑鲜果")),
    Shown(Verdict.SUSPECTED_COPY, faces.LABELS, faces.COPIED),
    Shown(Verdict.COUNTERFEIT, faces.LABELS, faces.CONFIRMED),
    Shown(Verdict.RECALLED, faces.RECALLED, 1),
    Shown(Verdict.ON_HOLD, faces.LABELS, faces.HELD),
    Shown(Verdict.RIGHT_NOT_IN_FORCE, faces.TOO_EARLY, 1),
    Shown(Verdict.RIGHT_LOST, faces.RIGHT_LOST, 1),
    Shown(Verdict.CANCELLED, faces.CANCELLED, 1),
    _unit(UnitState.VOID, Verdict.VOID),
    _unit(UnitState.LOST, Verdict.LOST),
    _unit(UnitState.RETURNED, Verdict.RETURNED),
    _unit(UnitState.DESTROYED, Verdict.DESTROYED),
    Shown(Verdict.NOT_ACTIVATED, faces.LABELS, faces.UNUSED),
    Shown(Verdict.PAST_DATE, faces.PAST_DATE, 1),
    Shown(Verdict.SAMPLE, faces.LABELS, SAMPLE_UNIT),
    Shown(Verdict.NOT_OURS, faces.LABELS, 1, N_("形式对，但不是我们发的"), _nobodys),
    Shown(Verdict.MALFORMED, faces.LABELS, 1, N_("漏了一个字符"), lambda batch: demo_code(batch, 1)[:-1]),
    Shown(
        Verdict.OTHER_HOST,
        faces.LABELS,
        1,
        N_("二维码指向别的网站"),
        lambda batch: OTHER_SERVICE + demo_code(batch, 1),
    ),
    Shown(Verdict.NOT_A_CODE, faces.LABELS, 1, N_("收款码"), lambda batch: PAYMENT),
)
SIGN_INS = (
    ("demo-authority", Role.AUTHORITY, N_("看警报、案件、名册和存证记录；提请由另一人复核")),
    ("demo-reviewer", Role.AUTHORITY, N_("复核别人提请的事项")),
    ("demo-enterprise", Role.ENTERPRISE, N_("看库存和年份，登记批次，订印标识")),
    ("demo-mill", Role.ENTERPRISE, N_("看大米从稻谷到包装")),
    ("demo-village", Role.VILLAGE, N_("替本村种植户申报采收、转让")),
    ("demo-inspector", Role.INSPECTOR, N_("在手机上巡查门店，扫码，记发现")),
)


def shown_codes() -> list[tuple[Shown, str]]:
    """Each with its path; those whose batch is not there (an older demo) are left out."""
    numbers = {shown.number for shown in SHOWN}
    batches = {
        batch.own_number: batch
        for batch in db.session.scalars(select(Batch).where(Batch.own_number.in_(numbers)))
    }
    return [(shown, shown.path(batches[shown.number])) for shown in SHOWN if shown.number in batches]


def shown_hidden_code() -> tuple[str, str] | None:
    """A code, and the digits under its scratch layer, which nobody has used."""
    batch = db.session.scalar(select(Batch).filter_by(own_number=faces.LABELS))
    if batch is None:
        return None
    unit = faces.SCRATCHED
    return demo_code(batch, unit), hidden_code(keys().by_epoch[batch.epoch], batch.number, unit)
