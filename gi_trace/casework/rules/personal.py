"""What belongs to persons in a text, found so that somebody can look at it before the text leaves the house. Pure.

A firm's name and social credit code stay; those of a sole trader are personal data too. What has a form of its own – a
phone, an identity number – is certain; a name is only likely, since nothing but its place in a sentence tells it, and
so is an address, which may be a firm's.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from stdnum.cn import ric, uscc

from gi_trace.casework.rules.contacts import ACCOUNT, HAN, MAIL, PHONE, spelling
from gi_trace.casework.rules.no_names import FORM, GOODS, GRAMMAR, SPEECH
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


CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{15,19}(?![0-9A-Za-z])")
SPACED_IDENTITY = re.compile(
    r"(?<!\d)(?:\d(?:[ -]?\d){16}[ -]?|\d{6}[\W_]{1,2}\d{8}[\W_]{1,2}\d{3})[\dXx](?![\dA-Za-z])"
)
PASSPORT = re.compile(r"(?:护照|通行证|回乡证|证件号?码?|身份证号?码?)[:： ]*([A-Za-z]{0,2}\d{6,10})(?!\d)")
PERMIT = re.compile(r"(?<![0-9A-Za-z])(?:[HM]\d{8}(?:\d{2})?(?![0-9A-Za-z])|[A-Z]{1,2}\d{6}\([\dA]\))")
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
TITLE = "先生|女士|小姐|太太|老板|师傅|经理|阿姨|同志|老师|店长|主任"
ROLE = (
    "姓名|联系人|老板|老板娘|店主|店长|档主|经营者|负责人|法定代表人|法人|投诉人|举报人|来信人|当事人|消费者|员工|店员"
    "|司机|业务员|供货人|送货人|收货人|证人|来电人|来电者|反映人|报料人|爆料人|知情人|线人|群众|买家|买方|卖家|卖方|顾客|客人|客户"
    "|邻居|房东|业主|同事|名叫|叫做|我叫|我是|叫"
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
NO_NAMES = {*ROLE.split("|"), *TITLE.split("|"), *FORM}


def found_in(text: str, names: Iterable[str] = (), goods: Iterable[str] = ()) -> list[PersonalPiece]:
    """What may belong to persons, in its order; `names` are persons known to be in it, `goods` names of goods, which are
    none. Nothing overlaps."""
    plain, places = _narrow(text)
    words = goods_words(goods)
    found = (*_with_a_form(plain), *_named(plain, names), *_likely_names(plain, words))
    return _placed(found, text, places)


def goods_words(names: Iterable[str]) -> frozenset[str]:
    """The ends of goods' names that begin like a person's: 陈皮 of 新会陈皮."""
    plain = {narrow(name) for name in names}
    return GOODS | {name[at:] for name in plain for at, one in enumerate(name) if one in SURNAMES}


def narrow(text: str) -> str:
    """As the patterns read it."""
    return _narrow(text)[0]


def _placed(found: Iterable[PersonalPiece], text: str, places: list[int]) -> list[PersonalPiece]:
    """Where they stand in the text itself, in its order; of two that overlap the first."""
    placed: list[PersonalPiece] = []
    for one in found:
        start, end = places[one.start], places[one.end - 1] + 1
        free = all(end <= other.start or start >= other.end for other in placed)
        if free and one.mask != one.text:
            placed.append(PersonalPiece(one.kind, start, end, text[start:end], one.mask))
    return sorted(placed, key=lambda one: one.start)


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


def masked(text: str, names: Iterable[str] = ()) -> str:
    """The text without what certainly belongs to persons, and without `names`."""
    names = list(names)
    return _masked(text, lambda text: [one for one in found_in(text, names) if one.is_certain])


def masked_pieces(text: str, pieces: Iterable[str], hidden: Iterable[str] = (), kept: str = "") -> str:
    """The text without these pieces, wherever and however they stand in it. `hidden` ones are left alone within `kept`,
    the name of somebody who must be called by it."""
    known, secret, whole = _spellings(pieces), _spellings(hidden), narrow(kept).strip()

    def hidden_in(text: str) -> list[PersonalPiece]:
        plain, places = _narrow(text)
        stays = [one.span() for one in re.finditer(re.escape(whole), plain)] if whole else []
        free = (one for one in _meant(plain, secret) if not any(_overlap(one, span) for span in stays))
        return _placed((*_meant(plain, known), *free), text, places)

    return _masked(text, hidden_in)


Spellings = Mapping[str, re.Pattern[str] | None]


def _spellings(pieces: Iterable[str]) -> Spellings:
    """By the piece in one width, the longest first; None of one that is known only where a name stands."""
    plain = sorted({narrow(one).strip() for one in pieces}, key=lambda one: (-len(one), one))
    return {one: spelling(one) for one in plain if one}


def _meant(plain: str, known: Spellings) -> Iterator[PersonalPiece]:
    """The pieces in the text, with the masks of what they are."""
    found = [*_with_a_form(plain), *_likely_names(plain, frozenset())] if known else []
    for one in found:
        if any(one.text == piece or (way and way.fullmatch(one.text)) for piece, way in known.items()):
            yield one
    for piece, way in known.items():
        for match in way.finditer(plain) if way else ():
            yield PersonalPiece(PersonalKind.NAMED, *match.span(), match[0], _mask_of(match[0], piece))


def _overlap(one: PersonalPiece, span: tuple[int, int]) -> bool:
    return one.start < span[1] and span[0] < one.end


def _mask_of(text: str, piece: str) -> str:
    """Of a name its family name stays."""
    if not text.strip(MASKS):
        return text  # it is masked already
    is_name = re.fullmatch(rf"{FAMILY}{HAN}{{1,3}}|[阿老小]{HAN}{{1,2}}", piece)
    mask = masked_name(text) if is_name else "***"
    return mask if text not in mask or mask == text else "***"


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


MASKS = "*某"


def _masked(text: str, hidden_in: Callable[[str], list[PersonalPiece]]) -> str:
    """Again and again, since what is masked can bring two pieces together, until nothing is found. That ends: each
    mask leaves less that is none."""
    while found := hidden_in(text):
        for one in reversed(found):
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
    known = {narrow(name.strip()) for name in names if len(name.strip(f" {MASKS}")) > 1}
    for name in sorted(known, key=lambda one: (-len(one), one)):
        yield from _by(PersonalKind.NAMED, re.compile(re.escape(name)), text, masked_name)


def _likely_names(text: str, goods: frozenset[str]) -> Iterator[PersonalPiece]:
    for pattern in NAMES:
        for one in _by(PersonalKind.NAME, pattern, text, masked_name):
            is_masked = "某" in text[one.start : one.end + 1]
            if not (is_masked or _is_word(one.text) or text.startswith(tuple(goods), one.start)):
                yield one


def _is_word(piece: str) -> bool:
    return piece in NO_NAMES or piece in SPEECH or (piece[:2] in SPEECH and piece[2:3] in GRAMMAR)


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
