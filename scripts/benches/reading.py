"""Reading printed symbols back: two independent decoders, and the damage that labels meet.

Both look for QR symbols only: among 10,000 symbols one holds what passes for a short ITF bar code.
"""

import random
from collections.abc import Callable, Iterator
from math import sqrt

import numpy as np
import zxingcpp
from PIL import Image, ImageFilter, ImageOps
from pyzbar import pyzbar

Damage = Callable[[Image.Image, random.Random], Image.Image]


def by_zxing(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return sorted(symbol.text for symbol in found)


def by_zbar(picture: Image.Image) -> list[str]:
    found = pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return sorted(symbol.data.decode() for symbol in found)


DECODERS = {"zxing-cpp": by_zxing, "zbar": by_zbar}


def rotated(picture: Image.Image, rng: random.Random) -> Image.Image:
    return picture.rotate(rng.uniform(-180, 180), Image.Resampling.BILINEAR, expand=True, fillcolor=255)


def blurred(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Out of focus by up to half a module of 7 pixels."""
    return picture.filter(ImageFilter.GaussianBlur(rng.uniform(2, 3.5)))


def noisy(picture: Image.Image, rng: random.Random) -> Image.Image:
    noise = np.random.default_rng(rng.getrandbits(32)).normal(
        0, rng.uniform(10, 35), (picture.height, picture.width)
    )
    return Image.fromarray((np.asarray(picture) + noise).clip(0, 255).astype(np.uint8))


def slanted(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Seen from the side: each corner up to a seventh of the side away from its place."""
    side = picture.width
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    seen = [(x + rng.uniform(-side, side) / 7, y + rng.uniform(-side, side) / 7) for x, y in corners]
    rows, targets = [], []
    for (x, y), (u, v) in zip(corners, seen, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        targets += [u, v]
    coefficients = np.linalg.solve(np.array(rows), np.array(targets))
    size, bilinear = picture.size, Image.Resampling.BILINEAR
    return picture.transform(size, Image.Transform.PERSPECTIVE, tuple(coefficients), bilinear, fillcolor=255)


def torn(picture: Image.Image, rng: random.Random) -> Image.Image:
    """A patch of 15 % of the symbol gone, anywhere but on its three finder patterns."""
    left, top, right, _ = ImageOps.invert(picture).getbbox()
    side = right - left
    patch, finder = int(sqrt(0.15) * side), side * 8 // 29
    while True:
        x, y = rng.randint(0, side - patch), rng.randint(0, side - patch)
        over_left, over_top = x < finder, y < finder
        over_right, over_foot = x + patch > side - finder, y + patch > side - finder
        if not (over_top and (over_left or over_right) or over_left and over_foot):
            break
    damaged = picture.copy()
    damaged.paste(rng.choice((0, 128, 255)), (left + x, top + y, left + x + patch, top + y + patch))
    return damaged


DAMAGES: dict[str, Damage] = {
    "none": lambda picture, rng: picture,
    "rotation": rotated,
    "blur": blurred,
    "noise": noisy,
    "perspective": slanted,
    "15 % damage": torn,
}


def read_shares(pictures: list[Image.Image], texts: list[str]) -> Iterator[tuple[str, str, float]]:
    """(damage, decoder, share read back); the same damage for the same place in the list."""
    for damage_name, damage in DAMAGES.items():
        damaged = [damage(picture, random.Random(number)) for number, picture in enumerate(pictures)]
        for decoder_name, decode in DECODERS.items():
            read = sum(decode(picture) == [text] for picture, text in zip(damaged, texts, strict=True))
            yield damage_name, decoder_name, read / len(texts)
