"""The words of patrols: what a phone said, acts in the record."""

from typing import Any

from flask_babel import lazy_gettext as _

from gi_trace.patrol.packs.rules import SAID_OFFLINE
from gi_trace.verification.verdicts import Verdict


def offline_verdict_text(verdict: str) -> Any:
    """What a phone said, in words."""
    return _(SAID_OFFLINE[verdict].label) if verdict in SAID_OFFLINE else verdict


def verdict_text(verdict: str) -> Any:
    """What the service says, in words."""
    return _(Verdict(verdict).label)


def yuan_text(fen: int) -> str:
    return str(_("{yuan} 元")).format(yuan=f"{fen // 100:,}.{fen % 100:02d}")
