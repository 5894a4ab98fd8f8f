"""What is refused of a file as a whole, in the words of whoever sent it."""

import struct
import zipfile
import zlib
from xml.parsers import expat

from gi_trace.errors import N_, Refused

# What looking into a damaged or hostile file raises.
BROKEN = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, struct.error, RuntimeError, EOFError, ValueError, LookupError,
    OverflowError, OSError,
)  # fmt: skip


class UnreadableFile(Refused):
    """A fault of the file as a whole."""

    code = "file.unreadable"
    text = N_(
        "这不是表格文件（.xlsx、.xls、.et、.ods、.xlsb、.csv），或者文件已损坏。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"
    )


class NotATable(UnreadableFile):
    code = "file.not_a_table"
    text = N_("这是{what}，不是表格。请把名单放进 Excel 或 WPS 表格，另存为 .xlsx 后再上传。")


class EncryptedWorkbook(UnreadableFile):
    code = "file.encrypted"
    text = N_("文件设了打开密码。请取消密码、保存后再上传。")


class FileTooLarge(UnreadableFile):
    code = "file.too_large"
    text = N_("文件有 {size_mb} MB，最多 {limit_mb} MB。请删去图片和无关的工作表，或分成几个文件。")


class TooMuchInside(UnreadableFile):
    code = "file.too_much_inside"
    text = N_("文件解压后超过 {limit_mb} MB，不予打开。请删去图片和无关的工作表后再上传。")


class SheetTooBig(UnreadableFile):
    code = "file.sheet_too_big"
    text = N_(
        "单元格 {cell} 里还有内容，最多读 {rows} 行、{columns} 列。请删去表格以外的内容，或分成几个文件。"
    )


class TooManySheets(UnreadableFile):
    code = "file.too_many_sheets"
    text = N_("工作簿有 {sheets} 张工作表，最多读 {limit} 张。请删去无关的工作表，或分成几个文件。")


class TooManyRows(UnreadableFile):
    code = "file.too_many_rows"
    text = N_("各张工作表一共有 {rows} 行，最多读 {limit} 行。请分成几个文件。")


class EmptyWorkbook(UnreadableFile):
    code = "file.empty"
    text = N_("工作簿里没有内容。请确认数据已经保存。")
