"""Pages of which many readers get the same words: rendered once for each shape, then filled with values.

Rendering a page costs a millisecond, filling one some microseconds. The template is an ordinary one: it gets
a `shape` (what it branches on) and `values` (texts that it only prints).
"""

import re
from collections.abc import Hashable, Mapping

from flask import render_template
from markupsafe import Markup, escape

from gi_trace.web.languages import Language

# Private-use characters: two around a name, and one between values while all are escaped in one go.
MARK = re.compile("\ue000(\\w+)\ue001")
BETWEEN = "\ue002"
MOST_KEPT = 500


class FilledPages:
    def __init__(self, template: str):
        self.template = template
        self._kept: dict[Hashable, list[str]] = {}

    def render(self, shape: Hashable, values: Mapping[str, str]) -> str:
        return render_template(self.template, shape=shape, values=values)

    def page(self, shape: Hashable, values: Mapping[str, str], language: Language) -> str:
        """In a request in that language."""
        if (language, shape) not in self._kept:
            marks = {name: Markup(f"\ue000{name}\ue001") for name in values}
            parts = MARK.split(self.render(shape, marks))  # text and names of values in turn
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[language, shape] = parts
        return self.kept_page(shape, values, language) or ""

    def kept_page(self, shape: Hashable, values: Mapping[str, str], language: Language) -> str | None:
        """Without a request; None when the page was not rendered in this language yet."""
        parts = self._kept.get((language, shape))
        if parts is None:
            return None
        filled = parts.copy()
        filled[1::2] = escaped([values[name] for name in parts[1::2]])
        return "".join(filled)


def escaped(texts: list[str]) -> list[str]:
    """Each fit for a page."""
    together = BETWEEN.join(texts)
    if together.count(BETWEEN) >= len(texts):  # somebody typed the very character
        return [str(escape(text)) for text in texts]
    return str(escape(together)).split(BETWEEN)
