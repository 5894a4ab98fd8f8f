"""The first page reads a photo in the browser, as the server would; what it cannot read it sends made small."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from gi_trace.database import db
from tests.cast import code, make_activated_batch
from tests.web.test_photo_look_up import CHAT, SHOP, photo_of


@pytest.fixture
def labels(service):
    with service.app_context():
        batch = make_activated_batch()
        labels = [f"{service.config['PUBLIC_URL']}/c/{code(batch, unit)}" for unit in (1, 2)]
        db.session.remove()
    return labels


def test_a_chosen_photo_leads_to_the_verdict_of_our_label_and_of_several_one_chooses(
    new_context, service, labels, tmp_path
):
    service.config["MAX_CONTENT_LENGTH"] = 2**21
    page = new_context().new_page()

    def choose(picture, **options):
        picture.save(tmp_path / "label.jpg", **options)
        page.goto("/")
        page.set_input_files("#photo", tmp_path / "label.jpg")

    choose(photo_of(CHAT, SHOP, labels[0]))
    expect(page.get_by_role("heading", name="标识有效", level=1)).to_be_visible()
    choose(photo_of(SHOP))
    expect(page.get_by_role("heading", name="指向别的网站，不是本服务")).to_be_visible()
    choose(photo_of(labels[0], labels[1]))
    page.get_by_role("button", name=labels[1]).click()
    expect(page.get_by_role("heading", name="标识有效", level=1)).to_be_visible()
    large = Image.effect_noise((250, 183), 90).resize((6000, 4400), Image.Resampling.BICUBIC)
    choose(large, quality=98)  # larger than the server takes: made small, and what is wrong with it is said
    assert (tmp_path / "label.jpg").stat().st_size > service.config["MAX_CONTENT_LENGTH"]
    expect(page.get_by_text(re.compile("照片模糊|没有找到二维码"))).to_be_visible()
