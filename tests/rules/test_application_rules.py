"""The way of an application: no way to a right around its stages, and the right clock at each."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.applications.rules import (
    DECISIONS,
    MOST_PAPERS,
    OF_APPLICANT,
    OF_OFFICE,
    OPEN,
    ApplicationKind,
    DeciderChecked,
    Move,
    MoveNotOpen,
    NewNameMissing,
    NothingToRenew,
    NotOnTheRoll,
    PaperKind,
    RightStands,
    Running,
    Stage,
    StillCorrecting,
    TooManyPapers,
    check_decider,
    check_kind,
    check_move,
    check_new_name,
    check_paper_count,
    missing_papers,
    moves_from,
    running_term,
    stage_after,
)
from gi_trace.evidence.rules import NotAPaper, paper_type_of
from gi_trace.registry.rules import ChangeKind, Right, RightChange
from gi_trace.terms.deadlines import Pause
from gi_trace.terms.legal import TermCode

DAY = date(2026, 11, 2)
A_DAY = timedelta(days=1)
OFFICERS = st.sampled_from([1, 2, 3])


def walked(steps):
    """What becomes of an application when people try all these moves, and are refused where rules say so:
    (moves made with who made them, stage)."""
    stage, made = Stage.HANDED_IN, []
    for move, by, overdue in steps:
        checkers = [who for one, who in made if one is Move.CHECK]
        try:
            check_move(stage, move, correction_overdue=overdue)
            check_decider(move, checked_by=checkers[-1] if checkers else None, by=by)
        except (MoveNotOpen, StillCorrecting, DeciderChecked):
            continue
        stage = stage_after(stage, move)
        made.append((move, by))
    return made, stage


@given(st.lists(st.tuples(st.sampled_from(list(Move)), OFFICERS, st.booleans()), max_size=40))
def test_no_right_begins_around_the_stages(steps):
    made, stage = walked(steps)
    moves = [move for move, _ in made]
    if stage is not Stage.ANNOUNCED:
        assert Move.ANNOUNCE not in moves
        return
    announced = moves.index(Move.ANNOUNCE)
    approved = max(place for place, move in enumerate(moves[:announced]) if move is Move.APPROVE)
    checked = max(place for place, move in enumerate(moves[:approved]) if move is Move.CHECK)
    assert made[checked][1] != made[approved][1], "whoever checked did not decide"
    between = set(moves[checked:announced])
    assert between == {Move.CHECK, Move.APPROVE}, "what was checked is what was decided"
    assert announced == len(moves) - 1, "nothing follows"


@given(st.lists(st.tuples(st.sampled_from(list(Move)), OFFICERS, st.booleans()), max_size=40))
def test_an_application_ends_once(steps):
    moves = [move for move, _ in walked(steps)[0]]
    endings = [move for move in moves if move in (Move.ANNOUNCE, Move.REFUSE, Move.WITHDRAW)]
    assert len(endings) <= 1 and (not endings or moves[-1] is endings[0])


@pytest.mark.parametrize("stage", OPEN)
def test_the_applicant_may_withdraw_while_it_is_open(stage):
    assert Move.WITHDRAW in moves_from(stage)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in OPEN])
def test_what_has_ended_stays_so(stage):
    assert moves_from(stage) == []
    for move in Move:
        with pytest.raises(MoveNotOpen):
            check_move(stage, move)


def test_every_move_but_the_first_is_the_applicants_or_the_offices():
    assert {*OF_APPLICANT, *OF_OFFICE} == set(Move) - {Move.HAND_IN}
    assert not set(OF_APPLICANT) & set(OF_OFFICE)


def test_a_correction_that_is_asked_is_waited_for_until_its_term_is_over():
    with pytest.raises(StillCorrecting):
        check_move(Stage.CORRECTION_ASKED, Move.CHECK)
    check_move(Stage.CORRECTION_ASKED, Move.CHECK, correction_overdue=True)
    assert not set(moves_from(Stage.CORRECTION_ASKED)) & set(OF_OFFICE)


@pytest.mark.parametrize("move", DECISIONS)
def test_whoever_checked_decides_nothing(move):
    with pytest.raises(DeciderChecked):
        check_decider(move, checked_by=1, by=1)
    check_decider(move, checked_by=1, by=2)


def test_the_checker_may_enter_what_others_decided():
    check_decider(Move.ANNOUNCE, checked_by=1, by=1)


def days(*moves):
    return [(move, DAY + A_DAY * after) for move, after in moves]


@pytest.mark.parametrize(
    ("moves", "runs"),
    [
        ([(Move.HAND_IN, 0)], Running(TermCode.CHECK_APPLICATION, DAY)),
        ([(Move.HAND_IN, 0), (Move.ADD_PAPERS, 3)], Running(TermCode.CHECK_APPLICATION, DAY)),
        (
            [(Move.HAND_IN, 0), (Move.ASK_CORRECTION, 2)],
            Running(TermCode.CORRECT_APPLICATION, DAY + 2 * A_DAY),
        ),
        (
            [(Move.HAND_IN, 0), (Move.ASK_CORRECTION, 2), (Move.CORRECT, 9)],
            Running(TermCode.CHECK_APPLICATION, DAY, (Pause(DAY + 2 * A_DAY, DAY + 9 * A_DAY),)),
        ),
        (
            [(Move.HAND_IN, 0), (Move.ASK_CORRECTION, 2), (Move.CORRECT, 9), (Move.CHECK, 10)],
            Running(TermCode.DECIDE_APPLICATION, DAY + 10 * A_DAY),
        ),
        (
            [(Move.HAND_IN, 0), (Move.CHECK, 1), (Move.ASK_CORRECTION, 2), (Move.CORRECT, 9)],
            Running(TermCode.CHECK_APPLICATION, DAY + 9 * A_DAY),
        ),
        ([(Move.HAND_IN, 0), (Move.CHECK, 1), (Move.APPROVE, 2)], None),
        ([(Move.HAND_IN, 0), (Move.WITHDRAW, 2)], None),
    ],
)
def test_the_term_that_runs(moves, runs):
    assert running_term(days(*moves)) == runs


def test_each_correction_stops_the_clock_for_its_own_days():
    moves = [(Move.HAND_IN, 0), (Move.ASK_CORRECTION, 2), (Move.CORRECT, 4)]
    running = running_term(days(*moves, (Move.ASK_CORRECTION, 6), (Move.CORRECT, 7)))
    assert [pause.starts_on for pause in running.pauses] == [DAY + 2 * A_DAY, DAY + 6 * A_DAY]


def test_twelve_papers_and_no_more():
    check_paper_count(5, MOST_PAPERS - 5)
    with pytest.raises(TooManyPapers):
        check_paper_count(5, MOST_PAPERS - 4)


def test_what_is_still_to_come_is_told():
    assert missing_papers([PaperKind.LICENCE, PaperKind.OTHER]) == [
        PaperKind.TEST_REPORT,
        PaperKind.ORIGIN_PROOF,
    ]


STANDING, LIMITED = Right(date(2020, 1, 1), None), Right(date(2020, 1, 1), date(2026, 12, 31))
EXPIRED = Right(date(2020, 1, 1), date(2025, 12, 31))
LOST = Right(date(2020, 1, 1), None, (RightChange(ChangeKind.WITHDRAWN, date(2025, 1, 1)),))


@pytest.mark.parametrize(
    ("kind", "rights", "refusal"),
    [
        (ApplicationKind.NEW_RIGHT, [], None),
        (ApplicationKind.NEW_RIGHT, [EXPIRED, LOST], None),
        (ApplicationKind.NEW_RIGHT, [STANDING], RightStands),
        (ApplicationKind.RENEWAL, [LIMITED], None),
        (ApplicationKind.RENEWAL, [EXPIRED], None),
        (ApplicationKind.RENEWAL, [STANDING], NothingToRenew),
        (ApplicationKind.RENEWAL, [LOST], NothingToRenew),
        (ApplicationKind.RENEWAL, [], NothingToRenew),
        (ApplicationKind.NEW_NAME, [STANDING], None),
        (ApplicationKind.NEW_NAME, [LOST], NotOnTheRoll),
    ],
)
def test_what_may_be_asked_for_goes_by_the_rights_that_are_there(kind, rights, refusal):
    ask = {"product": "新会柑", "basis": "地理标志产品"}
    if refusal is None:
        check_kind(kind, rights, DAY, **ask)
    else:
        with pytest.raises(refusal):
            check_kind(kind, rights, DAY, **ask)


@pytest.mark.parametrize(
    ("kind", "new_name", "since"),
    [
        (ApplicationKind.NEW_NAME, "", DAY),
        (ApplicationKind.NEW_NAME, "示范新名", None),
        (ApplicationKind.NEW_NAME, "示范旧名", DAY),
        (ApplicationKind.NEW_RIGHT, "示范新名", DAY),
        (ApplicationKind.RENEWAL, "示范新名", None),
        (ApplicationKind.RENEWAL, "", DAY),
    ],
)
def test_a_new_name_is_told_whole_and_only_where_it_is_asked_for(kind, new_name, since):
    with pytest.raises(NewNameMissing):
        check_new_name(kind, "示范旧名", new_name, since)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.4 <script>", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
    ],
)
def test_a_paper_is_what_its_first_bytes_say(content, media_type):
    assert paper_type_of(content) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF",
        b"<html>%PDF-1.7",
        b"PK\x03\x04",
        b"\0\0\0\x18ftypmp42",
        b"RIFF\0\0\0\0WAVE",
        b"MZ",
        b"GIF89a",
    ],
)
def test_anything_else_is_no_paper(content):
    with pytest.raises(NotAPaper):
        paper_type_of(content)
