// The host of an address, as a browser would go there: see gi_trace/codes/hosts.py.

const DEFAULT_PORTS = { http: "80", https: "443" };
const DOTS = /[\u3002\uff0e\uff61]/gu, PARTS = /^(?:.*@)?(\[[^\]]*\]|.*?)(?::([0-9]*))?$/su;

/** host or host:port of what stands between // and the path: lower case, without a port that goes without saying. */
export function hostOf(authority, scheme = "") {
  const [, named, digits = ""] = PARTS.exec(authority) ?? [null, authority];
  const name = ascii(named.replace(DOTS, ".")).replace(/\.+$/u, ""), port = digits.replace(/^0+/u, "");
  const told = DEFAULT_PORTS[scheme.toLowerCase()];
  const isTold = told ? port === told : Object.values(DEFAULT_PORTS).includes(port);
  return port && !isTold ? `${name}:${port}` : name;
}

function ascii(name) {
  try {
    return new URL(`http://${name}`).hostname;
  } catch {
    return name.toLowerCase(); // no name at all: told as it stands
  }
}
