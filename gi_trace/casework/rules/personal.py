"""What belongs to persons in a text, found so that somebody can look at it before the text leaves the house. Pure.

A firm's name and social credit code stay; those of a sole trader are personal data too. What has a form of its own – a
phone, an identity number – is certain; a name is only likely, since nothing but its place in a sentence tells it, and
so is an address, which may be a firm's.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from stdnum.cn import ric, uscc

from gi_trace.casework.rules.surnames import COMPOUND_SURNAMES, SURNAMES
from gi_trace.errors import N_, Refused
from gi_trace.names import simplified
from gi_trace.registry.uscc import SOLE_TRADER, is_sole_trader
from gi_trace.words import Worded


class PersonalKind(Worded):
    CODE = "code", N_("证件号码或个体户代码")
    CARD = "card", N_("卡号或其他长号码")
    PHONE = "phone", N_("电话")
    ACCOUNT = "account", N_("微信号、QQ号等")
    MAIL = "mail", N_("电子邮箱")
    PLATE = "plate", N_("车牌号")
    HOME = "home", N_("住址")
    NAMED = "named", N_("您填写的姓名")
    NAME = "name", N_("可能是姓名")
    ADDRESS = "address", N_("可能是住址")


@dataclass(frozen=True)
class PersonalPiece:
    """Where it stands in the text, and what is written in its place."""

    kind: PersonalKind
    start: int
    end: int
    text: str
    mask: str

    @property
    def is_certain(self) -> bool:
        return self.kind not in (PersonalKind.NAME, PersonalKind.ADDRESS)


class StillPersonal(Refused):
    code = "still_personal"
    text = N_("文中仍有个人信息“{shown}”，请处理后再公开。")


DIGIT = "[0-9〇零一二三四五六七八九幺壹贰叁参肆伍陆柒捌玖]"  # as people write what no program shall find
ONE, THREE_TO_NINE = "[1一幺壹]", "[3-9三四五六七八九叁参肆伍陆柒捌玖]"
CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{15,19}(?![0-9A-Za-z])")
SPACED_IDENTITY = re.compile(
    r"(?<!\d)(?:\d(?:[ -]?\d){16}[ -]?|\d{6}[\W_]{1,2}\d{8}[\W_]{1,2}\d{3})[\dXx](?![\dA-Za-z])"
)
PASSPORT = re.compile(r"(?:护照|通行证|回乡证|证件号?码?|身份证号?码?)[:： ]*([A-Za-z]{0,2}\d{6,10})(?!\d)")
PERMIT = re.compile(r"(?<![0-9A-Za-z])(?:[HM]\d{8}(?:\d{2})?(?![0-9A-Za-z])|[A-Z]{1,2}\d{6}\([\dA]\))")
MOBILE = (
    rf"(?<!{DIGIT})(?:\+?86[- ]?)?(?:{ONE}(?=[-\s·.]?{THREE_TO_NINE})(?:[-\s·.]?{DIGIT}){{10}}"
    rf"|(?:\((?=.{{3}}\)))?{ONE}{THREE_TO_NINE}{DIGIT}[\W_]{{1,3}}{DIGIT}{{4}}[\W_]{{1,3}}{DIGIT}{{4}}"
    rf"|1[\W_][3-9](?:[\W_]\d){{9}})(?!{DIGIT})"
)
LANDLINE = r"(?<!\d)(?:\((?=\d+\)))?0\d{2,3}\)?[- ]?\d{3,4}[- ]?\d{4}(?!\d)"
ACROSS_THE_BORDER = r"(?<!\d)(?:\((?=\+?\d+\)))?(?:\+|00)?85[23]\)?[- ]{0,2}[2-9]\d{3}[- ]?\d{4}(?!\d)"
PHONE = re.compile(f"{MOBILE}|{LANDLINE}|{ACROSS_THE_BORDER}")
HAN = "[\u4e00-\u9fff]"
ACCOUNT = re.compile(
    r"(?:微信|威信|薇信|wechat|weixin|v信|vx|wx|加v|qq|抖音|快手|小红书) ?"
    rf"(?:(?:号码?|账号|id)(?:同号|是|为|[: ])*(?:{HAN}{{1,3}}[: ]?)?|群?号?(?:同号|是|为|[: ])*)"
    r"([a-z0-9][-_a-z0-9]{4,29})",
    re.IGNORECASE,
)
MAIL = re.compile(r"[\w.+-]+ ?@ ?[\w-]+(?:\.[\w-]+| \. [\w-]+)+", re.ASCII)
CARD = re.compile(r"(?<!\d)\d{4}(?: ?\d{4}){3}(?: ?\d{1,3})?(?!\d)")
PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼港澳]"
PLATE = re.compile(
    rf"{HAN}[A-Z]·?[A-Z0-9]{{5,6}}(?![A-Z0-9])|{PROVINCE} ?[A-Z][ ·.-]?[A-Z0-9]{{5,6}}(?![A-Z0-9])"
)
HOME = re.compile(
    r"(?:(?:住址|户籍地|户籍所在地|家住|现住|家在|居住在|住在)[: ]*|(?:^|(?<=[,，。；;:\s]))住)([^，。；,;\s（(]{4,40})"
)
ADDRESS = re.compile(rf"(?<!{HAN})(?:家庭|联系|收货|收件|通讯)?地址[:是为 ]*([^，。；,;\s（(]{{4,40}})")
COMPOUND = "|".join(COMPOUND_SURNAMES)
FAMILY = f"(?:{COMPOUND}|[{SURNAMES}])"
TITLE = "先生|女士|小姐|太太|老板|师傅|经理|阿姨|同志|老师|店长|主任|某"
ROLE = (
    "姓名|联系人|老板|老板娘|店主|店长|档主|经营者|负责人|法定代表人|法人|投诉人|举报人|来信人|当事人|消费者|员工|店员"
    "|司机|业务员|供货人|送货人|证人|名叫|叫做|我叫|我是|叫"
)
CALLED = rf"(?:{ROLE})[: 是为“]*"
SAYS = "说|称|讲|反映|表示|陈述|承认|举报|投诉|指"
NAMES = (
    re.compile(rf"{FAMILY}{HAN}{{0,2}}?(?={TITLE})"),
    re.compile(rf"{CALLED}({FAMILY}{HAN}{{1,2}}?)(?=[^\u4e00-\u9fff]|$|的|说|称|于|在|把|向|卖|给|和|及|与)"),
    re.compile(
        rf"{CALLED}((?:{COMPOUND}){HAN}|(?![于方白万余])[{SURNAMES}]{HAN}{{2}})"
    ),  # words begin with these, too
    re.compile(
        rf"(?<!{HAN}){FAMILY}{HAN}{{1,2}}(?={HAN}?[（(，,、：: ]*(?:男|女|电话|手机|微信|身份证|联系|\+?\d{{7}}))"
    ),
    re.compile(rf"(?<!{HAN}){FAMILY}{HAN}{{1,2}}(?!{HAN})"),
    re.compile(rf"(?<!{HAN})(?![于方白万余]){FAMILY}{HAN}{{1,2}}?(?={SAYS})"),
    re.compile(rf"(?<!{HAN})(?![于方白万余]){FAMILY}(?: +{HAN}){{1,2}}(?! *{HAN})"),  # 林 小 明
    re.compile(rf"{CALLED}([阿老小]{HAN}{{1,2}}?)(?=[^\u4e00-\u9fff]|$|的|说|称|于|在|把|向|卖|给)"),
)
NO_NAMES = {*ROLE.split("|"), *TITLE.split("|")}


def found_in(text: str, names: Iterable[str] = ()) -> list[PersonalPiece]:
    """What may belong to persons, in its order; `names` are persons known to be in it. Nothing overlaps."""
    narrow, places = _narrow(text)
    found: list[PersonalPiece] = []
    for one in (*_with_a_form(narrow), *_named(narrow, names), *_likely_names(narrow)):
        start, end = places[one.start], places[one.end - 1] + 1
        free = all(end <= other.start or start >= other.end for other in found)
        if free and one.mask != one.text:
            found.append(PersonalPiece(one.kind, start, end, text[start:end], one.mask))
    return sorted(found, key=lambda one: one.start)


def _narrow(text: str) -> tuple[str, list[int]]:
    """As the patterns read it – one width, simplified characters, nothing unseen – and where each character stood."""
    seen = [(place, one) for place, one in enumerate(text) if unicodedata.category(one) != "Cf"]
    narrow = "".join(_plain(one) for _, one in seen)
    return narrow, [place for place, _ in seen]


@cache
def _plain(one: str) -> str:
    """Of a character, one that means the same: 1 of ① and １, a blank of a wide one, 阳 of 陽."""
    plain = unicodedata.normalize("NFKC", one)
    return simplified(plain)[:1] if len(plain) == 1 else one


def masked(text: str, names: Iterable[str] = (), chosen: Iterable[str] = ()) -> str:
    """The text without what certainly belongs to persons, without `names`, and without the likely names `chosen`."""
    names, chosen = list(names), set(chosen)
    return _masked(text, names, lambda one: one.is_certain or one.text in chosen)


def masked_pieces(text: str, pieces: Iterable[str]) -> str:
    """The text without these very pieces, wherever they stand in it."""
    chosen = {piece for piece in pieces if piece.strip()}
    return _masked(text, chosen, lambda one: one.text in chosen)


def masked_name(name: str) -> str:
    """陈大文 → 陈某某, 欧阳明 → 欧阳某, 林 小 明 → 林某某, Lam Tai → L*** ."""
    name = name if name.isascii() else re.sub(r"\s", "", name)
    if not "\u4e00" <= name[0] <= "\u9fff":
        return f"{name[0]}***"
    surname = name[:2] if name.startswith(COMPOUND_SURNAMES) and len(name) > 2 else name[0]
    return surname + "某" * max(1, len(name) - len(surname))


def check_nothing_personal(text: str, names: Iterable[str]) -> None:
    """For a text that a person has edited after masking: what is certain is not published. Raises StillPersonal."""
    left = next((one for one in found_in(text, names) if one.is_certain), None)
    if left is not None:
        raise StillPersonal(shown=left.text[:40])


ROUNDS = 10  # what is masked can bring two pieces together; more than this never happened


def _masked(text: str, names: Iterable[str], is_hidden: Callable[[PersonalPiece], bool]) -> str:
    names = list(names)
    for _ in range(ROUNDS):
        hidden = [one for one in found_in(text, names) if is_hidden(one)]
        if not hidden:
            break
        for one in reversed(hidden):
            text = text[: one.start] + one.mask + text[one.end :]
    return text


def _with_a_form(text: str) -> Iterator[PersonalPiece]:
    yield from _by(PersonalKind.CODE, CODE, text, _mask_code)
    yield from _by(PersonalKind.CODE, SPACED_IDENTITY, text, _mask_spaced)
    yield from _by(PersonalKind.CODE, PASSPORT, text, _stars)
    yield from _by(PersonalKind.CODE, PERMIT, text, _stars)
    yield from _by(PersonalKind.CARD, CARD, text, _mask_number)
    yield from _by(PersonalKind.PHONE, PHONE, text, _stars)
    yield from _by(PersonalKind.ACCOUNT, ACCOUNT, text, _stars)
    yield from _by(PersonalKind.MAIL, MAIL, text, _stars)
    yield from _by(PersonalKind.PLATE, PLATE, text, _stars)
    yield from _by(PersonalKind.HOME, HOME, text, _stars)
    yield from _by(PersonalKind.ADDRESS, ADDRESS, text, _stars)


def _named(text: str, names: Iterable[str]) -> Iterator[PersonalPiece]:
    """The longest first, so that of a name within a longer one nothing is left."""
    known = {_narrow(name.strip())[0] for name in names if len(name.strip()) > 1}
    for name in sorted(known, key=lambda one: (-len(one), one)):
        yield from _by(PersonalKind.NAMED, re.compile(re.escape(name)), text, masked_name)


def _likely_names(text: str) -> Iterator[PersonalPiece]:
    for pattern in NAMES:
        for one in _by(PersonalKind.NAME, pattern, text, masked_name):
            if "某" not in one.text and one.text not in NO_NAMES:
                yield one


def _by(
    kind: PersonalKind, pattern: re.Pattern[str], text: str, mask: Callable[[str], str]
) -> Iterator[PersonalPiece]:
    """Of a pattern with a group the group alone is personal."""
    group = 1 if pattern.groups else 0
    for match in pattern.finditer(text):
        yield PersonalPiece(kind, match.start(group), match.end(group), match[group], mask(match[group]))


def _stars(_: str) -> str:
    return "***"


def _mask_code(code: str) -> str:
    if uscc.is_valid(code) and not ric.is_valid(code):
        return f"{SOLE_TRADER}***" if is_sole_trader(code) else code
    looks_like_person = re.fullmatch(r"\d{15}|\d{17}[\dXx]", code)
    return f"{code[:1]}***" if looks_like_person or ric.is_valid(code) else code


def _mask_spaced(code: str) -> str:
    """An identity number written in groups; a social credit code of digits alone stays."""
    digits = re.sub(r"[\W_]", "", code)
    return code if uscc.is_valid(digits) and not is_sole_trader(digits) else f"{code[:1]}***"


def _mask_number(number: str) -> str:
    digits = number.replace(" ", "")
    return number if uscc.is_valid(digits) else f"{digits[:1]}***"
