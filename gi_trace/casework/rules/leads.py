"""What may be done with a lead, a complaint and an informant. Pure."""

from datetime import date, timedelta

from gi_trace.errors import N_, Forbidden, Refused

TWO_YEARS = timedelta(days=2 * 365)


class LeadNotOpen(Refused):
    code = "lead_not_open"
    text = N_("此线索已处理，不能再更改。")


class LeadNotMergeable(Refused):
    """A complaint has its own way and answer, so it is never absorbed."""

    code = "lead_not_mergeable"
    text = N_("投诉须单独处理，线索也不能并入自己。")


class ExtensionTwice(Refused):
    code = "extension_twice"
    text = N_("核查期限已延长过一次。")


class ExtensionTooLate(Refused):
    code = "extension_too_late"
    text = N_("期限已于 {day} 届满，不能再延长。")


class OwnExtension(Refused):
    """An extension needs the head's approval: who works on the lead cannot give it to himself."""

    code = "own_extension"
    text = N_("办理人不能自己批准延期，请由另一名人员批准。")


class PauseOpen(Refused):
    code = "pause_open"
    text = N_("已有一项检验或鉴定正在进行，请先登记它的结束。")


class PauseDayWrong(Refused):
    code = "pause_day_wrong"
    text = N_("日期须在 {earliest} 与今天之间。")


class ReceivedDayWrong(Refused):
    code = "received_day_wrong"
    text = N_("收到日期须在 {earliest} 与今天之间。")


class NoSuchComplaint(Refused):
    code = "no_such_complaint"
    text = N_("此线索不是投诉。")


class ComplaintSettled(Refused):
    code = "complaint_settled"
    text = N_("此投诉的这一步已经做过。")


class ComplaintNotAccepted(Refused):
    code = "complaint_not_accepted"
    text = N_("投诉尚未受理，不能登记调解结果。")


class AgreementMissing(Refused):
    code = "agreement_missing"
    text = N_("达成调解的，须写明协议内容和双方确认的日期。")


class InformantHidden(Forbidden):
    code = "informant_hidden"
    text = N_("只有办理此线索或案件的人员可以查看来信人身份。")


class NoInformant(Refused):
    code = "no_informant"
    text = N_("来信人没有留下身份。")


class AlreadyTold(Refused):
    code = "already_told"
    text = N_("已于 {day} 告知来信人。")


class WordsMissing(Refused):
    code = "words_missing"
    text = N_("请写明理由。")


def required_text(text: str) -> str:
    """The text without blanks around it. Raises WordsMissing."""
    if not text.strip():
        raise WordsMissing
    return text.strip()


def check_received_on(on: date, *, today: date) -> None:
    """Raises ReceivedDayWrong; what is older than two years is punished no more (行政处罚法 art. 36)."""
    earliest = today - TWO_YEARS
    if not earliest <= on <= today:
        raise ReceivedDayWrong(earliest=earliest.isoformat())


def check_extension(*, extended_on: date | None, last_day: date, today: date, own: bool) -> None:
    if extended_on is not None:
        raise ExtensionTwice
    if today > last_day:
        raise ExtensionTooLate(day=last_day.isoformat())
    if own:
        raise OwnExtension


def check_pause_day(on: date, *, earliest: date, today: date) -> None:
    if not earliest <= on <= today:
        raise PauseDayWrong(earliest=earliest.isoformat())
