"""Messages between offices: sealed by the sender's key, opened by whoever holds its public half. Pure.

On the wire: {"format", "message": canonical JSON as text, "signature": hex of Ed25519 over format, line
break and that very text}. The text is signed as it stands, so nothing needs to be written the same way twice.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gi_trace.errors import N_, Refused
from gi_trace.offices.networks import Network, is_allowed
from gi_trace.record.acts import Acted
from gi_trace.sent_json import read_json
from gi_trace.words import Worded

FORMAT = "gi-trace-exchange/1"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OFFICE_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
HOST = re.compile(r"([\w-]{1,63}\.)*[^\W\d_][\w-]{0,62}")  # the last part of a name begins with a letter
SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST_TEXT = 4000


class MessageKind(Worded):
    """With the act that its arrival is."""

    arrival: Acted

    LEAD = "lead", N_("移送线索"), Acted.LEAD_TRANSFER_LEAD_RECEIVED
    ANSWER = "answer", N_("答复"), Acted.LEAD_TRANSFER_ANSWER_RECEIVED
    RESULT = "result", N_("处理结果"), Acted.LEAD_TRANSFER_RESULT_RECEIVED
    RECEIPT = "receipt", N_("签收"), Acted.LEAD_TRANSFER_RECEIPTED


@dataclass(frozen=True)
class Message:
    """`transfer`: id under which both offices know the transferred lead; `at`: ISO time of the sender."""

    id: str
    kind: MessageKind
    transfer: str
    sender: str
    receiver: str
    at: str
    body: Mapping[str, Any]


class PackageUnreadable(Refused):
    code = "package_unreadable"
    status = 400
    text = N_("移送包无法识别，可能不完整。")


class OfficeUnknown(Refused):
    code = "office_unknown"
    status = 403
    text = N_("发送机关“{office}”没有登记，或已停用。")


class PackageAltered(Refused):
    code = "package_altered"
    status = 403
    text = N_("移送包的签名不符：内容被改动过，或不是该机关发出的。")


class NotForUs(Refused):
    code = "not_for_us"
    text = N_("移送包是发给“{office}”的，不是发给本机关的。")


class PackageReplayed(Refused):
    """It came before: nothing happens again. `receipt` is what was answered then."""

    code = "package_replayed"
    status = 409
    text = N_("此移送包已收到过，不再处理。")

    def __init__(self, receipt: str):
        super().__init__()
        self.receipt = receipt


class PackageOutOfPlace(Refused):
    code = "package_out_of_place"
    status = 409
    text = N_("没有与此消息相符的移送，或这一步已经做过。")


class OfficeFactsUnfit(Refused):
    code = "office_facts_unfit"
    text = N_(
        "机关代号用小写字母、数字和横线；公钥是 64 位十六进制；网址以 https:// 开头，不带登录名、问号和井号，"
        "内网地址须先由运维人员列出（GI_TRACE_OFFICES_NETWORKS）。"
    )


class OfficeKnown(Refused):
    code = "office_known"
    status = 409
    text = N_(
        "代号“{office}”已经登记。改公钥或网址须两人办理：先由一名同事停用该机关，再由另一名同事核对后重新登记。"
    )


def seal(message: Message, key: Ed25519PrivateKey) -> bytes:
    text = json.dumps(asdict(message), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    package = {"format": FORMAT, "message": text, "signature": key.sign(_signed(text)).hex()}
    return json.dumps(package, ensure_ascii=False).encode()


def open_package(
    package: bytes, key_of: Callable[[str], Ed25519PublicKey | None], *, receiver: str
) -> Message:
    """The message, once its signature fits the sender's registered key and it is meant for us."""
    text, signature = _parts(package)
    message = _message(text)
    key = key_of(message.sender)
    if key is None:
        raise OfficeUnknown(office=message.sender)
    try:
        key.verify(signature, _signed(text))
    except InvalidSignature:
        raise PackageAltered from None
    if message.receiver != receiver:
        raise NotForUs(office=message.receiver)
    return message


def digest(package: bytes) -> str:
    return hashlib.sha256(package).hexdigest()


def public_key(text: str) -> Ed25519PublicKey | None:
    """Of its 64 hexadecimal digits."""
    if not SHA256.fullmatch(text):
        return None
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))


def check_office(code: str, key: str, url: str, listed: Iterable[Network] = ()) -> None:
    """An office without this service has neither key nor address. `listed` are the networks that may be private."""
    addressed = url == "" or _is_address(url, listed)
    keyed = key == "" if url == "" and key == "" else public_key(key)
    if not (OFFICE_CODE.fullmatch(code) and addressed and keyed):
        raise OfficeFactsUnfit


def _is_address(url: str, listed: Iterable[Network]) -> bool:
    """Where a delivery may go, as far as can be told before a name is looked up."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not url.isprintable() or re.search(r"[\s@?#\\]", url) or port == 0:
        return False
    is_near = parts.scheme == "http" and host == "127.0.0.1"  # another service on this machine
    return (parts.scheme == "https" or is_near) and _is_host(host, listed)


def _is_host(host: str, listed: Iterable[Network]) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return HOST.fullmatch(host) is not None
    return is_allowed(host, listed)


def text_of(body: Mapping[str, Any], name: str, most: int = LONGEST_TEXT) -> str:
    """A text field of a body. Raises PackageUnreadable where it is missing, no text or too long."""
    value = body.get(name)
    if not isinstance(value, str) or len(value) > most:
        raise PackageUnreadable
    return value


def text_of_receipt(receipt: bytes) -> str:
    """Raises PackageUnreadable."""
    try:
        return receipt.decode()
    except UnicodeDecodeError:
        raise PackageUnreadable from None


def _signed(text: str) -> bytes:
    return f"{FORMAT}\n{text}".encode()


def _parts(package: bytes) -> tuple[str, bytes]:
    try:
        wire = read_json(package)
        if wire["format"] != FORMAT or not isinstance(wire["message"], str):
            raise PackageUnreadable
        return wire["message"], bytes.fromhex(wire["signature"])
    except (Refused, ValueError, KeyError, TypeError):
        raise PackageUnreadable from None


def _message(text: str) -> Message:
    try:
        message = Message(**read_json(text))
        kind = MessageKind(message.kind)
    except (Refused, ValueError, TypeError):
        raise PackageUnreadable from None
    texts = (message.id, message.transfer, message.sender, message.receiver, message.at)
    if not all(isinstance(one, str) for one in texts) or not isinstance(message.body, dict):
        raise PackageUnreadable
    if not (UUID.fullmatch(message.id) and UUID.fullmatch(message.transfer)):
        raise PackageUnreadable
    return Message(message.id, kind, *texts[1:], message.body)
