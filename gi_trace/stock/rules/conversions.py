"""How much of one material may come out of another: dated ceilings with a source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gi_trace.errors import N_, Refused
from gi_trace.stock.rules.weights import Grams

WHOLE = 10_000  # yields are kept in ten-thousandths of what went in


@dataclass(frozen=True)
class Ceiling:
    """The most that a conversion may give, in ten-thousandths of what went in, from a day on."""

    valid_from: date
    ceiling_per_10000: int
    usual_per_10000: int | None = None
    source: str = ""


class ConversionUnknown(Refused):
    code = "conversion_unknown"
    text = N_("{day} 还没有从{material}到{result}的得率上限，请主管部门先登记。")


class ConversionAboveCeiling(Refused):
    code = "conversion_above_ceiling"
    text = N_(
        "投入 {given}，得率上限 {ceiling}%（依据：{source}），最多得到 {most}；填报 {asked}，超出 {excess}。"
    )


class ConversionReasonNeeded(Refused):
    code = "conversion_reason_needed"
    text = N_("投入 {given}，通常最多得到 {usual}（{percent}%）；填报 {asked}，请说明原因。")


class ConversionCeilingInvalid(Refused):
    code = "conversion_ceiling_invalid"
    text = N_("得率必须满足 0 < 通常值 {usual}% ≤ 上限 {hard}% ≤ 100%，并写明依据。")


def check_ceiling(ceiling: Ceiling) -> None:
    """A ceiling makes sense and says where it comes from."""
    usual = ceiling.usual_per_10000 or ceiling.ceiling_per_10000
    ordered = 0 < usual <= ceiling.ceiling_per_10000 <= WHOLE
    if not ordered or not ceiling.source.strip():
        raise ConversionCeilingInvalid(usual=_percent(usual), hard=_percent(ceiling.ceiling_per_10000))


def is_raised(before: Ceiling | None, after: Ceiling) -> bool:
    """Whether more may come out than before, with or without a reason; the first ceiling opens a way that was closed."""
    if before is None:
        return True
    usual = [one.usual_per_10000 or one.ceiling_per_10000 for one in (before, after)]
    return after.ceiling_per_10000 > before.ceiling_per_10000 or usual[1] > usual[0]


def find_ceiling(ceilings: Iterable[Ceiling], day: date) -> Ceiling | None:
    """The ceiling in force on a day: the latest that had begun."""
    begun = [ceiling for ceiling in ceilings if ceiling.valid_from <= day]
    return max(begun, key=lambda ceiling: ceiling.valid_from, default=None)


def check_conversion(*, input_g: int, output_g: int, ceiling: Ceiling, reason: str) -> None:
    """Refuse more than the ceiling, and more than is usual without a reason."""
    most_g = input_g * ceiling.ceiling_per_10000 // WHOLE
    if output_g > most_g:
        raise ConversionAboveCeiling(
            given=Grams(input_g),
            ceiling=_percent(ceiling.ceiling_per_10000),
            source=ceiling.source,
            most=Grams(most_g),
            asked=Grams(output_g),
            excess=Grams(output_g - most_g),
        )
    usual = ceiling.usual_per_10000
    unusual = is_unusual(input_g=input_g, output_g=output_g, ceiling=ceiling)
    if usual is not None and unusual and not reason.strip():
        raise ConversionReasonNeeded(
            given=Grams(input_g),
            usual=Grams(input_g * usual // WHOLE),
            percent=_percent(usual),
            asked=Grams(output_g),
        )


def is_unusual(*, input_g: int, output_g: int, ceiling: Ceiling) -> bool:
    """Whether the yield is above the usual one, where one is known."""
    usual = ceiling.usual_per_10000
    return usual is not None and output_g > input_g * usual // WHOLE


def _percent(per_10000: int) -> str:
    return f"{per_10000 // 100}.{per_10000 % 100:02d}".rstrip("0").rstrip(".")
