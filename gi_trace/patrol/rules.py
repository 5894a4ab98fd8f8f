"""What a visit, a finding and a photo must be, and the clock of goods kept for proof. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from gi_trace.errors import N_, Forbidden, NotFound, Refused
from gi_trace.words import Worded

PRESERVATION_DAYS = 7
CLOCK_WRONG_S = 120
GOOD_FIX_M = 500  # farther off, a fix does not tell in which street a shop stands
MOST_PHOTO_BYTES = 64 * 1024 * 1024


class LabelField(Worded):
    """What officers write down of a label."""

    FRONT_WORDS = "front_words", N_("正面文字")
    PRODUCT_NAME = "product_name", N_("产品名称")
    MARK = "mark", N_("地理标志标示")
    MARK_NUMBER = "mark_number", N_("标准号、公告号或商标注册号")
    USCC = "uscc", N_("标示的社会信用代码")
    INGREDIENTS = "ingredients", N_("配料")
    PRODUCTION_DATE = "production_date", N_("生产日期")
    NET_CONTENT = "net_content", N_("规格、净含量")
    SHELF_LIFE = "shelf_life", N_("保质期")
    LICENCE_NUMBER = "licence_number", N_("生产许可证号")
    STANDARD = "standard", N_("产品标准号")
    MAKER = "maker", N_("生产者")
    MAKER_ADDRESS = "maker_address", N_("生产者地址")
    COMMISSIONER = "commissioner", N_("委托方")
    AGE_WORDS = "age_words", N_("年份标示")


class Measure(Worded):
    """What was done with the goods on the spot."""

    NONE = "none", N_("无")
    SAMPLED = "sampled", N_("抽样取证")
    PRESERVED = "preserved", N_("先行登记保存")


class PhotoKind(Worded):
    """What a picture is of, and how it came to be."""

    PHOTO = "photo", N_("照片")
    MARKED = "marked", N_("加注的照片")
    SIGNATURE = "signature", N_("当事人签名")
    SCREENSHOT = "screenshot", N_("网页截图")


class ItemKind(Worded):
    """What a phone sends, in the order in which it does."""

    VISIT = "visit", N_("巡查登记")
    SCAN = "scan", N_("扫码")
    FINDING = "finding", N_("发现")
    PHOTO = "photo", N_("照片")


class ItemUnreadable(Refused):
    code = "item_unreadable"
    status = 400
    text = N_("“{field}”缺少或无法识别。")


class ItemChanged(Refused):
    """The same id with other content: never overwritten."""

    code = "item_changed"
    status = 409
    text = N_("此记录已收到过，内容不同，没有覆盖。")


class MarketNameTaken(Refused):
    code = "name_taken"
    text = N_("“{name}”已在名单里。")


class NotInVisit(Forbidden):
    code = "not_in_visit"
    text = N_("您不是此次巡查的两名人员之一。")


class OfAnotherVisit(Forbidden):
    """What an item names belongs to the item's own visit."""

    code = "of_another_visit"
    text = N_("此记录所指的发现或照片属于另一次巡查，没有收下。")


class NotInOffice(Forbidden):
    """Whose account was closed made nothing afterwards, and was on no visit."""

    code = "not_in_office"
    text = N_("{name} 的账号在此记录制作之前已经关闭，没有收下。")


class VisitMissing(Refused):
    """Whose it is nobody could tell yet: a phone sends its visit first."""

    code = "visit_missing"
    status = 409
    text = N_("还没有收到此次巡查的登记，请先上传巡查登记。")


class PlaceMissing(Refused):
    code = "place_missing"
    text = N_("没有定位时，请选择所在市场；网上店铺请填写链接。")


class MeasureDateMissing(Refused):
    code = "measure_date_missing"
    text = N_("抽样或先行登记保存须写明日期。")


class MeasureDateAhead(Refused):
    """It would put off the end of the seven days."""

    code = "measure_date_ahead"
    text = N_("措施日期 {day} 还没有到，请填写实际采取措施的日期。")


class PhotoTooLarge(Refused):
    code = "photo_too_large"
    text = N_("照片 {size_mb} MB，超过 {most_mb} MB 的上限，请用较低的分辨率重拍。")


class PhotoUnknown(NotFound):
    code = "photo_unknown"
    text = N_("没有此照片的登记，请从头上传。")


def clean_label(label: Mapping[str, object]) -> dict[str, str]:
    """Known label fields that say something, each at most 500 characters."""
    return {
        name: text.strip()[:500]
        for name, text in label.items()
        if name in list(LabelField) and isinstance(text, str) and text.strip()
    }


def decide_by(measure: Measure, measure_on: date | None) -> date | None:
    """Last day for the decision on goods kept for proof (行政处罚法 art. 56).

    Counted in calendar days: never later than the working days that art. 85 may allow.
    """
    if measure != Measure.PRESERVED or measure_on is None:
        return None
    return measure_on + timedelta(days=PRESERVATION_DAYS)


def clock_ahead_s(made_at: datetime, told_s: int, heard_at: datetime | None, received_at: datetime) -> int:
    """Seconds by which the phone's clock was ahead of ours when an item was made: as its maker sealed it, or the nearest
    that puts the making between the phone's last word from us and the item's arrival."""
    least = round((made_at - received_at).total_seconds())
    most = round((made_at - min(heard_at or made_at, received_at)).total_seconds()) if heard_at else told_s
    return max(least, min(told_s, most))


class Doubt(Worded):
    """What must be told wherever something made on a phone is evidence."""

    CLOCK_FAST = "clock_fast", N_("制作时手机时钟快 {minutes} 分钟")
    CLOCK_SLOW = "clock_slow", N_("制作时手机时钟慢 {minutes} 分钟")
    CLOCK_UNTOLD = "clock_untold", N_("制作时没有记下手机时钟的误差")
    PHONE_ENDED = "phone_ended", N_("在手机的登记结束之后制作")
    PHONE_REVOKED = "phone_revoked", N_("在手机被撤销之后收到")
