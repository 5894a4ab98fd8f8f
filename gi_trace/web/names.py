"""Names of registered things in the language of a page, outside of the pages that are filled."""

from flask import Flask, g
from markupsafe import Markup

from gi_trace.database import db
from gi_trace.registry.glossary import CHINESE, Glossary
from gi_trace.registry.models import read_glossary
from gi_trace.web.languages import page_language


def init_names(app: Flask) -> None:
    app.add_template_filter(named)


def named(chinese: str) -> str:
    """In the reader's language; what has no name there stays Chinese and says so."""
    language = page_language().tag
    if language == CHINESE:
        return chinese
    name = glossary().name_in(language, chinese)
    return Markup('<span lang="zh-Hans">{}</span>').format(chinese) if name is None else name


def glossary() -> Glossary:
    """Read once for an answer."""
    if "glossary" not in g:
        g.glossary = read_glossary(db.session.connection())
    return g.glossary
