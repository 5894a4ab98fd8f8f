"""A transcribed label against what its legal basis asks for (CNIPA announcement 354, 2020). Pure.

As on the phone (static/js/patrol/label_check.js), from the same facts of products and rights.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from gi_trace.registry.rules import Basis, RightState

Facts = Mapping[str, Any]


def expected_label(product: Facts, rights: Sequence[Facts], label: Mapping[str, str]) -> dict[str, list[str]]:
    """What may stand in a field, by its name; the firm's rights narrow it once its code is transcribed."""
    own = [right for right in rights if right["uscc"] and _same(right["uscc"], label.get("uscc", ""))]
    own_bases = {right["basis"] for right in own} or {ground["basis"] for ground in product["bases"]}
    numbers: list[str] = []
    for ground in product["bases"]:
        if ground["basis"] in own_bases:
            numbers += product["standards"] if ground["basis"] == Basis.PROTECTED else []
            numbers.append(ground["number"])
    expected = {
        "product_name": [product["name"]],
        "mark_number": [number for number in numbers if number],
        "uscc": [right["uscc"] for right in rights if right["state"] == RightState.IN_FORCE],
        "maker": [right["party"] for right in own],
    }
    return {name: texts for name, texts in expected.items() if texts}


def label_faults(label: Mapping[str, str], expected: Mapping[str, list[str]]) -> list[str]:
    """Names of the transcribed fields that say none of what is expected."""
    return [
        name
        for name, text in label.items()
        if name in expected and not any(_same(text, each) for each in expected[name])
    ]


def _same(one: str, other: str) -> bool:
    """Equal but for case, width, blanks and punctuation."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return "".join(
        character for character in unicodedata.normalize("NFKC", text).upper() if character.isalnum()
    )
