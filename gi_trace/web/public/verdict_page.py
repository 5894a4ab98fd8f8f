"""What the page of an answer shows: its shape, which the template branches on, and its values, in words."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from gi_trace import clock
from gi_trace.codes.hosts import shown_host
from gi_trace.codes.reading import Content
from gi_trace.codes.slips import slips_of
from gi_trace.codes.unit_code import batch_text
from gi_trace.registry.glossary import Glossary
from gi_trace.registry.rules import Basis, RightState
from gi_trace.verification.answer import Answer, headline_of
from gi_trace.verification.issued import IssuedBatch
from gi_trace.verification.suspicion import Sign
from gi_trace.verification.verdicts import SingleCheck, Verdict
from gi_trace.web.fill import Context, FilledPages
from gi_trace.web.languages import Language
from gi_trace.web.public.story_page import drawn_stories
from gi_trace.web.words import day_text, grams_number, grouped, label, moment_text, number_text

verdict_pages = FilledPages("public/verdict.html")

LONGEST_READ = 500


class Shape(NamedTuple):
    """Beside which values there are; `basis` and what follows are of codes of ours alone."""

    verdict: Verdict
    content: Content | None = None  # of what is no code
    basis: Basis | None = None
    season: str = ""  # its code
    in_kilograms: bool = False
    findings: tuple[SingleCheck, ...] = ()
    because: SingleCheck | None = None
    right_today: RightState | None = None
    is_decided: bool = False  # by the authority
    signs: tuple[Sign | tuple[str, tuple[tuple[str, Any], ...]], ...] = ()  # of copies, or of slips
    is_shown: bool = False
    is_checked_once: bool = False  # before: languages have a form for it
    is_own_once: bool = False
    glossary: Glossary | None = None  # another one, other words of the frame
    chinese: frozenset[str] = frozenset()  # names of the values that have no words in the page's language

    @property
    def headline(self) -> str:
        return headline_of(self.verdict, self.because)

    @property
    def holds(self) -> bool:
        """Every single check, without a word to add."""
        return all(one.kind == "good" for one in self.findings)

    def facts_of(self, values: Mapping[str, str]) -> dict[str, Any]:
        """Those that the sentences of findings name."""
        return {"right_today": self.right_today and label(self.right_today), **values}


def parts_of(
    answer: Answer, language: Language, context: Context = nullcontext
) -> tuple[Shape, dict[str, str]]:
    """Shape and values; what is not known of the code has no value. `context` gives a request in that language."""
    batch, now = answer.batch, {"checked_at": moment_text(clock.now())}
    if batch is None:
        shape = Shape(answer.verdict, _content_of(answer), signs=_slips_of(answer))
        return shape, _values_of_reading(answer) | now
    values_of_batch, chinese_of_batch = _values_of_batch(batch, language)
    names, chinese = batch.glossary.say(language.tag, _names_of_unit(answer))
    shape = Shape(
        verdict=answer.verdict,
        basis=batch.basis,
        season=batch.season,
        in_kilograms=batch.net_weight_g >= 1000,
        findings=answer.findings,
        because=answer.because,
        right_today=answer.right_today,
        is_decided=answer.reason is not None and answer.reason.notice is not None,
        signs=answer.signs,
        is_shown=answer.history.publicly_shown,
        glossary=batch.glossary,
        is_checked_once=answer.history.checks == 1,
        is_own_once=answer.own_checks == 1,
        chinese=chinese_of_batch | chinese,
    )
    story = {"story": drawn_stories.of(batch, language, context)}
    return shape, values_of_batch | _values_of_unit(answer) | names | story | now


def _slips_of(answer: Answer) -> tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]:
    if answer.reading is None or answer.verdict is not Verdict.MALFORMED:
        return ()
    return tuple((one.text, tuple(one.facts.items())) for one in slips_of(answer.reading.typed))


def _content_of(answer: Answer) -> Content | None:
    return answer.reading.content if answer.reading else None


def _values_of_reading(answer: Answer) -> dict[str, str]:
    """What was typed, and for what is no slip of it all that was read, to be looked at and never followed."""
    reading = answer.reading
    if reading is None or answer.verdict is Verdict.MALFORMED:
        return {"typed": answer.code, "query": urlencode({"code": answer.code})}
    # Signs that nobody sees, or that turn the direction of reading, would tell another text than was read.
    text = "".join(each if each.isprintable() else " " for each in reading.typed[:LONGEST_READ])
    read = {"read": text, "query": urlencode({"read": text})}
    return read | ({"host": shown_host(reading.host)} if reading.host else {})


@lru_cache(maxsize=4000)
def _values_of_batch(batch: IssuedBatch, language: Language) -> tuple[dict[str, str], frozenset[str]]:
    """With the names of those values that stay Chinese."""
    names, chinese = batch.glossary.say(language.tag, _names_of_batch(batch))
    values = names | {
        "printed_product": batch.product if names["product"] != batch.product else "",
        "net_weight": grams_number(batch.net_weight_g),
        "uscc": batch.uscc,
        "uscc_now": batch.uscc_now,
        "number": batch_text(batch.number),
        "own_number": batch.own_number,
        "packed_on": day_text(batch.packed_on),
        "right_starts": day_text(batch.right.starts_on),
        "right_ends": day_text(batch.right.ends_on) if batch.right.ends_on else "",
        "best_before": day_text(batch.best_before) if batch.best_before else "",
        "stored_year": str(batch.stored_on.year) if batch.stored_on else "",
        "aged_years": str(batch.aged_years or ""),
        "claimed_year": str(batch.claimed_year or ""),
        **_ages(batch),
    }
    return {name: value for name, value in values.items() if value}, chinese


def _ages(batch: IssuedBatch) -> dict[str, str]:
    """Of peel: years claimed from before the record saw it, and what share of all its time the record saw."""
    if not batch.aged_years and not batch.claimed_year:
        return {}
    seen = batch.packed_on - (batch.stored_on or batch.packed_on)
    claimed = timedelta(0)
    if batch.claimed_year and batch.stored_on:
        claimed = max(claimed, batch.stored_on - date(batch.claimed_year, 12, 31))
    percent = 100 * seen / (seen + claimed) if seen or claimed else 0
    return {"claimed_years": str(claimed.days * 100 // 36525 or ""), "seen_percent": f"{percent:.0f}"}


def _names_of_batch(batch: IssuedBatch) -> dict[str, Sequence[str]]:
    return {
        "product": [batch.product],
        "product_now": [batch.product_now],
        "party": [batch.party],
        "party_now": [batch.party_now],
        "successors": [batch.successors],
        "right_number": [batch.right_number or "—"],
        "right_number_now": [batch.right_number_now],
    }


def _names_of_unit(answer: Answer) -> dict[str, Sequence[str]]:
    """What officers wrote, and cities."""
    history, reason = answer.history, answer.reason
    names = {"notice": reason.notice if reason else "", "end_notice": answer.end_notice}
    if history.first_city and history.last_city:
        names |= {"first_city": history.first_city, "last_city": history.last_city}
    return {key: [name] for key, name in names.items() if name}


def _values_of_unit(answer: Answer) -> dict[str, str]:
    history, values = answer.history, {"code": grouped(answer.code), "typed": answer.code}
    if reason := answer.reason:
        values |= {"since": day_text(reason.since)}
    if answer.suspensions:
        spans = [f"{day_text(one.on)} – {day_text(one.until)}" for one in answer.suspensions]
        values |= {"suspensions": "、".join(spans)}
    if answer.own_checks:
        values |= {"own_checks": number_text(answer.own_checks)}
    if history.checks:
        values |= {"checks": number_text(history.checks)}
        values |= {"first_at": moment_text(history.first_at), "last_at": moment_text(history.last_at)}
    return values
