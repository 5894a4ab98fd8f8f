"""What a field and a village may be: numbers told one way, areas that fit, trees that have room. Pure."""

import re
import unicodedata

from gi_trace.errors import N_, Refused

M2_OF_3_MU = 2000  # so that mu stay whole numbers
USUAL_IN_4 = 3  # parts of the ceiling that count as usual where nobody entered what is


class PlotTooLarge(Refused):
    code = "plot_too_large"
    text = N_("地块面积 {measured} 平方米，超过一块地的上限 {most} 平方米。请按实际地块分别登记。")


class VillageFull(Refused):
    code = "village_full"
    text = N_(
        "{area}的保护区面积为 {most} 平方米，已登记地块 {had} 平方米；再登记 {asked} 平方米，超出 {excess} 平方米。"
    )


class TooManyTrees(Refused):
    code = "too_many_trees"
    text = N_("{measured} 平方米填了 {trees} 株：每亩最多 {most_per_mu} 株，这块地最多 {most} 株。")


class UsualAboveCeiling(Refused):
    code = "usual_above_ceiling"
    text = N_("通常亩产不能高于亩产上限。")


def typed_key(number: str) -> str:
    """A number without what typing alone makes different: width, blanks, the kind of dash, case. It has no blank."""
    kinds = ((one, unicodedata.category(one)) for one in unicodedata.normalize("NFKC", number))
    plain = "".join(
        "-" if kind == "Pd" or one in "−─━ー⁃" else one for one, kind in kinds if kind[0] not in "ZC"
    )
    return re.sub("-+", "-", plain).casefold()


def check_plot_size(measured_m2: int, *, most_m2: int) -> None:
    if measured_m2 > most_m2:
        raise PlotTooLarge(measured=measured_m2, most=most_m2)


def check_room(area: str, *, protected_m2: int, had_m2: int, asked_m2: int) -> None:
    """That one more plot fits into what of a village or town is protected."""
    if had_m2 + asked_m2 > protected_m2:
        excess = had_m2 + asked_m2 - protected_m2
        raise VillageFull(area=area, most=protected_m2, had=had_m2, asked=asked_m2, excess=excess)


def check_trees(trees: int | None, *, measured_m2: int, most_per_mu: int | None) -> None:
    """Where both are known; the whole measured field counts, since trees too young to bear stand there too."""
    if trees is None or most_per_mu is None:
        return
    most = measured_m2 * 3 * most_per_mu // M2_OF_3_MU
    if trees > most:
        raise TooManyTrees(measured=measured_m2, trees=trees, most_per_mu=most_per_mu, most=most)


def usual_yield(ceiling_g_per_mu: int, usual_g_per_mu: int | None) -> int:
    """Grams per mu that one officer may fix alone. Three quarters of the ceiling have no source: a guess until somebody
    enters what is usual."""
    return usual_g_per_mu or ceiling_g_per_mu * USUAL_IN_4 // 4
