"""The two vendored fonts, cut down to the characters of one file and embedded in it."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont

from gi_trace.errors import N_, Refused

FOLDER = Path(__file__).parents[2] / "static" / "vendor" / "fonts"
# Not WOFF2: that has to be unpacked whole (5 s for Chinese), WOFF glyph by glyph (0.1 s).
CHINESE = "noto-sans-sc-chinese-simplified-400-normal.woff"
MONOSPACED = "jetbrains-mono-latin-500-normal.woff"
SUBSET_TAG = "GITRAC+"  # says that this is not the whole font (ISO 32000-1, 9.6.4)
NEEDED_TABLES = {"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp"}


class CharacterNotInFont(Refused):
    code = "character_not_in_font"
    text = N_("标签字库中没有「{characters}」，无法印制。请改用规范汉字。")


@dataclass(frozen=True)
class Subset:
    """A TrueType file with the glyphs of some characters; widths in thousandths of the type size."""

    name: str
    file: bytes
    glyphs: dict[str, int]
    widths: dict[str, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int

    def width(self, text: str) -> int:
        return sum(self.widths[character] for character in text)

    def encoded(self, text: str) -> bytes:
        """The text as a PDF string of two-byte glyph numbers."""
        return b"<" + "".join(f"{self.glyphs[character]:04X}" for character in text).encode() + b">"


@lru_cache(maxsize=64)
def subset_of(file_name: str, characters: str) -> Subset:
    """The subset for some characters (sorted, each once); CharacterNotInFont names those that are missing."""
    from fontTools import subset  # 16 MB that only a process that makes a sheet should hold

    with TTFont(FOLDER / file_name, lazy=True, recalcTimestamp=False) as font:
        known = font.getBestCmap()
        if missing := "".join(character for character in characters if ord(character) not in known):
            raise CharacterNotInFont(characters=missing)
        options = subset.Options(hinting=False, layout_features=[], glyph_names=False, notdef_outline=True)
        options.drop_tables = [tag for tag in font.keys() if tag not in NEEDED_TABLES]
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=characters)
        subsetter.subset(font)
        return _read(font, Path(file_name).stem)


def characters_of(*texts: str) -> str:
    return "".join(sorted(set("".join(texts))))


def _read(font: TTFont, name: str) -> Subset:
    font.flavor = None
    file = BytesIO()
    font.save(file)
    per_em, head, hhea = font["head"].unitsPerEm, font["head"], font["hhea"]
    names = {chr(point): name for point, name in font.getBestCmap().items()}
    box = (head.xMin, head.yMin, head.xMax, head.yMax)
    scaled = [1000 * value // per_em for value in (*box, hhea.ascent, hhea.descent)]
    return Subset(
        name=SUBSET_TAG + "".join(part.title() for part in name.split("-")),
        file=file.getvalue(),
        glyphs={character: font.getGlyphID(glyph) for character, glyph in names.items()},
        widths={character: 1000 * font["hmtx"][glyph][0] // per_em for character, glyph in names.items()},
        box=(scaled[0], scaled[1], scaled[2], scaled[3]),
        ascent=scaled[4],
        descent=scaled[5],
    )
