"""What may be done next with a lead on its way between two offices, as its page offers it. Pure."""

from gi_trace.errors import N_
from gi_trace.words import Worded


class TransferAct(Worded):
    """Stored as the page that does it."""

    ANSWER = "answer_lead_transfer", N_("答复移送")
    RESULT = "report_result", N_("反馈处理结果")
    PAPER_RECEIPT = "note_paper_receipt", N_("登记书面签收")
    PAPER_ANSWER = "note_paper_answer", N_("登记书面答复")
    PAPER_RETURN = "note_paper_return", N_("登记书面退回")
    PAPER_RESULT = "note_paper_result", N_("登记书面结果")


def transfer_acts(
    *,
    incoming: bool,
    on_paper: bool,
    received: bool,
    waits_for_answer: bool,
    waits_for_result: bool,
    is_there: bool,
) -> list[TransferAct]:
    """We answer what came in; what we sent to an office without this service is answered by letters that we enter."""
    if not incoming and not on_paper:
        return []
    answer = TransferAct.ANSWER if incoming else TransferAct.PAPER_ANSWER
    result = TransferAct.RESULT if incoming else TransferAct.PAPER_RESULT
    acts = [] if incoming or received else [TransferAct.PAPER_RECEIPT]
    acts += [answer] if waits_for_answer else []
    acts += [TransferAct.PAPER_RETURN] if is_there and not incoming else []
    return acts + ([result] if waits_for_result else [])
