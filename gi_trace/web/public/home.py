"""The first page: a typed code, or a photo of a label, to its verdict."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gi_trace.errors import N_, Refused
from gi_trace.evidence.pictures import Undrawable, symbols_in
from gi_trace.web.limits import limiter
from gi_trace.web.public import bp
from gi_trace.web.public.check import check_of

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2500  # enough to read a symbol, small enough to be quick


class UnusablePhoto(Refused):
    code = "not_a_photo"
    text = N_("这个文件不是可以识别的照片。请用 JPEG、PNG、WebP 或 HEIC 照片，或直接输入标识码。")


class NoSymbol(Refused):
    code = "no_symbol"
    text = N_("照片里没有找到二维码。请靠近一些、避开反光再拍，或直接输入标识码。")


@bp.get("/")
def home() -> ResponseReturnValue:
    """With `code` in the address, its verdict."""
    typed = request.args.get("code", "").strip()
    return check_of(typed) if typed else render_template("public/home.html")


@bp.post("/")
@limiter.limit("120 per hour")  # seconds of work each, and few are done at once
def look_up_photo() -> ResponseReturnValue:
    """Where the browser could not read the photo itself. The photo is read in memory and kept nowhere."""
    photo = request.files.get("photo")
    if photo is None or not photo.filename:
        raise UnusablePhoto
    return check_of(text_in(photo.read()))


def text_in(content: bytes) -> str:
    """What the first QR symbol of a photo says. Raises UnusablePhoto, NoSymbol."""
    try:
        symbols = symbols_in(content, side=LONGEST_SIDE, most_pixels=MOST_PIXELS)
    except Undrawable as error:
        raise UnusablePhoto from error
    if not symbols:
        raise NoSymbol
    return symbols[0]
