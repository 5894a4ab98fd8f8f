"""Whether a list says of its enterprises, or of one in its row, that they are no longer authorised.

Pure. A roll takes in rights that run: who lists what was cancelled or suspended wants another act than a grant.
"""

import re
from collections.abc import Iterator

from gi_trace.errors import N_
from gi_trace.excel.cells import is_empty, text_of
from gi_trace.excel.table import NEXT_LIST, List, RowFault, Table
from gi_trace.excel.unreadable import UnreadableFile

GONE = "注销|撤销|吊销|暂停|停用|停止|终止|取消|退出|失效"
TITLE = re.compile(rf"({GONE}).*(名单|名册|清单|企业|公告|公示|通知)|(名单|名册|清单)[^。]*({GONE})")
STATE = re.compile(rf"状态|是否有效|{GONE}")
NOT_A_STATE = re.compile(r"序号|电话|备注")
RUNNING = {
    "有效",
    "正常",
    "存续",
    "在营",
    "开业",
    "在业",
    "在用",
    "使用中",
    "使用",
    "存续（在营、开业、在册）",
}
SAID_BY_DATES = {"尚未生效", "到期", "已到期"}  # this service writes them too, and the dates say the same
NEVER = {"无", "—", "-", "/", "未", "没有", "长期"}


class ListOfOthers(UnreadableFile):
    code = "file.list_of_others"
    text = N_(
        "“{title}”像是注销、撤销或暂停的名单；名册只收有效的授权，没有导入任何内容。"
        "要暂停、撤销或终止的，请到各项授权的页面办理；名单里确实都是有效授权的，请改掉这个标题或表名后再上传。"
    )


def check_titles(table: Table) -> None:
    """Raises ListOfOthers."""
    for each in table.lists:
        above = each.sheet.grid[: each.header.row - 1]
        titles = [text_of(cell) for row in above for cell in row if not is_empty(cell)]
        named = [each.sheet.name] if re.search(GONE, each.sheet.name) else []
        if found := [*named, *filter(TITLE.search, titles)]:
            raise ListOfOthers(title=found[0])


def standing_faults(table: Table) -> Iterator[RowFault]:
    """Rows of which a column that is not ours says anything but that the right runs."""
    places = {place: _state_places(each) for place, each in enumerate(table.lists)}
    for number in dict.fromkeys(row.number for row in table.rows):
        which, row = divmod(number, NEXT_LIST)
        cells = table.lists[which].sheet.grid[row - 1]
        for label, place in places[which]:
            if not is_empty(cells[place]) and not _runs(label, said := text_of(cells[place])):
                message = N_("“{label}”写着“{said}”，名册只收有效的授权")
                what_to_do = N_(
                    "有效的改写成“有效”或留空；否则从文件里删去这一行，要暂停、撤销或终止的到该授权的页面办理"
                )
                yield RowFault(number, label, message, what_to_do, {"label": label, "said": said})


def _state_places(of: List) -> list[tuple[str, int]]:
    ours = set(of.header.places.values())
    return [
        (label, place)
        for place, label in enumerate(of.header.labels)
        if place not in ours and STATE.search(label) and not NOT_A_STATE.search(label)
    ]


def _runs(label: str, said: str) -> bool:
    if re.search(GONE, label):
        return said in NEVER | {"否"} | RUNNING
    return said in RUNNING | SAID_BY_DATES or (said == "是" and "有效" in label)
