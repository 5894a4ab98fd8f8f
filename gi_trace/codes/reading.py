"""What was typed, pasted or scanned: a code of ours, a slip, an address of somebody else, or something else altogether.

One table of kinds for page, JSON, inspectors and phones (static/js/patrol/address.js); tests/vectors/addresses.json
holds them together. Pure.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from gi_trace.codes.digital_link import Address, code_part, has_right_check_digit, parse_path
from gi_trace.codes.hosts import host_of
from gi_trace.codes.unit_code import ALPHABET, CODE_LENGTH, IGNORED, LONGEST_TYPED, Malformed, parse
from gi_trace.errors import N_
from gi_trace.words import Worded


class TextKind(StrEnum):
    CODE = "code"
    MALFORMED = "malformed"
    OTHER_HOST = "other_host"
    NOT_A_CODE = "not_a_code"


class Content(Worded):
    """What a symbol holds that is neither a code nor an address of a site."""

    PAYMENT = "payment", N_("收款码（扫它是付钱给别人）")
    CHAT = "chat", N_("加好友或进群的码")
    BARCODE = "barcode", N_("商品条码（收银用的数字）")
    CONTACT = "contact", N_("电话、短信、邮件或名片")
    WIFI = "wifi", N_("无线网络的名称和密码")
    APP = "app", N_("打开其他应用的链接")
    TEXT = "text", N_("一段文字")


@dataclass(frozen=True)
class ReadText:
    """`typed` is what stands where a code belongs; `address` is also that of a code behind another host's address."""

    kind: TextKind
    typed: str
    address: Address | None = None
    host: str = ""  # another's, as host_of writes it
    content: Content | None = None


@dataclass(frozen=True)
class _Site:
    host: str
    path: str
    query: str


