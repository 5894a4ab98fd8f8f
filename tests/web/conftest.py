"""Pages are tested with the translations as they are now, not as they were when last compiled."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/translations"


@pytest.fixture(scope="session")
def translations() -> ModuleType:
    """The script scripts/translations, as a module."""
    loader = SourceFileLoader("translations", str(SCRIPT))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture(scope="session", autouse=True)
def compiled(translations: ModuleType) -> None:
    translations.compile_all()
