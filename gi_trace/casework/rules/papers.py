"""When a paper may be issued. Pure."""

from gi_trace.errors import N_, Refused


class PaperIncomplete(Refused):
    code = "paper_incomplete"
    text = N_("文书还不能签发，缺：{missing}。")


class PaperIssuedAlready(Refused):
    """It goes by the number of its case or decision, which there is once."""

    code = "paper_issued_already"
    text = N_("文书 {number} 已签发过，请下载原件。")


class CaseMissing(Refused):
    code = "case_missing"
    text = N_("此文书须在立案（处罚决定书须在作出决定）之后签发。")


def check_paper_complete(missing: tuple[str, ...]) -> None:
    if missing:
        raise PaperIncomplete(missing=list(missing))
