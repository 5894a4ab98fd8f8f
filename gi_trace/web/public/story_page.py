"""The chain of a pack, drawn and in words. Rendered once for a batch and language: it is the same on all of its packs."""

import re
from typing import Any, NamedTuple

from flask import render_template
from markupsafe import Markup

from gi_trace.registry.glossary import Glossary
from gi_trace.registry.tile_map import tile_codes
from gi_trace.stock.rules.story import ChainStepKind, Part, Story
from gi_trace.verification.issued import IssuedBatch
from gi_trace.verification.looking.stories import story_of_issued
from gi_trace.web.fill import Context
from gi_trace.web.languages import Language

MOST_KEPT = 500  # some 6 KB each
BLANKS = re.compile(r"\s+")  # half of what the template writes
STAYS_CHINESE = Markup('<span lang="zh-Hans">{}</span>')
WIDE, NARROW = 100, 6  # of a band, for the heaviest and for any


class Stretch(NamedTuple):
    """A piece of the band beside a step: how wide traced goods and opening stock run into it and out of it."""

    traced: tuple[int, int]
    opening: tuple[int, int]


class Slice(NamedTuple):
    """Of the bar of parts; without a part for all that are not told one by one."""

    hundredths: int
    tone: str
    of: Part | None


class MapTile(NamedTuple):
    words: str
    is_chinese: bool
    column: int
    row: int
    tones: list[str]


class DrawnStories:
    """One per process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[IssuedBatch, Language], Markup] = {}

    def of(self, batch: IssuedBatch, language: Language, context: Context) -> Markup:
        """`context` gives a request in that language, which only the first reader of a batch needs."""
        key = (batch, language)
        drawn = self._kept.get(key)
        if drawn is None:
            with context():
                drawn = _drawn(batch, language)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = drawn
        return drawn


drawn_stories = DrawnStories()


def _drawn(batch: IssuedBatch, language: Language) -> Markup:
    def called(name: str) -> str:
        """A name in the reader's language; what has none there stays Chinese and says so."""
        known = batch.glossary.name_in(language.tag, name)
        return known if known is not None else STAYS_CHINESE.format(name)

    story = story_of_issued(batch)
    drawing: dict[str, Any] = {}
    if story:
        drawing = {
            "steps": {step.kind.value: step for step in story.steps},
            "stretches": stretches_of(story),
            "slices": slices_of(story),
            "map": map_of(story, batch.glossary, language),
        }
    page = render_template("public/story.html", batch=batch, story=story, called=called, **drawing)
    return Markup(BLANKS.sub(" ", page))


def map_of(story: Story, glossary: Glossary, language: Language) -> list[MapTile]:
    """Where its contents grew and lay; empty where no map shows all of these places."""
    grown, stored = ({place.town for place in places} for places in (story.grown_in, story.stored_in))
    tiles, found = tile_codes(grown | stored)
    marked = {"grown": {found.get(code) for code in grown}, "stored": {found.get(code) for code in stored}}
    return [
        MapTile(
            glossary.name_in(language.tag, tile.name) or tile.name,
            glossary.name_in(language.tag, tile.name) is None,
            tile.column,
            tile.row,
            [tone for tone, codes in marked.items() if tile.code in codes],
        )
        for tile in tiles
    ]


def slices_of(story: Story) -> list[Slice]:
    tones = ("claimed" if part.is_opening else str(place) for place, part in enumerate(story.parts, start=1))
    told = [Slice(part.percent, tone, part) for part, tone in zip(story.parts, tones, strict=True)]
    return [*told, Slice(story.more_percent, "7", None)] if story.more_parts else told


def stretches_of(story: Story) -> list[Stretch]:
    """For each step. Between steps the band keeps its width, so that fruit is seen to shrink as it dries."""
    flows = _flows(story)
    heaviest = max(traced + opening for traced, opening in flows)
    widths = [tuple(_width(grams, heaviest) for grams in flow) for flow in flows]
    following = [*widths[1:], widths[-1]]
    return [
        Stretch((now[0], then[0]), (now[1], then[1])) for now, then in zip(widths, following, strict=True)
    ]


def _flows(story: Story) -> list[tuple[int, int]]:
    """Grams of (traced goods, opening stock) there are of the pack's contents after each step."""
    traced_g, opening_g = 0, 0
    of_opening = sum(part.grams for part in story.parts if part.is_opening)
    flows = []
    for step in story.steps:
        if step.kind is ChainStepKind.OPENING:
            opening_g = of_opening
        elif step.kind is ChainStepKind.PACKING:
            traced_g = story.net_weight_g - of_opening
        elif step.grams:
            traced_g = step.grams
        flows.append((traced_g, opening_g))
    return flows


def _width(grams: int, heaviest: int) -> int:
    return max(NARROW, WIDE * grams // heaviest) if grams else 0
