"""Why a photo or paper is not kept. Pure."""

from gi_trace.errors import N_, Refused


class NotAPhoto(Refused):
    code = "not_a_photo"
    text = N_("收到的文件不是 JPEG、PNG、WebP 或 HEIC 照片。")


class NotAPaper(Refused):
    code = "not_a_paper"
    text = N_("收到的文件不是 PDF，也不是 JPEG、PNG、WebP 或 HEIC 照片。")


class PhotoHashDiffers(Refused):
    """What arrived is not what the phone hashed at capture."""

    code = "photo_hash_differs"
    text = N_("收到的照片与手机计算的校验值不同，请重新上传。")


class PhotoOutOfStep(Refused):
    """The phone sends from another place than the server has reached; it goes on from `received`."""

    code = "photo_out_of_step"
    status = 409
    text = N_("照片已收到 {received} 字节，请从此处续传。")


SIGNATURES = {  # (place, bytes) with which files of the kind begin
    "application/pdf": [(0, b"%PDF-")],
    "image/jpeg": [(0, b"\xff\xd8\xff")],
    "image/png": [(0, b"\x89PNG\r\n\x1a\n")],
    "image/webp": [(0, b"RIFF"), (8, b"WEBP")],
    "image/heic": [(4, b"ftyp")],
}
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def paper_type_of(content: bytes) -> str:
    """Media type of a paper by its first bytes alone: what else is in it nobody here looks at. Raises NotAPaper."""
    for media_type, signature in SIGNATURES.items():
        if all(content.startswith(mark, place) for place, mark in signature):
            if media_type != "image/heic" or content[8:12] in HEIC_BRANDS:
                return media_type
    raise NotAPaper
