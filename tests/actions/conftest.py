"""Acts are tested on both databases."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, prepared_sqlite: Path) -> Iterator[str]:
    if request.param == "sqlite":
        shutil.copy(prepared_sqlite, tmp_path)
        yield ""
        return
    with request.getfixturevalue("postgres").copy() as address:
        yield address
