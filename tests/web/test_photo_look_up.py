"""A photo of a label leads to the verdict, also without script: whatever else stands in the picture, in whatever format."""

import io

import pytest
import qrcode
from PIL import Image, ImageFilter
from pillow_heif import register_heif_opener

from tests.cast import code, make_activated_batch

SITE = "http://127.0.0.1:8000"
CHAT, SHOP = "https://u.wechat.com/EABCdef", "https://shop.example/win-a-prize"
GREY = (900, 1200)


def symbol(text, box=6):
    return qrcode.make(text, box_size=box).convert("L").rotate(12, expand=True, fillcolor=255)


def photo_of(*texts, size=GREY, box=6):
    """Symbols one below the other on a larger, grey picture."""
    picture = Image.new("L", size, 180)
    for number, text in enumerate(texts):
        picture.paste(symbol(text, box), (size[0] // 4, 20 + number * size[1] // len(texts)))
    return picture


def written(picture, kind="JPEG", **options):
    register_heif_opener()
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def send(client, content):
    data = {"photo": (io.BytesIO(content), "label.jpg")}
    return client.post("/", data=data, content_type="multipart/form-data")


def told_of(client, picture, *kind, **options):
    return send(client, written(picture, *kind, **options)).text


@pytest.fixture
def labels(app):
    batch = make_activated_batch()
    return [f"{SITE}/c/{code(batch, unit)}" for unit in (1, 2)]


@pytest.fixture
def label(labels):
    return labels[0]


def test_the_label_in_a_photo_is_looked_up(client, label):
    for printed in (label, label[-20:]):
        assert "标识有效" in told_of(client, photo_of(printed))


def test_our_label_is_judged_wherever_it_stands_and_of_several_the_reader_chooses(client, labels):
    label, other = labels
    for texts in ([CHAT, SHOP, label], [label, SHOP], [SHOP, label, label]):
        assert "标识有效" in told_of(client, photo_of(*texts)), texts
    page = told_of(client, photo_of(label, SHOP, other))
    assert "请选您要查验的那一个" in page and "shop.example" not in page
    assert all(f'href="/?code={text}"' in page for text in (label, other))


def test_what_leads_elsewhere_or_is_something_else_is_told_as_that(client):
    page = told_of(client, photo_of(CHAT, SHOP))
    assert "指向别的网站" in page and "shop.example" in page
    assert "加好友或进群的码" in told_of(client, photo_of(CHAT))


def test_a_photo_of_any_phone_is_read(client, label):
    transparent = Image.merge(
        "LA", (Image.new("L", symbol(label).size, 0), symbol(label).point(lambda v: 255 - v))
    )
    white = Image.merge(
        "LA", (Image.new("L", symbol(label).size, 255), symbol(label).point(lambda v: 255 - v))
    )
    small_beside_much = photo_of(label, size=(8064, 6048), box=5)  # 48 million pixels
    ultra_hdr = {"save_all": True, "append_images": [Image.new("L", (200, 300), 90)]}
    for picture, kind, options in (
        (transparent, "PNG", {}),
        (white, "PNG", {}),
        (photo_of(label).convert("RGB"), "MPO", ultra_hdr),
        (photo_of(label).convert("RGB"), "HEIF", {"quality": 70}),
        (small_beside_much, "JPEG", {"optimize": True}),
    ):
        assert "标识有效" in told_of(client, picture, kind, **options), kind


def test_what_is_wrong_with_a_photo_is_said_in_words(client, label):
    lamp = photo_of(label)
    lamp.paste(255, (150, 0, 700, 400))
    cases = {
        "没有找到二维码": Image.new("L", (300, 300), 200),
        "照片模糊": photo_of(label).filter(ImageFilter.GaussianBlur(9)),
        "照片太暗": Image.new("L", (300, 300), 10),
        "照片有反光或太亮": lamp,
    }
    for words, picture in cases.items():
        assert words in told_of(client, picture), words
    assert "不是可以识别的照片" in send(client, b"no photo").text


def test_the_first_page_names_the_limit_that_holds_and_lets_a_picture_be_chosen(app, client):
    page = client.get("/").text
    assert f"不超过 {app.config['PHOTOS_MB']} MB" in page and "capture" not in page
