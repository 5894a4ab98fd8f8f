"""Photos of on-site checks leave the database, those of public reports their own folder: one store has all.

Files come first, whole and on disk, the column goes last: killed in between it is simply run again.
"""

import os
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    store = Path(current_app.config["DATA_DIR"]) / "evidence"
    _write_on_site_photos(store / "originals")
    _move_photos_of_reports(store / "redrawn")
    op.drop_column("check_photo", "content")


def downgrade() -> None:
    raise NotImplementedError("photos stay in the evidence store")


def _write_on_site_photos(folder: Path) -> None:
    photos = sa.table("check_photo", sa.column("id"), sa.column("sha256"), sa.column("content"))
    connection = op.get_bind()
    for row_id in connection.scalars(sa.select(photos.c.id)).all():  # one at a time in memory
        sha256, content = connection.execute(
            sa.select(photos.c.sha256, photos.c.content).where(photos.c.id == row_id)
        ).one()
        path = folder / sha256[:2] / sha256
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{sha256}.draft")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _move(draft, path)


def _move_photos_of_reports(folder: Path) -> None:
    for photo in (Path(current_app.config["DATA_DIR"]) / "reports").glob("*.jpg"):
        _move(photo, folder / photo.name[:2] / photo.name)


def _move(file: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.chmod(0o400)
    file.replace(path)
    for folder in (path.parent, path.parent.parent):
        entry = os.open(folder, os.O_RDONLY)
        os.fsync(entry)
        os.close(entry)
