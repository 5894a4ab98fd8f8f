"""Photos of an on-site check: as many and as large as the page promises, and clear words where there are more."""

import io
import re

import pytest
from werkzeug.datastructures import FileStorage

from gi_trace.database import db
from gi_trace.stock.actions.opening import LARGEST_PHOTO, MOST_PHOTOS
from gi_trace.stock.models import OnSiteCheck
from tests.cast import LIN_USCC, photo, store
from tests.multipart import post

PAGE = f"/inspector/on-site-checks/new/{LIN_USCC}"
ANSWERS = {
    "product": "1",
    "weight": "30",
    "claimed_year": "2015",
    "checked_on": "2026-11-24",
    "outside_number": "旧-1",
    "founded_year": "1995",
}


@pytest.fixture(autouse=True)
def autumn(app, at):
    at("2026-11-24T08:00Z")
    app.config["WTF_CSRF_ENABLED"] = True  # it reads the form before any view does


def picture(position, size=LARGEST_PHOTO):
    """A JPEG of so many bytes, unlike the others."""
    content = photo() + bytes([position])
    return FileStorage(io.BytesIO(content.ljust(size, b"\0")), f"{position}.jpg")


def seal_of(browser, page):
    return dict(re.findall(r'name="(csrf_token|form_key)" value="([^"]+)"', browser.get(page).text))


@pytest.fixture
def send(app, sign_in):
    app.config["WTF_CSRF_ENABLED"] = False
    chen, site = sign_in("chen"), store().id
    app.config["WTF_CSRF_ENABLED"] = True

    def sent(*photos):
        answers = ANSWERS | seal_of(chen, PAGE) | {"site": site, "photos": list(photos)}
        return post(chen, PAGE, answers)

    return sent


def test_twelve_photos_of_eight_megabytes_come_in(send):
    before = db.session.query(OnSiteCheck).count()
    answer = send(*(picture(position) for position in range(MOST_PHOTOS)))
    assert answer.status_code == 302, answer.text
    assert db.session.query(OnSiteCheck).count() == before + 1
    newest = db.session.query(OnSiteCheck).order_by(OnSiteCheck.id.desc()).first()
    assert len(newest.photos) == MOST_PHOTOS


def test_a_photo_that_is_too_large_is_named(send):
    answer = send(picture(1, size=1000), picture(2, size=LARGEST_PHOTO + 1))
    assert answer.status_code == 422 and "第 2 张照片" in answer.text and "8 MB" in answer.text
    assert 'value="30"' in answer.text, "what was typed stays"


def test_a_thirteenth_photo_is_refused_in_words(send):
    answer = send(*(picture(position, size=1000) for position in range(MOST_PHOTOS + 1)))
    assert answer.status_code == 422 and "1 至 12 张" in answer.text


def test_more_than_all_photos_together_is_refused_with_the_limit(send):
    answer = send(*(picture(position) for position in range(MOST_PHOTOS + 1)))
    assert answer.status_code == 413 and "97 MB" in answer.text


def test_nobody_else_and_no_other_page_may_send_so_much(app):
    answers = {"photos": [picture(1), picture(2)]}
    assert post(app.test_client(), PAGE, answers).status_code == 413
    answer = post(app.test_client(), "/sign-in", {"file": picture(1, size=LARGEST_PHOTO + 1)})
    assert answer.status_code == 413 and "8 MB" in answer.text
