"""Lots go into a batch and come out again. Used inside the acts of batches, which commit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gi_trace.errors import N_, Refused
from gi_trace.registry.models import Party, Product
from gi_trace.stock.actions.coming_back import come_back
from gi_trace.stock.actions.ledger import (
    BeforeLotWasMade,
    Booking,
    Draw,
    Line,
    Outside,
    available_on,
    check_agreed_to,
    check_enough,
    is_dear_on,
    lock_lots,
    post,
)
from gi_trace.stock.models import Lot, lots_to_pack
from gi_trace.stock.rules.age import (
    Age,
    age_of,
    check_old_enough,
    days_inside,
    is_old_enough,
    youngest,
    youngest_claim,
)
from gi_trace.stock.rules.postings import AccountKind, check_named_once, check_parts, shared_in_order, shares
from gi_trace.stock.rules.weights import check_weight


class LotOfAnother(Refused):
    code = "lot_of_another"
    text = N_("批料 {lot} 不属于{party}，不能用来包装。")


class WrongMaterial(Refused):
    code = "wrong_material"
    text = N_("批料 {lot} 是{material}，不能包装成{product}。")


@dataclass(frozen=True)
class Contents:
    """What a batch is made of, fixed on its packing date; its season as `Lot.season_codes`, first and last."""

    season: str
    aged_years: int | None
    stored_on: date | None
    claimed_year: int | None
    opening_checks: list[int]

    @property
    def age(self) -> Age | None:
        return None if self.aged_years is None else Age(self.aged_years, self.stored_on, self.claimed_year)


def lots_in_turn(product: Product, party: Party, on: date) -> list[Lot]:
    """What may be packed on that day, in the order in which it should be: of what ages the youngest that is old enough,
    and what is dear last; of anything else the oldest first."""
    lots = [lot for lot in lots_to_pack(party, product.material_id) if lot.made_on <= on]
    if not product.material.ages:
        return sorted(lots, key=lambda lot: (lot.made_on, lot.id))
    old_enough = [lot for lot in lots if is_old_enough(lot.record_of_stays, on, product.minimum_age_years)]
    return sorted(old_enough, key=lambda lot: (is_dear_on(lot, on), _days(lot, on), lot.id))


def proposed_draws(product: Product, party: Party, weight_g: int, on: date) -> list[Draw]:
    """As much as is needed from the lots whose turn it is; too little when all of them end."""
    lots = lots_in_turn(product, party, on)
    taken = shared_in_order([available_on(lot, on) for lot in lots], weight_g)
    return [(lot, grams) for lot, grams in zip(lots, taken, strict=True) if grams]


def packable_g(product: Product, party: Party, on: date) -> int:
    """What may be packed on that day of what there is today."""
    return sum(lot.available_g for lot in lots_in_turn(product, party, on))


def _days(lot: Lot, on: date) -> int:
    return days_inside(lot.record_of_stays, on, with_claimed=True)


def contents_of(
    product: Product,
    party: Party,
    draws: Sequence[Draw],
    *,
    weight_g: int,
    packed_on: date,
    agreed: Collection[int],
) -> Contents:
    """Lock the lots drawn and check that a batch of this weight may be packed from them on that day;
    `agreed` are the numbers of dear ones that a person named."""
    lots = [lot for lot, _ in draws]
    check_named_once([lot.number for lot in lots])
    lock_lots(lots)
    for lot, drawn_g in draws:
        if lot.party_id != party.id:
            raise LotOfAnother(lot=lot.number, party=party.name)
        if lot.material_id != product.material_id:
            raise WrongMaterial(lot=lot.number, material=lot.material.name, product=product.name)
        if packed_on < lot.made_on:
            raise BeforeLotWasMade(day=packed_on, lot=lot.number, made_on=lot.made_on)
        check_weight(drawn_g)
        check_enough(lot, drawn_g, packed_on)
        check_agreed_to(lot, agreed, packed_on)
        if product.minimum_age_years:
            check_old_enough(
                lot.record_of_stays,
                packed_on,
                minimum_years=product.minimum_age_years,
                name=product.name,
            )
    check_parts([drawn_g for _, drawn_g in draws], whole_g=weight_g)
    return made_of(lots, packed_on)


def packing_lines(draws: Sequence[Draw]) -> list[Line]:
    """What packing posts: each lot gives what was drawn, the packed account has it all."""
    packed_g = sum(drawn_g for _, drawn_g in draws)
    return [*((lot, -drawn_g) for lot, drawn_g in draws), (_packed(draws), packed_g)]


def unpack(
    draws: Sequence[Draw], weight_g: int, booking: Booking, *, packed_on: date, facts: Mapping[str, object]
) -> tuple[Lot, int]:
    """Packs were opened: their weight is a new lot, a blend of what the batch was packed from.

    The time in packs counts for nothing: nobody knows where they were. Records, does not commit.
    Returns the lot and the number of the act.
    """
    lots = [lot for lot, _ in draws]
    lock_lots(lots)
    parts_g = shares(weight_g, [drawn_g for _, drawn_g in draws])
    parts = list(zip(lots, parts_g, strict=True))
    lot, parents = come_back(parts, left_on=packed_on, on=booking.on, site=lots[0].site)
    number = post(booking, [(_packed(draws), -weight_g), (lot, weight_g)], parents=parents, facts=facts)
    return lot, number


def _packed(draws: Sequence[Draw]) -> Outside:
    lot = draws[0][0]
    return Outside(AccountKind.PACKED, lot.party_id, lot.material_id)


def made_of(lots: Sequence[Lot], packed_on: date) -> Contents:
    """What a batch of these lots would be, checked or not."""
    seasons = sorted({season for lot in lots for season in lot.season_codes})
    records = [lot.record_of_stays for lot in lots if lot.stays]
    age = age_of(youngest(records, packed_on), packed_on) if records else None
    return Contents(
        season="–".join(dict.fromkeys([*seasons[:1], *seasons[-1:]])),
        aged_years=age.years if age else None,
        stored_on=age.stored_on if age else None,
        claimed_year=youngest_claim(lot.claimed_year for lot in lots),
        opening_checks=sorted({check for lot in lots for check in lot.opening_checks}),
    )
