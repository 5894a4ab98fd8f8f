"""What the service sends as archives and workbooks, other programs read: those, too, that read while a file arrives."""

import io
import json
import os
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from gi_trace.excel.list_file import write_list
from gi_trace.excel.template import Marked, annotated
from gi_trace.labels.images import image_zip
from gi_trace.labels.lists import xlsx_list
from tests.libreoffice import sheets_of
from tests.rules.test_evidence_bundle import made_bundle
from tests.rules.test_lists import PREFIX, RUN, written
from tests.rules.test_roll_file import TEMPLATE

ROOT = Path(__file__).parents[2]
READERS = ROOT / "tests" / "readers"
PACKAGES = ROOT / ".venv" / "readers" / "node_modules"
DATA_DESCRIPTOR, ZIP64_EXTRA = 0x08, b"\x01\x00"


def list_of_rows():
    file = io.BytesIO()
    write_list(
        file, "xlsx", ["名称", "件数", "原因"], [["示范甲", 3, None], [None, -4, "=1+1"], ["示范乙", 5, "x"]]
    )
    return file.getvalue()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    contents = {
        "codes.xlsx": written(xlsx_list(RUN, PREFIX)),
        "hidden.xlsx": written(xlsx_list(RUN, PREFIX, with_hidden=True)),
        "list.xlsx": list_of_rows(),
        "template.xlsx": TEMPLATE,
        "faults.xlsx": annotated(
            [Marked("", [["标题"], ["产品", "镇"], ["甲", 3], ["乙", None]], 2, {4: "缺镇"})]
        ),
        "png.zip": written(image_zip(RUN, PREFIX, "png")),
        "svg.zip": written(image_zip(RUN, PREFIX, "svg")),
        "bundle.zip": made_bundle(folder),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def is_workbook(file):
    return file.suffix == ".xlsx"


def said(*command):
    environment = os.environ | {"NODE_PATH": str(PACKAGES)}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def test_every_archive_is_read_while_it_arrives(files):
    lines = said("java", READERS / "Archives.java", *files).splitlines()
    found = [line.split("\t") for line in lines]
    for file in files:
        with zipfile.ZipFile(file) as archive:
            entries = [(one.filename, str(one.file_size), str(one.CRC)) for one in archive.infolist()]
        assert [tuple(entry) for name, *entry in found if name == str(file)] == entries, file.name


def test_every_archive_is_whole_for_unzip(files):
    for file in files:
        assert "No errors detected" in said("unzip", "-t", file)


def test_heads_tell_the_sizes_and_none_is_in_64_bits_without_need(files):
    for file in files:
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                assert not entry.flag_bits & DATA_DESCRIPTOR, (file.name, entry.filename)
                assert ZIP64_EXTRA not in entry.extra, (file.name, entry.filename)


def test_every_workbook_says_the_same_to_exceljs_sheetjs_and_openpyxl(files):
    books = [file for file in files if is_workbook(file)]
    found = json.loads(said("node", READERS / "workbooks.cjs", *books))
    for book in books:
        ours = {sheet.title: rows_of(sheet.values) for sheet in openpyxl.load_workbook(book)}
        by = {
            reader: {name: rows_of(rows) for name, rows in told.items()}
            for reader, told in found[str(book)].items()
        }
        assert by["exceljs"] == ours, book.name
        assert by["sheetjs"] == ours, book.name
        assert by["streaming"][""] == [row for rows in ours.values() for row in rows], book.name


def test_libreoffice_shows_every_row_of_every_workbook(files, tmp_path):
    books = [file for file in files if is_workbook(file)]
    shown = sheets_of(books, tmp_path)
    for book in books:
        ours = [words_in(sheet.values) for sheet in openpyxl.load_workbook(book)]
        assert sorted(words_in(sheet) for sheet in shown[book.name]) == sorted(ours), book.name


def words_in(rows):
    return [cell for row in rows_of(rows) for cell in map(str, row) if cell]


def rows_of(rows):
    """Of texts and numbers, without what is empty at the end."""
    told = [[("" if cell is None else cell) for cell in row] for row in rows]
    return [row for row in map(trimmed, told) if row]


def trimmed(row):
    while row and row[-1] == "":
        row = row[:-1]
    return row


def test_every_cell_says_where_it_stands(files):
    """Readers that count cells themselves shift those after an empty one."""
    for book in filter(is_workbook, files):
        with zipfile.ZipFile(book) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/sheet"):
                    sheet = archive.read(name).decode()
                    assert sheet.count("<c ") == sheet.count('<c r="'), (book.name, name)
