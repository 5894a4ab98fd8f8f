"""Everything that can be said of a code, in words: about the label, never about the goods. Pure.

The sentence table. Of each verdict one sentence says what is known and whom it concerns, one what to do with the pack
in the hand: to buy it or not, what to keep, whom to ask. Of eating only an authority's own notice speaks. A verdict
that accuses says in its first sentence who is not accused.
"""

from enum import StrEnum

from gi_trace.errors import N_
from gi_trace.words import Worded

DO_NOT_BUY = N_("请不要购买；已购买的请保留包装和票据，可向销售者退货，或拨打 12315。")
NOT_BY_THE_CODE_ALONE = N_("请不要只凭此码购买；已购买的请保留包装和票据，可询问销售者，或拨打 12315。")
KEEP_AND_TELL = N_("请不要只凭此码购买；已购买的请保留包装和票据，并告诉我们。")


class Verdict(Worded):
    """In the order of the news, the worst first; never "genuine", never "fake". Values are the codes of the API.

    The label is the headline, the band's colour is good, warn, bad or quiet; `todo` is the one thing to do now.
    """

    band: str
    why: str
    todo: str

    MALFORMED = (
        "malformed",
        N_("无法识别此码"),
        "quiet",
        N_("这不是完整的标识码，可能输错或漏了字符。这不代表产品有问题。"),
        N_("请对照包装，逐字重新输入。"),
    )
    OTHER_HOST = (
        "other_host",
        N_("指向别的网站，不是本服务"),
        "warn",
        N_("此二维码或网址指向别的网站；那里写的“正品”“有效”不是我们说的。"),
        N_("请不要在那里付款、登录或填写个人信息。企业自己的二维码也会这样：请另找印有本服务网址的那一个。"),
    )
    NOT_A_CODE = (
        "not_a_code",
        N_("不是标识码"),
        "quiet",
        N_("读到的内容里没有本服务的标识码。"),
        N_("请找包装上旁边印着 20 位标识码的那个二维码。不要因为一个二维码就付款或加好友。"),
    )
    NOT_OURS = (
        "not_ours",
        N_("查无此标识"),
        "quiet",
        N_("可能输错，也可能不是我们发出的标识。"),
        N_("请重新扫码，或对照包装重新输入；仍查不到，请不要只凭此码购买，可向 12315 反映。"),
    )
    SAMPLE = (
        "sample",
        N_("样张，不是产品标识"),
        "quiet",
        N_("这是供包装设计和试印使用的样张码，不对应任何一件产品。"),
        N_("如果它印在出售的产品上，请不要只凭此码购买，可向 12315 反映。"),
    )
    COUNTERFEIT = (
        "counterfeit",
        N_("此标识已被冒用"),
        "bad",
        N_("主管部门已确认有人仿印这一系列标识；这不是说标签上写的企业有错，也不是说您有错。"),
        N_("请不要购买；已购买的请保留包装和票据，并向 12315 举报。"),
    )
    RECALLED = (
        "recalled",
        N_("产品已召回"),
        "bad",
        N_("带有此标识的产品已被召回。"),
        N_("请不要购买；已购买的请停止使用，连同票据退回给销售者。"),
    )
    RIGHT_NOT_IN_FORCE = (
        "right_not_in_force",
        N_("包装时无用标权"),
        "bad",
        N_("这件产品包装的那天，标签上写的企业没有有效的用标授权。"),
        DO_NOT_BUY,
    )
    ON_HOLD = (
        "on_hold",
        N_("标识已冻结"),
        "warn",
        N_("主管部门正在核查，还没有结论。"),
        N_("请先不要购买；已购买的请保留包装和票据，等待核查结果，可拨打 12315 询问。"),
    )
    CANCELLED = (
        "cancelled",
        N_("标识已注销"),
        "bad",
        N_("企业取消了这一批次，带有此标识的产品不应出售。"),
        DO_NOT_BUY,
    )
    VOID = (
        "void",
        N_("标识已作废"),
        "bad",
        N_("企业已将此件标识作废，它不应贴在出售的产品上。"),
        DO_NOT_BUY,
    )
    LOST = (
        "lost",
        N_("标识已报遗失"),
        "bad",
        N_("企业已报此件标识遗失，它可能被人贴在别的产品上。"),
        DO_NOT_BUY,
    )
    RETURNED = (
        "returned",
        N_("产品已退回企业"),
        "warn",
        N_("此件产品已登记退回企业，不应再出售。"),
        DO_NOT_BUY,
    )
    DESTROYED = (
        "destroyed",
        N_("产品已登记销毁"),
        "bad",
        N_("此件产品已登记销毁，此标识不应再出现。"),
        DO_NOT_BUY,
    )
    RIGHT_LOST = (
        "right_lost",
        N_("用标权已被暂停或撤销"),
        "bad",
        N_("主管部门对该企业作出这一决定；这件产品是在此之前包装的，那时授权有效。"),
        NOT_BY_THE_CODE_ALONE,
    )
    NOT_ACTIVATED = (
        "not_activated",
        N_("标识尚未启用"),
        "warn",
        N_("此标识已经印制，但企业还没有登记用在产品上。"),
        NOT_BY_THE_CODE_ALONE,
    )
    PAST_DATE = (
        "past_date",
        N_("已过保质期"),
        "warn",
        N_("企业登记的保质期已过。"),
        DO_NOT_BUY,
    )
    SUSPECTED_COPY = (
        "suspected_copy",
        N_("标识疑似被复制"),
        "warn",
        N_("查验记录不像只有一件产品，标识可能被人复制；这不是说标签上写的企业有错，也不是说您有错。"),
        KEEP_AND_TELL,
    )
    VALID = (
        "valid",
        N_("标识有效"),
        "good",
        N_("此标识由我们发给下列企业，用于下列批次。"),
        N_("请看手上的包装，这三项是否一致。"),
    )

    @property
    def accuses(self) -> bool:
        """Of an imitation, which reads as the label reads: to compare the two would only comfort."""
        return self in (Verdict.COUNTERFEIT, Verdict.SUSPECTED_COPY)

    @property
    def asks_for_hidden_code(self) -> bool:
        """Where a first use of it does not undo a warning."""
        return self in (Verdict.VALID, Verdict.PAST_DATE, Verdict.SUSPECTED_COPY)


