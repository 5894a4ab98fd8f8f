"""The phone reads codes, sets and packs exactly as the service writes them: the same vectors as in Python."""

import json
from pathlib import Path

import pytest

from gi_trace.codes.unit_code import batch_text
from tests.browser.phone import open_app

VECTORS = Path(__file__).parents[1] / "vectors"

CODES = """async ({ codes, malformed }) => {
    const { parse, fieldOpen, importKey } = await import("/static/js/patrol/unit_code.js");
    const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
    const faults = malformed.filter((text) => parse(text) !== null);
    for (const one of codes) {
        if (parse(one.typed) !== one.code) faults.push(one.typed);
        const keys = { mask: await importKey(bytes(one.mask_key)), field: await importKey(bytes(one.field_key)) };
        const opened = await fieldOpen(one.code, keys);
        const told = one.field_opens ? { number: one.batch_number, unit: one.unit } : null;
        if (JSON.stringify(opened) !== JSON.stringify(told)) faults.push(one);
    }
    return faults;
}"""

ADDRESSES = """async ({ own, addresses }) => {
    const { readText } = await import("/static/js/patrol/address.js");
    const asTold = ({ kind, code, gtin, batch_number: batchNumber, variant, host, content }) =>
        ({ kind, code, gtin, batchNumber, variant, host, content });
    return addresses.filter((one) => JSON.stringify(readText(one.text, own)) !== JSON.stringify(asTold(one)))
        .map((one) => [one, readText(one.text, own)]);
}"""

LABELS = """async ({ product, rights, labels }) => {
    const { expectedLabel, labelFaults } = await import("/static/js/patrol/label_check.js");
    const told = ({ label }) => {
        const expected = expectedLabel(product, rights, label);
        return { label, expected, faults: Object.keys(labelFaults(label, expected)) };
    };
    return labels.filter((one) => JSON.stringify(told(one)) !== JSON.stringify(one));
}"""

SETS = """async (sets) => {
    const { UnitSet } = await import("/static/js/patrol/unit_set.js");
    const { fromBase64 } = await import("/static/js/patrol/bytes.js");
    const wrong = ({ encoded, questions }) => {
        const units = new UnitSet(fromBase64(encoded));
        return questions.filter(([unit, told]) => units.has(unit) !== told);
    };
    return sets.flatMap((one) => wrong(one).map((question) => [one.name, question]));
}"""

PACK = """async ({ pack, public_key, questions, today }) => {
    const { openPack } = await import("/static/js/patrol/pack.js");
    const { fromBase64 } = await import("/static/js/patrol/bytes.js");
    const opened = await openPack(fromBase64(pack), fromBase64(public_key));
    return questions.filter(({ epoch, number, unit, verdict }) =>
        (opened.newsOf(epoch, number, unit, today)?.verdict ?? null) !== verdict);
}"""

SAMPLE = """async ({ sample, address, anothers }) => {
    const { judge } = await import("/static/js/patrol/verdict.js");
    const { importKey } = await import("/static/js/patrol/unit_code.js");
    const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
    const keys = { mask: await importKey(bytes(sample.mask_key)), field: await importKey(bytes(sample.field_key)) };
    const now = Date.now(), packs = [{ issuedAt: now, validUntil: now + 1e6, header: { hosts: ["gi.example"] } }];
    const told = (text) => judge(text, { packs, keys: new Map([[sample.epoch, keys]]), now });
    const looks = await Promise.all([sample.typed, address, anothers].map(told));
    return looks.map(({ verdict }) => verdict);
}"""

BROKEN = """async ({ pack, public_key }) => {
    const { openPack, PackBroken } = await import("/static/js/patrol/pack.js");
    const { fromBase64 } = await import("/static/js/patrol/bytes.js");
    const accepted = [], sound = fromBase64(pack);
    for (let at = 0; at < sound.length; at += 5) {
        const broken = sound.slice();
        broken[at] ^= 1;
        const refused = await openPack(broken, fromBase64(public_key)).then(() => false, (e) => e instanceof PackBroken);
        if (!refused) accepted.push(at);
    }
    return accepted;
}"""

WITHOUT_ED25519 = """() => {
    const own = crypto.subtle.importKey.bind(crypto.subtle);
    crypto.subtle.importKey = (format, bytes, kind, ...rest) => kind === "Ed25519"
        ? Promise.reject(new DOMException("no Ed25519", "NotSupportedError")) : own(format, bytes, kind, ...rest);
}"""


def vectors(name):
    return json.loads((VECTORS / name).read_text("utf-8"))


@pytest.fixture
def page(page_of):
    return open_app(page_of("chen"))


def test_codes_are_parsed_and_opened_as_by_the_service(page):
    assert page.evaluate(CODES, vectors("unit_codes.json")) == []


def test_a_sample_is_known_offline_whatever_batches_the_pack_holds(page):
    sample = next(one for one in vectors("unit_codes.json")["codes"] if one.get("unit") == 0)
    address = "https://gi.example/01/06901234567892/10/{}/21/" + sample["code"]
    batches = batch_text(sample["batch_number"]), batch_text(sample["batch_number"] + 1)
    asked = {"sample": sample, "address": address.format(batches[0]), "anothers": address.format(batches[1])}
    assert page.evaluate(SAMPLE, asked) == ["sample", "sample", "not_ours"]


def test_addresses_are_read_as_by_the_service(page):
    assert page.evaluate(ADDRESSES, vectors("addresses.json")) == []


def test_labels_are_checked_as_by_the_service(page):
    assert page.evaluate(LABELS, vectors("label_checks.json")) == []


def test_units_are_in_a_set_or_not_as_in_python(page):
    assert page.evaluate(SETS, vectors("packs.json")["sets"]) == []


def test_a_pack_tells_the_same_of_every_unit(page):
    assert page.evaluate(PACK, vectors("packs.json")["pack"]) == []


def test_a_pack_with_one_changed_byte_is_refused(page):
    assert page.evaluate(BROKEN, vectors("packs.json")["pack"]) == []


def test_a_browser_without_ed25519_checks_signatures_all_the_same(page):
    page.evaluate(WITHOUT_ED25519)
    pack = vectors("packs.json")["pack"]
    assert page.evaluate(PACK, pack) == []
    assert page.evaluate(BROKEN, pack | {"pack": pack["pack"]})[:1] == []
