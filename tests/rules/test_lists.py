"""Lists and archives for printing firms."""

import csv
import io
import zipfile

import openpyxl
import pytest
import python_calamine
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gi_trace.codes.unit_code import MAX_UNIT, epoch_keys
from gi_trace.labels.download import Units
from gi_trace.labels.images import LARGEST_ZIP, TooManyImages, image_zip
from gi_trace.labels.lists import LARGEST_EXCEL, TooManyForExcel, csv_list, xlsx_list

PREFIX = "https://gi.example/c/"
KEYS = epoch_keys(bytes(32), bytes(32), 3)
RUN = Units(KEYS, 7, 98, 103)


def written(download):
    made = download.made()
    content = b"".join(made.parts)
    made.close()
    assert len(content) == made.length
    return content


def expected_rows(units, *, with_hidden=False):
    rows = [
        [str(unit), code, f"{code[:5]} {code[5:10]} {code[10:15]} {code[15:]}", PREFIX + code]
        for unit, code in enumerate(units.codes(), units.first)
    ]
    return [[*row, hidden] for row, hidden in zip(rows, units.hidden(), strict=True)] if with_hidden else rows


@pytest.mark.parametrize("with_hidden", [False, True])
def test_excel_and_printing_firms_read_the_csv(with_hidden):
    file = written(csv_list(RUN, PREFIX, with_hidden=with_hidden))
    assert file.startswith(b"\xef\xbb\xbf")
    heading, *rows = csv.reader(io.StringIO(file.decode("utf-8-sig")))
    assert heading == ["件号", "标识码", "印刷文字", "网址", *(["涂层密码"] if with_hidden else [])]
    assert rows == expected_rows(RUN, with_hidden=with_hidden)


@settings(max_examples=40)
@given(st.integers(1, MAX_UNIT - 12_000), st.integers(1, 12_000), st.booleans())
def test_the_length_of_a_csv_is_known_beforehand(first, count, with_hidden):
    download = csv_list(Units(KEYS, 7, first, first + count - 1), PREFIX, with_hidden=with_hidden)
    assert len(written(download)) == download.length


@pytest.mark.parametrize("with_hidden", [False, True])
def test_excel_cells_are_texts(with_hidden):
    file = io.BytesIO(written(xlsx_list(RUN, PREFIX, with_hidden=with_hidden)))
    _, *rows = openpyxl.load_workbook(file).active.iter_rows()
    assert [[cell.value for cell in row] for row in rows] == expected_rows(RUN, with_hidden=with_hidden)
    assert {cell.data_type for row in rows for cell in row} <= {"s", "inlineStr"}
    file.seek(0)
    sheet = python_calamine.CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
    assert sheet.to_python()[1:] == expected_rows(RUN, with_hidden=with_hidden)


def test_excel_holds_200_000_rows_and_no_more():
    with pytest.raises(TooManyForExcel):
        xlsx_list(Units(KEYS, 7, 1, LARGEST_EXCEL + 1), PREFIX)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "png", "svg"])
def test_a_file_is_the_same_bytes_each_time(kind):
    def made():
        if kind in ("png", "svg"):
            return written(image_zip(RUN, PREFIX, kind))
        return written({"csv": csv_list, "xlsx": xlsx_list}[kind](RUN, PREFIX))

    assert made() == made()


def test_every_png_of_an_archive_is_read_back():
    with zipfile.ZipFile(io.BytesIO(written(image_zip(RUN, PREFIX, "png")))) as archive:
        assert archive.testzip() is None
        names = [f"{unit:07d}-{code}.png" for unit, code in enumerate(RUN.codes(), RUN.first)]
        assert archive.namelist() == names
        for name, code in zip(names, RUN.codes(), strict=True):
            image = Image.open(archive.open(name))
            assert image.size == (296, 296)
            assert image.info["dpi"] == pytest.approx((480, 480), abs=0.1)  # a module is 0.42 mm
            assert [symbol.text for symbol in zxingcpp.read_barcodes(image.convert("L"))] == [PREFIX + code]


def test_every_svg_draws_the_modules_of_its_png():
    with zipfile.ZipFile(io.BytesIO(written(image_zip(RUN, PREFIX, "png")))) as archive:
        squares = [Image.open(archive.open(name)).resize((37, 37)).tobytes() for name in archive.namelist()]
    with zipfile.ZipFile(io.BytesIO(written(image_zip(RUN, PREFIX, "svg")))) as archive:
        drawings = [archive.read(name).decode() for name in archive.namelist()]
    assert [drawn(drawing) for drawing in drawings] == squares


def drawn(svg):
    """The rectangles of the last path as a 1-bit image."""
    square = Image.new("1", (37, 37), 1)
    for rectangle in svg.rsplit('d="M', 1)[1].split('"')[0].split("M"):
        place, rest = rectangle.split("h", 1)
        x, y = map(int, place.split())
        square.paste(0, (x, y, x + int(rest.split("v")[0]), y + 1))
    return square.tobytes()


def test_an_archive_of_too_many_images_is_refused():
    with pytest.raises(TooManyImages):
        image_zip(Units(KEYS, 7, 1, LARGEST_ZIP + 1), PREFIX, "png")
