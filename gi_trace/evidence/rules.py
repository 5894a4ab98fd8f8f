"""Why a photo is not kept. Pure."""

from gi_trace.errors import N_, Refused


class NotAPhoto(Refused):
    code = "not_a_photo"
    text = N_("收到的文件不是 JPEG、PNG、WebP 或 HEIC 照片。")


class PhotoHashDiffers(Refused):
    """What arrived is not what the phone hashed at capture."""

    code = "photo_hash_differs"
    text = N_("收到的照片与手机计算的校验值不同，请重新上传。")


class PhotoOutOfStep(Refused):
    """The phone sends from another place than the server has reached; it goes on from `received`."""

    code = "photo_out_of_step"
    status = 409
    text = N_("照片已收到 {received} 字节，请从此处续传。")
