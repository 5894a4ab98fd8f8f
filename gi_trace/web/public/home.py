"""The first page: a typed code, or a photo of a label, to its verdict."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from gi_trace.codes.reading import to_judge
from gi_trace.errors import N_, Refused
from gi_trace.evidence.pictures import Undrawable, symbols_in
from gi_trace.verification.looking.look import hosts
from gi_trace.web.limits import limiter
from gi_trace.web.public import bp
from gi_trace.web.public.check import check_of
from gi_trace.web.uploads import takes_photos

MOST_PIXELS = 120_000_000
LONGEST_SIDE = 4000  # half of a phone's 48 million pixels: a symbol of a fiftieth of their width is read


class UnusablePhoto(Refused):
    code = "not_a_photo"
    text = N_("这个文件不是可以识别的照片。请用 JPEG、PNG、WebP 或 HEIC 照片，或直接输入标识码。")


class NoSymbol(Refused):
    code = "no_symbol"
    text = N_("照片里没有找到二维码。请靠近一些、避开反光再拍，让整个二维码在画面里，或直接输入标识码。")


class SymbolTooSmall(NoSymbol):
    text = N_("照片里的二维码太小，读不出来。请靠近一些，让二维码占画面的三分之一，或直接输入标识码。")


class PhotoTooDark(NoSymbol):
    text = N_("照片太暗，没有找到二维码。请到亮处或开灯再拍，或直接输入标识码。")


class PhotoGlares(NoSymbol):
    text = N_("照片有反光或太亮，没有读出二维码。请换个角度，避开灯光再拍，或直接输入标识码。")


class PhotoBlurred(NoSymbol):
    text = N_("照片模糊，没有读出二维码。请拿稳手机，在屏幕上点一下二维码对好焦再拍，或直接输入标识码。")


TROUBLES = {"small": SymbolTooSmall, "dark": PhotoTooDark, "glare": PhotoGlares, "blurred": PhotoBlurred}


@bp.get("/")
def home() -> ResponseReturnValue:
    """With `code` in the address, its verdict."""
    typed = request.args.get("code", "").strip()
    if typed:
        return check_of(typed)
    return render_template("public/home.html", most_mb=current_app.config["PHOTOS_MB"], own=sorted(hosts()))


@bp.post("/")
@takes_photos
@limiter.limit("120 per hour")  # seconds of work each, and few are done at once
def look_up_photo() -> ResponseReturnValue:
    """Where the browser could not read the photo itself. The photo is read in memory and kept nowhere."""
    photo = request.files.get("photo")
    if photo is None or not photo.filename:
        raise UnusablePhoto
    with photo.stream as sent:
        texts = texts_in(sent.read())
    if len(texts) == 1:
        return check_of(texts[0])
    return render_template("public/choose_code.html", texts=texts)


def texts_in(content: bytes) -> list[str]:
    """What is to be judged of a photo: more than one where it shows several of our labels.

    Raises UnusablePhoto, NoSymbol, TooManyPictures.
    """
    try:
        symbols, trouble = symbols_in(content, side=LONGEST_SIDE, most_pixels=MOST_PIXELS)
    except Undrawable as error:
        raise UnusablePhoto from error
    if not symbols:
        raise TROUBLES.get(trouble, NoSymbol)
    return to_judge(symbols, hosts())
