"""Refusals of what is registered already. Pure."""

from gi_trace.errors import N_, Refused


class CodeTaken(Refused):
    code = "already_registered"
    text = N_("“{code}”已经登记过。")


class ProductNameTaken(Refused):
    code = "already_registered"
    text = N_("“{name}”已经登记过。")


class CeilingExists(Refused):
    code = "ceiling_exists"
    text = N_("{valid_from} 起的上限已经登记；请用另一个日期登记新的上限。")


class GrowerTaken(Refused):
    code = "grower_taken"
    text = N_("本村已登记过名为“{name}”的种植户；同名的请加以区分，例如“{name}（二）”。")


class RightTaken(Refused):
    code = "right_taken"
    text = N_("同一企业、产品和依据已有同一起始日的授权；已撤销或终止的，可以撤回那项决定，或更正它的日期。")


class VillageTaken(Refused):
    code = "village_taken"
    text = N_("{town}已登记过“{village}”。")
