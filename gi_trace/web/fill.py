"""Pages of which many readers get the same words: rendered once for each shape, then filled with values.

Rendering a page costs a millisecond, filling one some microseconds. The template is an ordinary one: it gets
a `shape`, which it branches on, and `values`: texts that it only prints, and of which it asks whether they are there.
A value that is `Markup` was rendered before, for many pages alike, and is printed as it is.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

from flask import render_template
from markupsafe import Markup, escape

from gi_trace.web.languages import Language

# Private-use characters: two around a name, and one between values while all are escaped in one go.
MARK = re.compile("\ue000(\\w+)\ue001")
BETWEEN = "\ue002"
MOST_KEPT = 500

Context = Callable[[], AbstractContextManager[Any]]


class Outline(NamedTuple):
    """A rendered page, with room for values: its text between them, one piece more than there are names.

    `rendered` are names of values that are printed as they are, with their places; their names in turn are empty."""

    pieces: list[bytes]
    names: list[str]
    rendered: list[tuple[int, str]]


class FilledPages:
    def __init__(self, template: str):
        self.template = template
        self._kept: dict[Hashable, Outline] = {}

    def forget(self) -> None:
        """What is kept says the settings of the service that drew it."""
        self._kept.clear()

    def render(self, shape: Hashable, values: Mapping[str, str]) -> str:
        return render_template(self.template, shape=shape, values=values)

    def page(
        self,
        shape: Hashable,
        values: Mapping[str, str],
        language: Language,
        context: Context = nullcontext,
    ) -> bytes:
        """`context` gives a request in that language, which only the first page of its kind needs."""
        key = (language, shape, *values)
        outline = self._kept.get(key)
        if outline is None:
            with context():
                marks = {name: Markup(f"\ue000{name}\ue001") for name in values}
                parts = MARK.split(self.render(shape, marks))  # text and names of values in turn
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = outline = _outline(parts, values)
        page: list[bytes] = [b""] * (2 * len(outline.names) + 1)
        page[::2] = outline.pieces
        page[1::2] = escaped([values.get(name, "") for name in outline.names])
        for place, name in outline.rendered:
            page[place] = values[name].encode()
        return b"".join(page)


def _outline(parts: list[str], values: Mapping[str, str]) -> Outline:
    names = parts[1::2]
    is_text = [not isinstance(values[name], Markup) for name in names]
    return Outline(
        pieces=[part.encode() for part in parts[::2]],
        names=[name if text else "" for name, text in zip(names, is_text, strict=True)],
        rendered=[(2 * at + 1, name) for at, name in enumerate(names) if not is_text[at]],
    )


def escaped(texts: list[str]) -> list[bytes]:
    """Each fit for a page."""
    together = BETWEEN.join(texts)
    if together.count(BETWEEN) >= len(texts):  # somebody typed the very character
        return [escape(text).encode() for text in texts]
    return escape(together).encode().split(BETWEEN.encode())