_AUTHORITY = r"([^/\\?#\s]*)((?:[/\\][^?#]*)?)(?:\?([^#]*))?"
_WITH_SCHEME = re.compile(r"(?:^|[^a-z0-9+.-])(https?):[/\\]*" + _AUTHORITY, re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(r"(?:[/\\]{2,})?" + _AUTHORITY)
_NAMED = re.compile(
    r"(?:[^\s/\\?#@:.]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)\.?(?::[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LEAD_IN = re.compile(r"^[\"'“”‘’「」『』(\[【<《\s]*(?:(?:标识码|標識碼)\s*:?|code\s*:)", re.IGNORECASE)
_WIDE = str.maketrans({"：": ":", "／": "/", "？": "?"})  # as a Chinese keyboard writes them
_LEFT_OUT = str.maketrans("", "", "\t\n\r")
_SAYING = (TextKind.MALFORMED, TextKind.OTHER_HOST, TextKind.NOT_A_CODE)  # the most first
MOST_OF_A_SLIP = 2 * CODE_LENGTH

_SCHEMES = (
    (Content.PAYMENT, re.compile(r"wxp:|weixin://wxpay|alipays?:|upwallet:", re.IGNORECASE)),
    (Content.CHAT, re.compile(r"weixin:|wechat:|mqq[a-z]*:", re.IGNORECASE)),
    (Content.WIFI, re.compile(r"wifi:", re.IGNORECASE)),
    (Content.CONTACT, re.compile(r"begin:vcard|mecard:|tel:|sms(?:to)?:|mailto:", re.IGNORECASE)),
)
_PLACES = (  # where payment and chat codes lead, by host and path
    (Content.PAYMENT, re.compile(r"(?:qr\.alipay\.com|payapp\.weixin\.qq\.com|wx\.tenpay\.com|qr\.95516\.com)/")),
    (Content.CHAT, re.compile(r"(?:u\.wechat\.com|work\.weixin\.qq\.com|qm\.qq\.com|weixin\.qq\.com/[rgm])/")),
)  # fmt: skip


def read_text(text: str, own: Collection[str]) -> ReadText:
    """`own` are the hosts that labels of ours lead to."""
    plain = text.strip().lstrip("\ufeff\u200b")
    if plain.startswith("/") and plain[1:2] not in ("/", "\\"):  # a path of our own
        path, _, query = plain.partition("#")[0].partition("?")
        return _in_own(_Site("", path, query), plain)
    if site := _site_in(plain.translate(_WIDE), own):
        if site.host in own:
            return _in_own(site, plain)
        return _elsewhere(site, plain)
    return _alone(plain)


def read_address(text: str) -> Address:
    """The code in what was typed, wherever its address leads: for those who look for goods, not for a verdict.

    Raises Malformed.
    """
    if address := read_text(text, ()).address:
        return address
    raise Malformed("no code in it")


def to_judge(texts: Iterable[str], own: Collection[str]) -> list[str]:
    """Of the symbols of one picture: those with codes of ours, wherever they stand, each once; else the one that says most.

    More than one is for a person to choose from.
    """
    read = [(text, read_text(text, own)) for text in texts]
    codes: dict[Address | None, str] = {}
    for text, one in read:
        if one.kind is TextKind.CODE:
            codes.setdefault(one.address, text)
    if codes:
        return list(codes.values())
    return [text for text, _ in sorted(read, key=lambda each: _SAYING.index(each[1].kind))][:1]


def _site_in(text: str, own: Collection[str]) -> _Site | None:
    text = _as_followed(text, own)
    if found := _WITH_SCHEME.search(text) if _SCHEME.match(text) is None else _WITH_SCHEME.match(text):
        scheme, authority, path, query = found.groups()
    elif (found := _WITHOUT_SCHEME.match(text)) and _is_host(found[0], found[1], own):
        scheme, authority, path, query = "", *found.groups()
    else:
        return None
    host = host_of(authority, scheme)
    return _Site(host, path.replace("\\", "/"), query or "") if host else None


def _as_followed(text: str, own: Collection[str]) -> str:
    """Browsers leave tabs and line breaks out of an address (WHATWG URL 4.4): it leads where the whole of it leads. What
    is written on the line below an address stays apart, also below a whole host of our own that it does not go on."""
    whole = text.translate(_LEFT_OUT)
    followed, seen = _WITH_SCHEME.match(whole), _WITH_SCHEME.match(text)
    if followed is None or seen is None:
        return whole if followed else text
    below = text[seen.end() :].translate(_LEFT_OUT)
    is_apart = host_of(seen[2], seen[1]) in own and not below.startswith((".", "-", ":", "@"))
    return text if is_apart or seen.group(1, 2) == followed.group(1, 2) else whole


def _is_host(whole: str, authority: str, own: Collection[str]) -> bool:
    """Without a scheme a word with dots is a host, unless it is a code that somebody wrote with dots."""
    if whole[:1] in "/\\" or host_of(authority) in own:
        return bool(authority)
    return _NAMED.fullmatch(authority) is not None and not (whole == authority and _is_code(authority))


def _in_own(site: _Site, text: str) -> ReadText:
    typed = code_part(site.path, site.query) or text
    try:
        return ReadText(TextKind.CODE, typed, parse_path(site.path, site.query))
    except Malformed:
        return ReadText(TextKind.MALFORMED, typed)


def _elsewhere(site: _Site, text: str) -> ReadText:
    try:
        address = parse_path(site.path, site.query)
    except Malformed:
        address = None
    where = f"{site.host}{site.path or '/'}"
    for content, pattern in _PLACES:
        if pattern.match(where):
            return ReadText(TextKind.NOT_A_CODE, text, content=content)
    return ReadText(TextKind.OTHER_HOST, text, address, site.host)


def _alone(text: str) -> ReadText:
    typed = _LEAD_IN.sub("", unicodedata.normalize("NFKC", text[: LONGEST_TYPED + 1])).strip()
    if "/" not in typed and _is_code(typed):
        return ReadText(TextKind.CODE, typed, Address(parse(typed)))
    for content, pattern in _SCHEMES:
        if pattern.match(text):
            return ReadText(TextKind.NOT_A_CODE, text, content=content)
    if _SCHEME.match(typed):
        return ReadText(TextKind.NOT_A_CODE, text, content=Content.APP)
    if has_right_check_digit(typed):
        return ReadText(TextKind.NOT_A_CODE, text, content=Content.BARCODE)
    if _is_slip(typed):
        return ReadText(TextKind.MALFORMED, typed)
    return ReadText(TextKind.NOT_A_CODE, text, content=Content.TEXT)


def _is_code(text: str) -> bool:
    try:
        return bool(parse(text))
    except Malformed:
        return False


def _is_slip(text: str) -> bool:
    """Mostly characters of codes, and not many more than a code has: somebody tried."""
    characters = IGNORED.sub("", text).upper()
    of_codes = sum(each in ALPHABET or each in "ILOU" for each in characters)
    return len(characters) <= MOST_OF_A_SLIP and 2 * of_codes >= len(characters)
