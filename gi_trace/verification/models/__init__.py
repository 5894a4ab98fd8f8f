"""What happened to units: checks, alerts, hidden codes, reports. A unit that nobody looked at has no row."""

from gi_trace.verification.models.alerts import Alert, AlertKind, AlertState
from gi_trace.verification.models.checks import (
    BatchHistory,
    Check,
    CheckCount,
    DayKey,
    UnitHistory,
    checks_of,
    count_checks,
    serial_of,
)
from gi_trace.verification.models.hidden_codes import HiddenCodeTry, HiddenCodeUse
from gi_trace.verification.models.reports import Report, ReportKind, ReportPhoto, ReportState

__all__ = [
    "Alert",
    "AlertKind",
    "AlertState",
    "BatchHistory",
    "Check",
    "CheckCount",
    "DayKey",
    "HiddenCodeTry",
    "HiddenCodeUse",
    "Report",
    "ReportKind",
    "ReportPhoto",
    "ReportState",
    "UnitHistory",
    "checks_of",
    "count_checks",
    "serial_of",
]
