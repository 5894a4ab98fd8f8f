"""How registered things are called in other languages 名称译文. Pure.

A name is looked up by its Chinese text, so that former names, which packs still bear, are found as well. What has no
entry stays Chinese, and whoever shows it says so (`lang`).
"""

import re
from collections.abc import Mapping, Sequence

from gi_trace.registry.first_names import FIRST_NAMES

CHINESE = "zh-Hans"  # the language in which names are registered
LANGUAGES = ("zh-Hant", "en")  # as browsers and pages call them
BETWEEN = {"zh-Hant": "、", "en": ", "}
HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")

Entries = Mapping[tuple[str, str], str]  # by language and Chinese name; empty for one that was taken away


class Glossary:
    """Those that come with the service, and over them what the authority entered."""

    def __init__(self, entered: Entries | None = None):
        self.entries: Entries = FIRST_NAMES | dict(entered or {})

    def name_in(self, language: str, chinese: str) -> str | None:
        """None where it has no name in that language; what is not written in Chinese is its own name in all."""
        if language == CHINESE or not HAN.search(chinese):
            return chinese
        return self.entries.get((language, chinese)) or None

    def say(self, language: str, names: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], frozenset[str]]:
        """Under each key its names as one text, and the keys of those texts that stay Chinese: all of its names or none."""
        if language == CHINESE:
            return {key: "、".join(each) for key, each in names.items()}, frozenset()
        said, staying = {}, set()
        for key, each in names.items():
            found = [name for name in (self.name_in(language, one) for one in each) if name is not None]
            if len(found) < len(each):
                staying.add(key)
            said[key] = "、".join(each) if key in staying else BETWEEN[language].join(found)
        return said, frozenset(staying)