class Point(StrEnum):
    """What is looked at, in the order of the page."""

    ISSUED = "issued"
    RIGHT_THEN = "right_then"
    RIGHT_SINCE = "right_since"
    BATCH = "batch"
    LABEL = "label"
    DATE = "date"
    CHECKS = "checks"


class SingleCheck(Worded):
    """What was found at a point: a sentence that says what is, never what is not. A bad one gives its verdict.

    Facts in the sentences: `packed_on`, `best_before`, `suspensions`, `right_starts`, `right_ends`, `right_today` (the
    right's state, in words).
    """

    point: Point
    kind: str  # good, bad or quiet
    verdict: Verdict

    ISSUED = "issued", N_("由本服务发出"), Point.ISSUED, "good", Verdict.VALID

    IN_FORCE_THEN = (
        "right_in_force_then",
        N_("包装时（%(packed_on)s）授权有效"),
        Point.RIGHT_THEN,
        "good",
        Verdict.VALID,
    )
    NOT_YET_THEN = (
        "right_not_yet_then",
        N_("包装时（%(packed_on)s）授权尚未生效，%(right_starts)s 才开始"),
        Point.RIGHT_THEN,
        "bad",
        Verdict.RIGHT_NOT_IN_FORCE,
    )
    SUSPENDED_THEN = (
        "right_suspended_then",
        N_("包装时（%(packed_on)s）授权处于暂停"),
        Point.RIGHT_THEN,
        "bad",
        Verdict.RIGHT_NOT_IN_FORCE,
    )
    WITHDRAWN_THEN = (
        "right_withdrawn_then",
        N_("包装时（%(packed_on)s）授权已被撤销"),
        Point.RIGHT_THEN,
        "bad",
        Verdict.RIGHT_NOT_IN_FORCE,
    )
    ENDED_THEN = (
        "right_ended_then",
        N_("包装时（%(packed_on)s）授权已经终止"),
        Point.RIGHT_THEN,
        "bad",
        Verdict.RIGHT_NOT_IN_FORCE,
    )
    EXPIRED_THEN = (
        "right_expired_then",
        N_("包装时（%(packed_on)s）授权已经到期，最后一天是 %(right_ends)s"),
        Point.RIGHT_THEN,
        "bad",
        Verdict.RIGHT_NOT_IN_FORCE,
    )

    RIGHT_IN_FORCE = "right_in_force", N_("今天授权有效"), Point.RIGHT_SINCE, "good", Verdict.VALID
    RIGHT_OVER = (
        "right_over",
        N_("今天的授权状态：%(right_today)s，与过错无关，不影响此前包装的产品"),
        Point.RIGHT_SINCE,
        "quiet",
        Verdict.VALID,
    )
    RIGHT_RESUMED = (
        "right_resumed",
        N_("此后授权曾暂停（%(suspensions)s），已恢复"),
        Point.RIGHT_SINCE,
        "quiet",
        Verdict.VALID,
    )
    RIGHT_PAUSED = (
        "right_paused",
        N_("此后授权曾暂停（%(suspensions)s），与过错无关，已恢复"),
        Point.RIGHT_SINCE,
        "quiet",
        Verdict.VALID,
    )
    RIGHT_HELD = "right_held", N_("用标授权先行暂停，等待决定"), Point.RIGHT_SINCE, "bad", Verdict.ON_HOLD
    RIGHT_SUSPENDED = "right_suspended", N_("用标授权已被暂停"), Point.RIGHT_SINCE, "bad", Verdict.RIGHT_LOST
    RIGHT_WITHDRAWN = "right_withdrawn", N_("用标授权已被撤销"), Point.RIGHT_SINCE, "bad", Verdict.RIGHT_LOST

    IN_ORDER = "batch_in_order", N_("批次状态正常"), Point.BATCH, "good", Verdict.VALID
    RECALLED = "recalled", N_("已召回"), Point.BATCH, "bad", Verdict.RECALLED
    RECALLED_BY_LOT = "recalled_by_lot", N_("所用原料已召回"), Point.BATCH, "bad", Verdict.RECALLED
    ON_HOLD = "on_hold", N_("已冻结"), Point.BATCH, "bad", Verdict.ON_HOLD
    ON_HOLD_BY_LOT = "on_hold_by_lot", N_("所用原料已冻结"), Point.BATCH, "bad", Verdict.ON_HOLD
    CANCELLED = "cancelled", N_("批次已注销"), Point.BATCH, "bad", Verdict.CANCELLED

    ACTIVATED = "activated", N_("此件标识已启用"), Point.LABEL, "good", Verdict.VALID
    NOT_ACTIVATED = "not_activated", N_("此件标识尚未启用"), Point.LABEL, "bad", Verdict.NOT_ACTIVATED
    VOID = "void", N_("此件标识已作废"), Point.LABEL, "bad", Verdict.VOID
    LOST = "lost", N_("此件标识已报遗失"), Point.LABEL, "bad", Verdict.LOST
    RETURNED = "returned", N_("此件产品已退回企业"), Point.LABEL, "bad", Verdict.RETURNED
    DESTROYED = "destroyed", N_("此件产品已登记销毁"), Point.LABEL, "bad", Verdict.DESTROYED

    IN_DATE = "in_date", N_("保质期至 %(best_before)s，还在期内"), Point.DATE, "good", Verdict.VALID
    PAST_DATE = "past_date", N_("保质期至 %(best_before)s，已过"), Point.DATE, "bad", Verdict.PAST_DATE

    ONE_PACK = "one_pack", N_("查验记录与一件产品相符"), Point.CHECKS, "good", Verdict.VALID
    COPY_LIKELY = (
        "copy_likely",
        N_("查验记录像是几件产品共用此标识"),
        Point.CHECKS,
        "bad",
        Verdict.SUSPECTED_COPY,
    )
    IMITATED = "imitated", N_("这一系列标识有人仿印"), Point.CHECKS, "bad", Verdict.COUNTERFEIT

    @property
    def is_of_a_lot(self) -> bool:
        """Of what the batch was made from, so that its verdict's own sentence does not say it."""
        return self in (SingleCheck.RECALLED_BY_LOT, SingleCheck.ON_HOLD_BY_LOT)

    @property
    def holds(self) -> bool:
        """What is over without fault takes nothing from the pack; a suspension for cause was one, whatever came of it."""
        return self.kind != "bad" and self is not SingleCheck.RIGHT_RESUMED
