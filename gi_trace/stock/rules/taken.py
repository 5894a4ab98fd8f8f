"""Refusals of what is registered already."""

from gi_trace.errors import N_, Refused


class PlotNumberTaken(Refused):
    code = "plot_number_taken"
    text = N_("地块编号“{number}”已经登记过。")


class SiteNameTaken(Refused):
    code = "site_name_taken"
    text = N_("已有名为“{name}”的场所。")
