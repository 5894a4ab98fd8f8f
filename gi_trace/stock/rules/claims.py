"""What may be claimed of peel that is older than the system. Pure."""

from dataclasses import dataclass
from datetime import date

from gi_trace.errors import N_, Refused

EARLIEST_FOUNDED = 1800


@dataclass(frozen=True)
class Claim:
    """What the firm shows for it: the year of its licence, and where it bought what is older than that."""

    founded_year: int
    supplier: str
    paper: str


class ClaimedAfterStart(Refused):
    code = "claimed_after_start"
    text = N_(
        "申报年份 {given} 晚于本系统启用的 {start} 年。启用以后采收的须按采收、转让入账，不能作期初库存。"
    )


class FoundedYearInvalid(Refused):
    code = "founded_year_invalid"
    text = N_("企业成立年份 {given} 不对：应在 {first} 至 {last} 之间。")


class SupplierMissing(Refused):
    code = "supplier_missing"
    text = N_("企业成立于 {founded} 年，申报年份 {given} 更早。请填写供货方和购入凭证。")


def check_claim(claimed_year: int, checked_on: date, claim: Claim, *, started_on: date) -> None:
    """Raises ClaimedAfterStart, FoundedYearInvalid, SupplierMissing."""
    if claimed_year > started_on.year:
        raise ClaimedAfterStart(given=claimed_year, start=started_on.year)
    if not EARLIEST_FOUNDED <= claim.founded_year <= checked_on.year:
        raise FoundedYearInvalid(given=claim.founded_year, first=EARLIEST_FOUNDED, last=checked_on.year)
    is_older = claimed_year < claim.founded_year
    if is_older and not (claim.supplier.strip() and claim.paper.strip()):
        raise SupplierMissing(founded=claim.founded_year, given=claimed_year)
