"""When a paper may be issued. Pure."""

from gi_trace.errors import N_, Refused


class PaperIncomplete(Refused):
    code = "paper_incomplete"
    text = N_("文书还不能签发，缺：{missing}。")


class PaperIssuedAlready(Refused):
    """Word for word the same, or by the number of its case or decision, which there is once."""

    code = "paper_issued_already"
    text = N_("文书 {number} 已签发过，请下载原件。")


class CaseMissing(Refused):
    code = "case_missing"
    text = N_("此文书须在立案（处罚决定书须在作出决定）之后签发。")


class PaperNotIssued(Refused):
    code = "paper_not_issued"
    text = N_("处罚决定书尚未签发，不能登记送达。请先在“文书”签发。")


class PaperUnnamed(Refused):
    """A notice without any paper opens no term."""

    code = "paper_unnamed"
    text = N_("请先在“文书”签发告知书；在别处制作的，须写明文书号，日期只能是今天。")


def check_paper_complete(missing: tuple[str, ...]) -> None:
    if missing:
        raise PaperIncomplete(missing=list(missing))
