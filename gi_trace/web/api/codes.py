"""The verdict of a code as data, for anyone: as the page, recorded and limited; with a staff token unrecorded."""

from typing import Any

from flask import current_app, request
from flask_babel import gettext
from marshmallow import Schema, fields

from gi_trace.accounts.models import Role
from gi_trace.accounts.tokens import use_token
from gi_trace.codes.reading import Content
from gi_trace.codes.unit_code import batch_text
from gi_trace.stock.rules.carrying import PublicPlace
from gi_trace.stock.rules.story import ChainStep, ChainStepKind, Part, Story
from gi_trace.verification.answer import Answer
from gi_trace.verification.history import Channel
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.looking.looker import Looker
from gi_trace.verification.looking.stories import story_of_issued
from gi_trace.verification.verdicts import Point, SingleCheck, Verdict
from gi_trace.web.api.face import ApiFace
from gi_trace.web.api.guard import bearer, needed_scope
from gi_trace.web.api.told import told
from gi_trace.web.guards import open_to_all
from gi_trace.web.languages import page_language
from gi_trace.web.limits import limiter
from gi_trace.web.public.unknown import count_unknown
from gi_trace.web.public.visitor import looker_of

bp = ApiFace("api_codes", __name__, url_prefix="/api/v1", description="Codes on packs.")
bp.before_request(open_to_all)
STAFF = (Role.AUTHORITY, Role.INSPECTOR)


class LabelSchema(Schema):
    """What to compare with the pack; `…_now` where it is called otherwise today, else empty."""

    product = fields.String()
    product_name = fields.String(
        metadata={"description": "In the language asked for, where it has a name there."}
    )
    net_weight_g = fields.Integer(metadata=told(250, unit="g"))
    enterprise = fields.String()
    uscc = fields.String()
    batch = fields.String()
    own_number = fields.String()
    packed_on = fields.Date()
    best_before = fields.Date(allow_none=True)
    right_number = fields.String()
    product_now = fields.String()
    enterprise_now = fields.String()
    uscc_now = fields.String()
    right_number_now = fields.String()
    successors = fields.String()
    right_today = fields.String()


class HistorySchema(Schema):
    """Checks before this one."""

    checks = fields.Integer()
    first_at = fields.AwareDateTime(allow_none=True)
    last_at = fields.AwareDateTime(allow_none=True)


class FindingSchema(Schema):
    """`point` is what was looked at, `name` what was found there; a lost label fails by "lost"."""

    point = fields.Enum(Point, by_value=fields.String)
    name = fields.Enum(SingleCheck, by_value=fields.String)
    holds = fields.Boolean()


class ReasonSchema(Schema):
    """Since when the verdict stands; `notice` is the authority's, null where the enterprise registered it."""

    since = fields.Date()
    notice = fields.String(allow_none=True)


class SuspensionSchema(Schema):
    """Of the right since the packing date, over since `until`; one that was revoked is not told."""

    on = fields.Date()
    until = fields.Date()
    for_cause = fields.Boolean()


class PlaceSchema(Schema):
    """A village, or its town where the village has one grower; `percent` of the pack, null where it only lay there."""

    name = fields.String(metadata=told("会城"))
    town_code = fields.String(metadata=told("440705-huicheng"))
    percent = fields.Integer(allow_none=True, metadata=told(60))


class StoryPartSchema(Schema):
    """`season` is null of opening stock; a percent of 0 is less than one. Of what is mixed with traced goods no claimed
    year is told."""

    season = fields.String(allow_none=True, metadata=told("2021"))
    claimed_year = fields.Integer(allow_none=True, metadata=told(None))
    percent = fields.Integer(metadata=told(60))
    weight_g = fields.Integer(metadata=told(150, "Of the pack, as the percent tells it.", "g"))
    stored_on = fields.Date(allow_none=True, metadata=told("2021-12-15", "Seen inside the area since."))
    decides_age = fields.Boolean(metadata=told(True, "Its seen days are the age that the pack says."))
    places = fields.List(fields.Nested(PlaceSchema))
    more_places = fields.Integer(metadata=told(0))


class ChainStepSchema(Schema):
    """What happened to the contents of one pack, in the order of the chain."""

    kind = fields.Enum(ChainStepKind, by_value=fields.String)
    material = fields.String(metadata=told("茶枝柑鲜果"))
    weight_g = fields.Integer(
        allow_none=True, metadata=told(2200, "For this pack; about, but for the net weight.", "g")
    )
    first_day = fields.Date(metadata=told("2021-12-05"))
    last_day = fields.Date(metadata=told("2021-12-05"))
    places = fields.List(fields.Nested(PlaceSchema))
    was_outside = fields.Boolean(metadata=told(False, "Some of it lay outside of the area for a while."))


class LabFindingSchema(Schema):
    report_number = fields.String(metadata=told("示范检字第 1 号"))
    laboratory = fields.String(metadata=told("示范检验所"))
    tested_on = fields.Date(metadata=told("2021-12-20"))
    passed = fields.Boolean(metadata=told(True))


