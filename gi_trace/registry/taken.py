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
