"""The form of an evidence bundle: a zip whose manifest names every file with its hash and is signed. Pure.

    manifest.json   {"format", "case", "made_at", "files": {path: SHA-256}}
    signature.hex   Ed25519 over the bytes of manifest.json
Everything else stands in the manifest; whatever does not is no part of the bundle and a fault.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gi_trace.errors import N_

FORMAT = "gi-trace-evidence/1"
MANIFEST, SIGNATURE = "manifest.json", "signature.hex"
CHUNK = 1 << 20
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    KeyError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)

# Python and nothing else, so that a court or another office needs none of our software.
CHECKER = """\
import hashlib, json, sys, zipfile
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, I = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
def point(b):
    y = int.from_bytes(b, "little") & (1 << 255) - 1
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    x = x if (x * x - xx) % P == 0 else x * I % P
    if (x * x - xx) % P or y >= P: raise ValueError("not a point")
    return (P - x if x & 1 != b[31] >> 7 else x), y
def add(a, b):
    t = D * a[0] * b[0] * a[1] * b[1] % P
    x, y = a[0] * b[1] + a[1] * b[0], a[1] * b[1] + a[0] * b[0]
    return x * pow(1 + t, -1, P) % P, y * pow(1 - t, -1, P) % P
def times(n, q):
    r = (0, 1)
    while n: r, q, n = add(r, q) if n & 1 else r, add(q, q), n >> 1
    return r
def signed(key, text, sig):
    h = int.from_bytes(hashlib.sha512(sig[:32] + key + text).digest(), "little")
    s, base = int.from_bytes(sig[32:], "little"), point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    return len(sig) == 64 and s < L and times(s, base) == add(point(sig[:32]), times(h % L, point(key)))
bundle, key = zipfile.ZipFile(sys.argv[1]), bytes.fromhex(sys.argv[2])
manifest, names = bundle.read("manifest.json"), bundle.namelist()
files = json.loads(manifest)["files"]
bad = [] if signed(key, manifest, bytes.fromhex(bundle.read("signature.hex").decode())) else ["signature"]
bad += sorted(set(names) ^ {*files, "manifest.json", "signature.hex"})
bad += [n for n in names if names.count(n) > 1]
bad += [n for n in files if n in names and hashlib.sha256(bundle.read(n)).hexdigest() != files[n]]
sys.exit("FAULTS: " + ", ".join(bad)) if bad else print("OK", len(files), "files")
"""

README = """\
证据包 {case}

record.pdf      案件记录，供签名和打印
photos-*.pdf    照片较多时的续页
case.json       同一内容，供机器读取
originals/      照片原件，文件名为其 SHA-256
manifest.json   以上各文件的 SHA-256
signature.hex   对 manifest.json 的 Ed25519 签名

出具机关：{office}
签名公钥：{key}
请通过其他途径（电话、公函、网站）向出具机关核对公钥，不要只看本文件。

核验（任一种）：
    scripts/admin evidence verify BUNDLE.zip --key 公钥
    python3 check.py BUNDLE.zip 公钥        只需 Python 3.8 以上；check.py 如下：

{checker}"""


def write_bundle(
    target: BinaryIO,
    *,
    case: str,
    office: str,
    made_at: str,
    texts: Iterable[tuple[str, bytes]],
    originals: Mapping[str, Path],
    key: Ed25519PrivateKey,
) -> dict[str, str]:
    """Writes the zip and returns the hashes by path; `originals` maps names in originals/ to files.

    One text at a time is in memory when `texts` makes them on the way; of a file a part.
    """
    public = key.public_key().public_bytes_raw().hex()
    readme = README.format(case=case, office=office, key=public, checker=CHECKER)
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in chain([("README.txt", readme.encode())], texts):
            bundle.writestr(name, content)
            hashes[name] = hashlib.sha256(content).hexdigest()
        for name, path in originals.items():
            hashes[f"originals/{name}"] = _add(bundle, f"originals/{name}", path)
        manifest = {"format": FORMAT, "case": case, "made_at": made_at, "files": hashes}
        written = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
        bundle.writestr(MANIFEST, written)
        bundle.writestr(SIGNATURE, key.sign(written).hex())
    return hashes


def _add(bundle: zipfile.ZipFile, name: str, path: Path) -> str:
    """The file as it is, since photos are compressed already; its hash, of the very bytes that went in."""
    total = hashlib.sha256()
    with path.open("rb") as file, bundle.open(zipfile.ZipInfo.from_file(path, name), "w") as inside:
        while chunk := file.read(CHUNK):
            total.update(chunk)
            inside.write(chunk)
    return total.hexdigest()


def bundle_faults(bundle_file: Path | BinaryIO, key: Ed25519PublicKey) -> list[tuple[str, str]]:
    """(what is wrong as msgid, file concerned) of a bundle; empty when nothing was changed."""
    try:
        with zipfile.ZipFile(bundle_file) as bundle:
            return _faults(bundle, key)
    except BROKEN as error:
        return [(N_("不是完整的证据包"), str(error)[:80])]


def _faults(bundle: zipfile.ZipFile, key: Ed25519PublicKey) -> list[tuple[str, str]]:
    written, names = bundle.read(MANIFEST), bundle.namelist()
    try:
        key.verify(bytes.fromhex(bundle.read(SIGNATURE).decode()), written)
    except (InvalidSignature, ValueError):
        return [(N_("签名不符"), MANIFEST)]
    files = json.loads(written)["files"]
    own = {MANIFEST, SIGNATURE}
    faults = [(N_("清单中没有此文件"), name) for name in names if name not in files and name not in own]
    faults += [(N_("缺少文件"), name) for name in files if name not in names]
    faults += [(N_("文件重复"), name) for name in sorted(set(names)) if names.count(name) > 1]
    changed = [name for name in files if name in names and _sha256(bundle, name) != files[name]]
    return faults + [(N_("内容被改动"), name) for name in changed]


def _sha256(bundle: zipfile.ZipFile, name: str) -> str:
    """Of a file in the bundle, or "" when it cannot be read whole."""
    total = hashlib.sha256()
    try:
        with bundle.open(name) as file:
            while chunk := file.read(CHUNK):
                total.update(chunk)
    except BROKEN:
        return ""
    return total.hexdigest()
