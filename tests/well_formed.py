"""Whatever XML the service sends parses: files of their own, parts of archives, drawings inside pages."""

import io
import re
import zipfile
from xml.etree import ElementTree

from werkzeug.test import TestResponse

DRAWING = re.compile(rb"<svg\b.*?</svg>", re.DOTALL)
XML_PARTS = (".xml", ".rels", ".svg")


def check_well_formed(answer: TestResponse) -> None:
    """Raises ElementTree.ParseError."""
    for text in texts_in(answer.mimetype, answer.data) if answer.status_code == 200 else ():
        ElementTree.fromstring(text)


def texts_in(media_type: str, content: bytes) -> list[bytes]:
    if not content:  # of HEAD
        return []
    if media_type.endswith("xml"):
        return [content]
    if media_type == "text/html":
        return DRAWING.findall(content)
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [archive.read(name) for name in archive.namelist() if name.endswith(XML_PARTS)]
    return []
