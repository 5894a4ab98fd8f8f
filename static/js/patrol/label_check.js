// A transcribed label against what its legal basis asks for (CNIPA announcement 354).

const DIGITS_AND_LETTERS = /[^\p{L}\p{N}]/gu;

/** {field: [what may stand there]} for the product; the firm's rights narrow it once its code is transcribed. */
export function expectedLabel(product, rights, label) {
  const own = rights.filter((right) => right.uscc && same(right.uscc, label.uscc ?? ""));
  const bases = own.length ? product.bases.filter((each) => own.some((right) => right.basis === each.basis)) : product.bases;
  const numbers = bases.flatMap((each) => each.basis === "protected"
    ? [...product.standards, each.number] : [each.number]);
  const expected = {
    product_name: [product.name],
    mark_number: numbers.filter(Boolean),
    uscc: rights.filter((right) => right.state === "in_force").map((right) => right.uscc),
    maker: own.map((right) => right.party),
  };
  return Object.fromEntries(Object.entries(expected).filter(([, texts]) => texts.length));
}

/** The transcribed fields that say none of what is expected. */
export function labelFaults(label, expected) {
  return Object.fromEntries(Object.entries(label).filter(
    ([name, text]) => expected[name] && !expected[name].some((each) => same(text, each)),
  ));
}

/** Equal but for case, width, blanks and punctuation. */
function same(a, b) {
  return plain(a) === plain(b);
}

function plain(text) {
  return text.normalize("NFKC").toUpperCase().replace(DIGITS_AND_LETTERS, "");
}
