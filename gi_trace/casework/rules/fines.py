"""How high a fine may be, by the law that it rests on. Pure.

The amounts are those of the texts named; an amended text is a new ground, so that old cases keep theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gi_trace.casework.rules.money import Yuan
from gi_trace.errors import N_, Refused
from gi_trace.words import Worded


class FineGround(Worded):
    GI_REGULATION_26 = "gi_regulation_26", N_("《广东省地理标志条例》第二十六条")
    PRODUCT_QUALITY_53 = "product_quality_53", N_("《产品质量法》第五十三条")
    TRADEMARK_60 = "trademark_60", N_("《商标法》第六十条")
    OTHER = "other", N_("其他法律依据（另行写明）")


TURNOVER_LIMIT_FEN = 50_000_00
BELOW_TURNOVER_LIMIT_FEN = 250_000_00


@dataclass(frozen=True)
class Amounts:
    """In fen. `goods_value` 货值, `turnover` 违法经营额, `gains` 违法所得."""

    goods_value_fen: int
    turnover_fen: int
    gains_fen: int
    confiscated_gains_fen: int
    fine_fen: int


class DecisionIncomplete(Refused):
    code = "decision_incomplete"
    text = N_("不能作出处罚决定，还缺：{missing}。")


class FineTooHigh(Refused):
    code = "fine_too_high"
    text = N_("罚款 {fine} 超过所选依据的上限 {ceiling}（{because}）。")


class MoreThanGains(Refused):
    code = "more_than_gains"
    text = N_("没收的违法所得 {confiscated} 超过查明的违法所得 {gains}。")


def check_complete(
    *, respondent: str, violated: str, evidence: Sequence[str], ground: FineGround, ground_text: str
) -> None:
    """Whom, what he did, by what it is proven and on what ground (行政处罚法 art. 59). Raises DecisionIncomplete."""
    has_ground = ground is not FineGround.OTHER or ground_text.strip()
    needed = [
        (respondent.strip(), N_("当事人")),
        (violated.strip(), N_("违法事实")),
        (evidence, N_("证据清单")),
        (has_ground, N_("处罚依据")),
    ]
    missing = [name for there, name in needed if not there]
    if missing:
        raise DecisionIncomplete(missing=missing)


def check_amounts(ground: FineGround, amounts: Amounts) -> None:
    """Raises FineTooHigh or MoreThanGains; a fine on another ground has no ceiling that is known here."""
    if amounts.confiscated_gains_fen > amounts.gains_fen:
        raise MoreThanGains(confiscated=Yuan(amounts.confiscated_gains_fen), gains=Yuan(amounts.gains_fen))
    ceiling = ceiling_of(ground, amounts)
    if ceiling is not None and amounts.fine_fen > ceiling[0]:
        raise FineTooHigh(fine=Yuan(amounts.fine_fen), ceiling=Yuan(ceiling[0]), because=ceiling[1])


def ceiling_of(ground: FineGround, amounts: Amounts) -> tuple[int, str] | None:
    """(highest fine in fen, why) or None."""
    if ground == FineGround.GI_REGULATION_26:
        return amounts.goods_value_fen, N_("《广东省地理标志条例》第二十六条：货值金额以下")
    if ground == FineGround.PRODUCT_QUALITY_53:
        return amounts.goods_value_fen, N_("《产品质量法》第五十三条：货值金额以下")
    if ground == FineGround.TRADEMARK_60:
        if amounts.turnover_fen >= TURNOVER_LIMIT_FEN:
            return 5 * amounts.turnover_fen, N_("《商标法》第六十条：违法经营额五万元以上，可以处五倍以下")
        return BELOW_TURNOVER_LIMIT_FEN, N_("《商标法》第六十条：违法经营额不足五万元，二十五万元以下")
    return None
