"""Making a decision fit to be published: what belongs to persons is masked. Pure.

A firm's name and social credit code stay; those of a sole trader are personal data too.
"""

import re
from collections.abc import Iterable

from stdnum.cn import ric, uscc

from gi_trace.errors import N_, Refused
from gi_trace.registry.uscc import SOLE_TRADER, is_sole_trader

CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{15,19}(?![0-9A-Za-z])")
PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
CARD = re.compile(r"(?<!\d)\d{4}(?: ?\d{4}){3}(?: ?\d{1,3})?(?!\d)")
PLATE = re.compile(r"[\u4e00-\u9fff][A-Z]·?[A-Z0-9]{5,6}(?![A-Z0-9])")
HOME = re.compile(r"((?:住址|户籍地|户籍所在地|家住|现住)[:：]?|(?<=[，,])住)([^，。；,;\s（(]{4,40})")
COMPOUND_SURNAMES = ("欧阳", "司徒", "上官", "诸葛", "司马", "东方", "皇甫", "慕容", "令狐", "尉迟", "夏侯")


class StillPersonal(Refused):
    code = "still_personal"
    text = N_("文中仍有个人信息“{shown}”，请处理后再公开。")


def masked(text: str, names: Iterable[str]) -> str:
    """The text without what belongs to persons; `names` are the persons in it (longest first is seen to)."""
    text = CARD.sub(_mask_number, CODE.sub(_mask_code, text))
    text = MAIL.sub("***", PHONE.sub("***", text))
    text = HOME.sub(lambda found: f"{found[1]}***", PLATE.sub("***", text))
    for name in sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True):
        text = text.replace(name, masked_name(name))
    return text


def masked_name(name: str) -> str:
    """陈大文 → 陈某某, 欧阳明 → 欧阳某, Lam Tai → L*** ."""
    if not "\u4e00" <= name[0] <= "\u9fff":
        return f"{name[0]}***"
    surname = name[:2] if name.startswith(COMPOUND_SURNAMES) and len(name) > 2 else name[0]
    return surname + "某" * max(1, len(name) - len(surname))


def check_nothing_personal(text: str, names: Iterable[str]) -> None:
    """For a text that a person has edited after masking. Raises StillPersonal."""
    names = list(names)
    if masked(text, names) == text:
        return
    for part in re.split(r"[，。；、\s]", text):
        if part and masked(part, names) != part:
            raise StillPersonal(shown=part[:40])
    raise StillPersonal(shown="…")


def _mask_code(found: re.Match[str]) -> str:
    code = found[0]
    if uscc.is_valid(code) and not ric.is_valid(code):
        return f"{SOLE_TRADER}***" if is_sole_trader(code) else code
    looks_like_person = re.fullmatch(r"\d{15}|\d{17}[\dXx]", code)
    return f"{code[:1]}***" if looks_like_person or ric.is_valid(code) else code


def _mask_number(found: re.Match[str]) -> str:
    digits = found[0].replace(" ", "")
    return found[0] if uscc.is_valid(digits) else f"{digits[:1]}***"
