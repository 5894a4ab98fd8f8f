"""The first page: a typed code, or a photo of a label, to its verdict."""

import io

import zxingcpp
from flask import render_template, request
from flask.typing import ResponseReturnValue

from gi_trace.errors import N_, Refused
from gi_trace.evidence.photos import Undrawable, picture_of
from gi_trace.web.public import bp
from gi_trace.web.public.check import answer

QR = zxingcpp.barcode_formats_from_str("QRCode")
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2500  # enough to read a symbol, small enough to be quick


class NotAPhoto(Refused):
    code = "not_a_photo"
    text = N_("这个文件不是可以识别的照片。请用 JPEG、PNG、WebP 或 HEIC 照片，或直接输入标识码。")


class NoSymbol(Refused):
    code = "no_symbol"
    text = N_("照片里没有找到二维码。请靠近一些、避开反光再拍，或直接输入标识码。")


@bp.get("/")
def home() -> ResponseReturnValue:
    """With `code` in the address, its verdict."""
    typed = request.args.get("code", "").strip()
    return answer(typed) if typed else render_template("public/home.html")


@bp.post("/")
def look_up_photo() -> ResponseReturnValue:
    """Where the browser could not read the photo itself. The photo is read in memory and kept nowhere."""
    photo = request.files.get("photo")
    if photo is None or not photo.filename:
        raise NotAPhoto
    return answer(text_in(photo.read()))


def text_in(content: bytes) -> str:
    """What the first QR symbol of a photo says. Raises NotAPhoto, NoSymbol."""
    try:
        picture = picture_of(io.BytesIO(content), side=LONGEST_SIDE, most_pixels=MOST_PIXELS)
    except Undrawable as error:
        raise NotAPhoto from error
    symbols = zxingcpp.read_barcodes(picture.convert("L"), formats=QR)
    if not symbols:
        raise NoSymbol
    return symbols[0].text
