"""A photo of a label leads to the verdict, also without script."""

import io

import qrcode
from PIL import Image

from tests.cast import code, make_activated_batch


def label_photo(text):
    """A symbol on a larger, turned, grey picture."""
    symbol = qrcode.make(text, box_size=6).convert("L").rotate(12, expand=True, fillcolor=255)
    picture = Image.new("L", (900, 1200), 180)
    picture.paste(symbol, (250, 400))
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()


def send(client, content):
    data = {"photo": (io.BytesIO(content), "label.jpg")}
    return client.post("/", data=data, content_type="multipart/form-data")


def test_the_label_in_a_photo_is_looked_up(client):
    text = code(make_activated_batch())
    for printed in (f"http://127.0.0.1:8000/c/{text}", text):
        assert "标识有效" in send(client, label_photo(printed)).text


def test_a_photo_without_a_symbol_and_a_file_that_is_none_are_explained(client):
    empty = io.BytesIO()
    Image.new("L", (300, 300), 200).save(empty, "PNG")
    assert "没有找到二维码" in send(client, empty.getvalue()).text
    assert "不是可以识别的照片" in send(client, b"no photo").text


def test_a_symbol_of_another_site_is_told_as_that(client):
    page = send(client, label_photo("https://shop.example/win-a-prize")).text
    assert "指向别的网站" in page and "shop.example" in page
