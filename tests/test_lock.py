"""A fresh machine gets all that is imported: each package stands in a lock file with its hashes."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def imported_packages(*folders: str) -> set[str]:
    """Names on top of imports, without Python's own and the project's."""
    names = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - {"gi_trace", "scripts", "tests"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(file_name: str) -> set[str]:
    text = (ROOT / "scripts" / file_name).read_text()
    return set(re.findall(r"^([a-z0-9.-]+)(?:\[.*\])?==", text, re.MULTILINE))


def names_of(wanted: list[str]) -> set[str]:
    return {normal(re.split(r"[\[<>=~ ]", line)[0]) for line in wanted}


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = names_of(PROJECT["project"]["dependencies"])
DEV = names_of(PROJECT["dependency-groups"]["dev"])
EXTRAS = names_of(sum(PROJECT["project"]["optional-dependencies"].values(), []))


def test_what_is_declared_is_locked():
    assert locked("requirements.lock") >= RUNTIME, "run scripts/lock"
    assert locked("requirements-dev.lock") >= RUNTIME | DEV, "run scripts/lock"


@pytest.mark.parametrize(
    ("folders", "lock", "others"),
    [
        (("gi_trace",), "requirements.lock", EXTRAS),
        (("tests", "scripts"), "requirements-dev.lock", set()),
    ],
)
def test_what_is_imported_is_locked(folders, lock, others):
    distributions = packages_distributions()
    missing = {
        package
        for package in imported_packages(*folders)
        if not {normal(name) for name in distributions.get(package, [])} & (locked(lock) | others)
    }
    assert not missing


def test_the_lock_files_name_hashes_and_no_address():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / "scripts" / lock).read_text()
        assert "://" not in text
        assert text.count("\n    --hash=sha256:") > len(locked(lock)) > 40
