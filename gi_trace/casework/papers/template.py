"""Templates of papers as data, and the drafts that come of them. Pure.

A template is `templates/<kind>-<version>.toml`: a title, the law that asks for the paper, which facts may be wanting, and
its blocks. One that papers were issued by is never changed: a new text is a new version, and the newest one is used.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gi_trace.casework.papers.kinds import CasePaperKind, PaperFact, PaperTable

FOLDER = Path(__file__).parent / "templates"
BRACES = re.compile(r"\{(\w+)\}")
NOTHING = "／"
Tables = Mapping[PaperTable, Sequence[Sequence[str]]]


@dataclass(frozen=True)
class PaperBlock:
    """One part of a paper.

    `kind`: text (paragraphs), heading, annex (a heading on a page of its own), facts (rows of label and value), table
    (rows, the columns' names first), opinions (who gives one, with room to write), signatures (lines), seal (office
    and day), note (small).
    """

    kind: str
    texts: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Draft:
    """A paper in all its words; `missing` are the labels of what it still lacks, marked in its text."""

    kind: CasePaperKind
    version: int
    title: str
    number: str
    blocks: tuple[PaperBlock, ...]
    missing: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> "Draft":
        blocks = tuple(
            PaperBlock(one["kind"], tuple(one["texts"]), tuple(tuple(row) for row in one["rows"]))
            for one in data["blocks"]
        )
        return cls(
            CasePaperKind(data["kind"]),
            data["version"],
            data["title"],
            data["number"],
            blocks,
            tuple(data["missing"]),
        )


@dataclass(frozen=True)
class Template:
    kind: CasePaperKind
    version: int
    title: str
    law: str
    optional: tuple[str, ...]
    blocks: tuple[Mapping[str, Any], ...]

    @property
    def facts(self) -> list[PaperFact]:
        """What it names, in its order."""
        named = [PaperFact(name) for block in self.blocks for name in BRACES.findall(str(block))]
        return list(dict.fromkeys(named))

    @property
    def tables(self) -> list[PaperTable]:
        return [PaperTable(block["table"]) for block in self.blocks if "table" in block]

    @property
    def asked(self) -> list[PaperFact]:
        return [fact for fact in self.facts if fact.is_asked]

    def filled(self, known: Mapping[PaperFact, str], tables: Tables, *, number: str = "") -> Draft:
        """The paper with what is known in it; without a number it is a draft that was not issued."""
        values = _Values(known, self.optional)
        blocks = tuple(_block(block, values, tables) for block in self.blocks)
        return Draft(self.kind, self.version, self.title, number, blocks, tuple(values.missing))


class _Values:
    """What stands in the place of each fact; notes what is missing. `optional` are facts and tables that may be."""

    def __init__(self, known: Mapping[PaperFact, str], optional: Sequence[str]):
        self.known, self.optional = known, optional
        self.missing: list[str] = []

    def fill(self, text: str) -> str:
        return BRACES.sub(lambda found: self._of(PaperFact(found[1])), text)

    def _of(self, fact: PaperFact) -> str:
        value = self.known.get(fact, "").strip()
        if value or fact in self.optional:
            return value or NOTHING
        self.note(fact.label)
        return f"【待填：{fact.label}】"

    def note(self, label: str) -> None:
        if label not in self.missing:
            self.missing.append(label)


def template_of(kind: CasePaperKind, version: int | None = None) -> Template:
    """The version, or the newest one."""
    return TEMPLATES[kind, version or max(versions_of(kind))]


def versions_of(kind: CasePaperKind) -> list[int]:
    return [version for known, version in TEMPLATES if known is kind]


def _read(path: Path) -> Template:
    name, _, version = path.stem.rpartition("-")
    data = tomllib.loads(path.read_text())
    optional = tuple(data.get("optional", ()))
    return Template(
        CasePaperKind(name), int(version), data["title"], data["law"], optional, tuple(data["block"])
    )


def _block(block: Mapping[str, Any], values: _Values, tables: Tables) -> PaperBlock:
    [(kind, content)] = block.items()
    if kind == "facts":
        return PaperBlock(kind, rows=tuple((label, values.fill(value)) for label, value in content))
    if kind == "table":
        return _table(PaperTable(content), values, tables)
    if kind in ("opinions", "signatures"):
        return PaperBlock(kind, tuple(content))
    return PaperBlock(kind, (values.fill(content),))


def _table(table: PaperTable, values: _Values, tables: Tables) -> PaperBlock:
    rows = tuple(tuple(row) for row in tables.get(table, ()))
    if not rows and table.value in values.optional:
        return PaperBlock("text", ("（无）",))
    if not rows:
        values.note(table.label)
    return PaperBlock("table", rows=(tuple(table.columns.split()), *rows))


# Read at the start, since papers are issued inside acts.
TEMPLATES = {(one.kind, one.version): one for one in map(_read, sorted(FOLDER.glob("*.toml")))}
