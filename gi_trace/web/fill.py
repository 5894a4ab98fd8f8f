"""Pages of which many readers get the same words: rendered once for each shape, then filled with values.

Rendering a page costs a millisecond, filling one some microseconds. The template is an ordinary one: it gets
a `shape` (what it branches on) and `values` (texts that it only prints).
"""

import re
from collections.abc import Hashable, Mapping

from flask import render_template, request, session
from markupsafe import Markup, escape

from gi_trace.web.languages import page_language

# Two private-use characters around a name; values come in later and are never searched for them.
MARK = re.compile("\ue000(\\w+)\ue001")
MOST_KEPT = 500


class FilledPages:
    def __init__(self, template: str):
        self.template = template
        self._kept: dict[Hashable, list[str]] = {}

    def page(self, shape: Hashable, values: Mapping[str, str]) -> str:
        if request.query_string or session:  # the page repeats its query, and a session may have messages
            return render_template(self.template, shape=shape, values=values)
        key = (page_language(), shape)
        parts = self._kept.get(key)
        if parts is None:
            parts = self._render(shape, values)
            if len(self._kept) < MOST_KEPT:
                self._kept[key] = parts
        filled = parts.copy()
        filled[1::2] = [escape(values[name]) for name in parts[1::2]]
        return "".join(filled)

    def _render(self, shape: Hashable, values: Mapping[str, str]) -> list[str]:
        """Text and names of values in turn."""
        marks = {name: Markup(f"\ue000{name}\ue001") for name in values}
        return MARK.split(render_template(self.template, shape=shape, values=marks))