class StorySchema(Schema):
    """Of one pack, wherever its batch is known: no weights of lots, batches or firms. `more_…` are not told one by one."""

    steps = fields.List(fields.Nested(ChainStepSchema))
    parts = fields.List(fields.Nested(StoryPartSchema), metadata={"description": "Several of a blend."})
    more_parts = fields.Integer(metadata=told(0))
    more_percent = fields.Integer(metadata=told(0))
    tests = fields.List(fields.Nested(LabFindingSchema))
    more_tests = fields.Integer(metadata=told(0))


class VerdictSchema(Schema):
    """`verdict` is stable; headline, why and todo are for people, in the language asked for. `because` is the finding that
    the verdict rests on.

    `host` is where another's address leads, as xn-- where it has letters of other scripts; `content` what else was read.
    """

    code = fields.String()
    verdict = fields.Enum(Verdict, by_value=fields.String)
    headline = fields.String()
    why = fields.String()
    todo = fields.String()
    because = fields.Enum(SingleCheck, by_value=fields.String, allow_none=True)
    reason = fields.Nested(ReasonSchema, allow_none=True)
    host = fields.String(attribute="reading.host", dump_default="")
    content = fields.Enum(
        Content, by_value=fields.String, attribute="reading.content", dump_default=None, allow_none=True
    )
    label = fields.Nested(LabelSchema, allow_none=True)
    findings = fields.List(fields.Nested(FindingSchema))
    suspensions = fields.List(fields.Nested(SuspensionSchema))
    history = fields.Nested(HistorySchema, allow_none=True)
    story = fields.Nested(StorySchema, allow_none=True)


@bp.get("/codes/<path:code>")
@bp.doc(security=[{}, {"token": ["read"]}], responses={429: "TOO_MANY_REQUESTS"})
@bp.response(200, VerdictSchema)
@limiter.limit("600 per hour")
def check_code(code: str) -> dict[str, Any]:
    """The verdict of a code, or of whatever else a symbol held. Words are about the label, never about the goods."""
    answer = look_at(code, asker())
    count_unknown(answer)
    return {
        "code": answer.code,
        "verdict": answer.verdict,
        "headline": gettext(answer.headline),
        "why": gettext(answer.verdict.why),
        "todo": gettext(answer.verdict.todo),
        "because": answer.because,
        "reason": answer.reason,
        "reading": answer.reading,
        "label": label_of(answer),
        "findings": [{"point": one.point, "name": one, "holds": one.holds} for one in answer.findings],
        "suspensions": answer.suspensions,
        "history": answer.history if answer.batch else None,
        "story": told_story(story) if answer.batch and (story := story_of_issued(answer.batch)) else None,
    }


def asker() -> Looker | None:
    """None for staff, whose looks are no checks of the public. A token that is none any more is refused: whoever sends it
    would take his looks for uncounted."""
    if (token := bearer()) and use_token(token, needed_scope()).account.role in STAFF:
        return None
    return looker_of(request.environ, city_db=current_app.config["IP_CITY_DB"], channel=Channel.API)


def label_of(answer: Answer) -> dict[str, Any] | None:
    batch = answer.batch
    if batch is None:
        return None
    return {
        "product": batch.product,
        "product_name": batch.glossary.name_in(page_language().tag, batch.product) or batch.product,
        "net_weight_g": batch.net_weight_g,
        "enterprise": batch.party,
        "uscc": batch.uscc,
        "batch": batch_text(batch.number),
        "own_number": batch.own_number,
        "packed_on": batch.packed_on,
        "best_before": batch.best_before,
        "right_number": batch.right_number,
        "product_now": batch.product_now,
        "enterprise_now": batch.party_now,
        "uscc_now": batch.uscc_now,
        "right_number_now": batch.right_number_now,
        "successors": batch.successors,
        "right_today": answer.right_today,
    }


def told_story(story: Story) -> dict[str, Any]:
    return {
        "steps": [_told_step(step) for step in story.steps],
        "parts": [_told_part(part) for part in story.parts],
        "more_parts": story.more_parts,
        "more_percent": story.more_percent,
        "tests": [vars(report) | {"report_number": report.number} for report in story.tests],
        "more_tests": story.more_tests,
    }


def _told_step(step: ChainStep) -> dict[str, Any]:
    first, last = step.days
    places = [_told_place(place) for place in step.places]
    return vars(step) | {"weight_g": step.grams, "first_day": first, "last_day": last, "places": places}


def _told_part(part: Part) -> dict[str, Any]:
    places = [_told_place(grown.place, grown.percent) for grown in part.places]
    told = {"season": part.season or None, "weight_g": part.grams, "decides_age": part.is_deciding}
    return vars(part) | told | {"places": places}


def _told_place(place: PublicPlace, percent: int | None = None) -> dict[str, Any]:
    return {"name": place.name, "town_code": place.town, "percent": percent}
