"""Whether the database's tables are those that the migrations make; a service on others would fail later and worse."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Inspector, inspect

from gi_trace.database import Base, db
from gi_trace.errors import N_, Refused


class TablesUnfit(Refused):
    code = "tables_unfit"
    text = N_("数据库的表不是程序所要的，不能启动。")


class DatabaseEmpty(TablesUnfit):
    text = N_("数据库里还没有表。请先运行 scripts/admin prepare，或用 scripts/serve 启动。")


class DatabaseOlder(TablesUnfit):
    text = N_("数据库还是旧版本（{found}，程序需要 {wanted}）。请先备份，再运行 scripts/admin prepare 升级。")


class DatabaseNewer(TablesUnfit):
    text = N_("数据库由更新的程序写成（{found}，本程序只到 {wanted}）。请改用更新的程序。")


class TablesMissing(TablesUnfit):
    text = N_("数据库自称是 {found} 版，却与该版不符：{what}。请从备份恢复，或联系维护人员。")


def check_tables() -> None:
    """Raises TablesUnfit."""
    found, wanted = _version(), _versions()[0]
    if found is None:
        raise DatabaseEmpty
    if found in _versions()[1:]:
        raise DatabaseOlder(found=found, wanted=wanted)
    if found != wanted:
        raise DatabaseNewer(found=found, wanted=wanted)
    if differences := _differences(inspect(db.engine)):
        raise TablesMissing(found=found, what="、".join(differences))


def check_not_newer() -> None:
    """Before an upgrade, which would not know what it stands on. Raises DatabaseNewer."""
    found = _version()
    if found is not None and found not in _versions():
        raise DatabaseNewer(found=found, wanted=_versions()[0])


def _version() -> str | None:
    """Of the database; None while it has no tables."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _versions() -> list[str]:
    """All that the program knows, the newest first."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    return [script.revision for script in scripts.walk_revisions()]


def _differences(found: Inspector) -> list[str]:
    """Tables and columns that are missing, and columns that nobody knows; foreign tables may stand beside ours."""
    columns = {
        name: {column["name"] for column in rows} for (_, name), rows in found.get_multi_columns().items()
    }
    differences = []
    for table in Base.metadata.sorted_tables:
        if table.name not in columns:
            differences.append(table.name)
        else:
            unlike = columns[table.name] ^ set(table.columns.keys())
            differences += [f"{table.name}.{name}" for name in sorted(unlike)]
    return differences
