"""The words of patrols: what a phone says without network, measures, acts in the record."""

from typing import Any

from flask_babel import lazy_gettext as _

from gi_trace.verification.rules import Verdict
from gi_trace.web.verdict_words import VERDICT_WORDS, Words

NOTHING = ""

# Never a plain "valid" without network.
OFFLINE_WORDS = {verdict.value: words for verdict, words in VERDICT_WORDS.items()} | {
    "no_pack": Words("quiet", _("没有离线包"), _("请先下载离线包，或联网查验。"), NOTHING),
    "pack_ended": Words("quiet", _("离线包已过期"), _("不能离线判断，请更新离线包或联网查验。"), NOTHING),
    "other_epoch": Words(
        "quiet", _("不在离线包范围内"), _("此码的年份不在此次巡查的离线包里，请联网查验。"), NOTHING
    ),
    "other_batch": Words(
        "quiet", _("离线包里没有此批次"), _("可能是新批次，或不属此次巡查的产品；请联网查验。"), NOTHING
    ),
    Verdict.VALID.value: Words(
        "good",
        _("现场校验相符"),
        _("截至 {issued} 未见注销、冻结或召回。复制的码也会如此，请与包装核对。"),
        NOTHING,
    ),
}


def offline_verdict_text(verdict: str) -> Any:
    """What a phone said, in words."""
    return OFFLINE_WORDS[verdict].headline if verdict in OFFLINE_WORDS else verdict


def verdict_text(verdict: str) -> Any:
    """What the service says, in words."""
    return VERDICT_WORDS[Verdict(verdict)].headline


def yuan_text(fen: int) -> str:
    return str(_("{yuan} 元")).format(yuan=f"{fen // 100:,}.{fen % 100:02d}")
