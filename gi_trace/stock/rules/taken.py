"""Refusals of what is registered already."""

from gi_trace.errors import N_, Refused


class PlotNumberTaken(Refused):
    code = "plot_number_taken"
    text = N_("地块编号“{number}”已经登记过。")


class PlotNumberAlike(PlotNumberTaken):
    code = "plot_number_alike"
    text = N_("已有编号为“{number_key}”的地块：全角半角、空格、横线和大小写不同，不算另一个编号。")


class SiteNameTaken(Refused):
    code = "site_name_taken"
    text = N_("已有名为“{name}”的场所。")
