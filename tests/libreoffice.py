"""LibreOffice as a reader of our files: what a clerk sees who opens them."""

import csv
import subprocess
from pathlib import Path

CSV_OF_EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def converted(files: list[Path], form: str, folder: Path) -> None:
    """Opens the files, all in one run, and saves each in another form into a folder."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=120)


def sheets_of(files: list[Path], folder: Path) -> dict[str, list[list[list[str]]]]:
    """By file name: the rows of each of its sheets, as they are shown."""
    converted(files, CSV_OF_EVERY_SHEET, folder)
    return {
        file.name: [
            list(csv.reader(sheet.read_text("utf-8").splitlines()))
            for sheet in sorted(folder.glob(f"{file.stem}-*.csv"))
        ]
        for file in files
    }


def words_of(files: list[Path], folder: Path) -> dict[str, str]:
    """By file name: the words of each document."""
    converted(files, "txt:Text (encoded):UTF8", folder)
    return {file.name: (folder / f"{file.stem}.txt").read_text("utf-8-sig") for file in files}
