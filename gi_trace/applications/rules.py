"""The way of an application: which move follows which stage, who may make it, and which term runs. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gi_trace.errors import N_, Refused
from gi_trace.record.acts import Acted
from gi_trace.registry.rules import Right, RightState, state_on
from gi_trace.terms.deadlines import Pause
from gi_trace.terms.legal import TermCode
from gi_trace.words import Worded

MOST_PAPERS = 12


class ApplicationKind(Worded):
    NEW_RIGHT = "new_right", N_("新申请用标")
    RENEWAL = "renewal", N_("续期")
    NEW_NAME = "new_name", N_("企业更名")


class Stage(Worded):
    """Where an application stands."""

    HANDED_IN = "handed_in", N_("已递交，待区县核查")
    CORRECTION_ASKED = "correction_asked", N_("待申请人补正")
    CHECKED = "checked", N_("区县已核查，待市级决定")
    APPROVED = "approved", N_("市级已同意，待公告")
    ANNOUNCED = "announced", N_("已公告，已生效")
    REFUSED = "refused", N_("不予同意")
    WITHDRAWN = "withdrawn", N_("已撤回")


class Move(Worded):
    """What brings an application from one stage to the next; `office` is who does it, as the applicant reads it."""

    office: str
    act: Acted

    HAND_IN = "hand_in", N_("递交申请"), N_("申请人"), Acted.APPLICATION_HANDED_IN
    ADD_PAPERS = "add_papers", N_("补充材料"), N_("申请人"), Acted.APPLICATION_PAPERS_ADDED
    ASK_CORRECTION = "ask_correction", N_("要求补正"), N_("受理人员"), Acted.APPLICATION_CORRECTION_ASKED
    CORRECT = "correct", N_("补正材料"), N_("申请人"), Acted.APPLICATION_CORRECTED
    CHECK = "check", N_("区县核查"), N_("区县核查人员"), Acted.APPLICATION_CHECKED
    APPROVE = "approve", N_("市级同意"), N_("市级审定人员"), Acted.APPLICATION_APPROVED
    ANNOUNCE = "announce", N_("录入公告"), N_("公告登记人员"), Acted.APPLICATION_ANNOUNCED
    TURN_AWAY = "turn_away", N_("不予受理"), N_("受理人员"), Acted.APPLICATION_TURNED_AWAY
    REFUSE = "refuse", N_("不予同意"), N_("市级审定人员"), Acted.APPLICATION_REFUSED
    WITHDRAW = "withdraw", N_("撤回申请"), N_("申请人"), Acted.APPLICATION_WITHDRAWN


class PaperKind(Worded):
    TEST_REPORT = "test_report", N_("检验报告")
    ORIGIN_PROOF = "origin_proof", N_("产地证明")
    LICENCE = "licence", N_("营业执照")
    OTHER = "other", N_("其他材料")


LEADS_TO: dict[Stage, dict[Move, Stage]] = {
    Stage.HANDED_IN: {
        Move.ADD_PAPERS: Stage.HANDED_IN,
        Move.ASK_CORRECTION: Stage.CORRECTION_ASKED,
        Move.CHECK: Stage.CHECKED,
        Move.TURN_AWAY: Stage.REFUSED,
        Move.WITHDRAW: Stage.WITHDRAWN,
    },
    Stage.CORRECTION_ASKED: {
        Move.CORRECT: Stage.HANDED_IN,
        Move.CHECK: Stage.CHECKED,
        Move.WITHDRAW: Stage.WITHDRAWN,
    },
    Stage.CHECKED: {
        Move.ASK_CORRECTION: Stage.CORRECTION_ASKED,
        Move.APPROVE: Stage.APPROVED,
        Move.REFUSE: Stage.REFUSED,
        Move.WITHDRAW: Stage.WITHDRAWN,
    },
    Stage.APPROVED: {
        Move.ANNOUNCE: Stage.ANNOUNCED,
        Move.REFUSE: Stage.REFUSED,
        Move.WITHDRAW: Stage.WITHDRAWN,
    },
    Stage.ANNOUNCED: {},
    Stage.REFUSED: {},
    Stage.WITHDRAWN: {},
}
OPEN = tuple(stage for stage, moves in LEADS_TO.items() if moves)
OF_APPLICANT = (Move.ADD_PAPERS, Move.CORRECT, Move.WITHDRAW)
OF_OFFICE = (Move.ASK_CORRECTION, Move.CHECK, Move.TURN_AWAY, Move.APPROVE, Move.ANNOUNCE, Move.REFUSE)
DECISIONS = (Move.APPROVE, Move.REFUSE)
STANDING = (RightState.IN_FORCE, RightState.NOT_YET, RightState.SUSPENDED)
NEEDED = (PaperKind.TEST_REPORT, PaperKind.ORIGIN_PROOF, PaperKind.LICENCE)


class NotOnTheRoll(Refused):
    code = "not_on_the_roll"
    text = N_("名册上没有这家企业的{product}（{basis}）用标授权，不能办理更名。")


class NewNameMissing(Refused):
    code = "new_name_missing"
    text = N_("办理更名的，请填写新的企业名称和登记机关核准的日期；不办理更名的，请留空。")


class MoveNotOpen(Refused):
    code = "move_not_open"
    status = 409
    text = N_("这份申请现在是“{stage}”，不能办理“{move}”。可能刚才已经有人办过，请看下面的经过。")


class StillCorrecting(Refused):
    code = "still_correcting"
    text = N_("申请人的补正期限还没有过，期满仍未补正的才能按现有材料核查。")


class DeciderChecked(Refused):
    code = "decider_checked"
    text = N_("决定须由没有核查过这份申请的人员作出，请另一名同事办理。")


class TooManyPapers(Refused):
    code = "too_many_papers"
    text = N_("递交和每次补正各最多 {most} 份材料：已有 {had} 份，这次又送 {asked} 份。请合并后再送。")


class NoPapers(Refused):
    code = "no_papers"
    text = N_("请选择要补充的文件。")


class RightStands(Refused):
    code = "right_stands"
    text = N_("{product}（{basis}）的用标授权还在。要延续，请选“续期”。")


class NothingToRenew(Refused):
    code = "nothing_to_renew"
    text = N_("没有可以续期的{product}（{basis}）用标授权。请选“新申请用标”。")


def moves_from(stage: Stage, *, correction_overdue: bool = False) -> list[Move]:
    """An application whose correction is not overdue waits for the applicant alone."""
    moves = list(LEADS_TO[stage])
    waits = stage is Stage.CORRECTION_ASKED and not correction_overdue
    return [move for move in moves if not (waits and move in OF_OFFICE)]


def check_move(stage: Stage, move: Move, *, correction_overdue: bool = False) -> None:
    """Raises MoveNotOpen, StillCorrecting."""
    if move not in LEADS_TO[stage]:
        raise MoveNotOpen(stage=stage.label, move=move.label)
    if move not in moves_from(stage, correction_overdue=correction_overdue):
        raise StillCorrecting


def stage_after(stage: Stage, move: Move) -> Stage:
    return LEADS_TO[stage][move]


def check_decider(move: Move, *, checked_by: int | None, by: int) -> None:
    """Whoever looked at the firm does not decide. Raises DeciderChecked."""
    if move in DECISIONS and by == checked_by:
        raise DeciderChecked


def check_paper_count(had: int, asked: int) -> None:
    """`had` since it was handed in, or since a correction was last asked, which makes room anew. Raises TooManyPapers."""
    if had + asked > MOST_PAPERS:
        raise TooManyPapers(most=MOST_PAPERS, had=had, asked=asked)


def missing_papers(kinds: Iterable[PaperKind]) -> list[PaperKind]:
    sent = set(kinds)
    return [kind for kind in NEEDED if kind not in sent]


def check_kind(
    kind: ApplicationKind, rights: Iterable[Right], today: date, *, product: str, basis: str
) -> None:
    """`rights` are those of the firm for the product on the basis. Raises RightStands, NothingToRenew, NotOnTheRoll."""
    states = [(right, state_on(right, today)) for right in rights]
    stands = any(state in STANDING for _, state in states)
    ends = any(right.ends_on and state in (*STANDING, RightState.EXPIRED) for right, state in states)
    if kind is ApplicationKind.NEW_RIGHT and stands:
        raise RightStands(product=product, basis=basis)
    if kind is ApplicationKind.RENEWAL and not ends:
        raise NothingToRenew(product=product, basis=basis)
    if kind is ApplicationKind.NEW_NAME and not stands:
        raise NotOnTheRoll(product=product, basis=basis)


def check_new_name(kind: ApplicationKind, name: str, new_name: str, since: date | None) -> None:
    """Raises NewNameMissing."""
    if kind is ApplicationKind.NEW_NAME:
        is_right = bool(new_name and since and new_name != name)
    else:
        is_right = not (new_name or since)
    if not is_right:
        raise NewNameMissing


@dataclass(frozen=True)
class Running:
    """The term that runs on an application, from which day, and the days that it does not count."""

    code: TermCode
    begins_on: date
    pauses: tuple[Pause, ...] = ()


def running_term(moves: Sequence[tuple[Move, date]]) -> Running | None:
    """While the applicant mends, his own term runs and the office's stands still. After the city's question the district
    checks anew, with its whole term; after the city's decision the announcement is no longer in the office's hands."""
    running: Running | None = None
    stopped: Running | None = None
    for move, on in moves:
        if move is Move.HAND_IN:
            running = Running(TermCode.CHECK_APPLICATION, on)
        elif move is Move.CHECK:
            running = Running(TermCode.DECIDE_APPLICATION, on)
        elif move is Move.ASK_CORRECTION:
            stopped, running = running, Running(TermCode.CORRECT_APPLICATION, on)
        elif move is Move.CORRECT:
            assert stopped and running
            running = _resumed(stopped, Pause(running.begins_on, on))
        elif move is not Move.ADD_PAPERS:
            return None
    return running


def _resumed(stopped: Running, pause: Pause) -> Running:
    if stopped.code is TermCode.DECIDE_APPLICATION and pause.ends_on:
        return Running(TermCode.CHECK_APPLICATION, pause.ends_on)
    return Running(stopped.code, stopped.begins_on, (*stopped.pauses, pause))
