import { isIP } from 'node:net';

const NAME = /^(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;
const WITH_PORT = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::([0-9]{1,5}))?$/i;

/** Returns whether a text is a host in lower case, or `*.` and a name. Names are in ASCII. */
export function isHostPattern(text: string): boolean {
  if (isIP(text) !== 0) return text === hostOf(text);
  // A name like 127.1 is an address for the parser of URLs, and would never match.
  return NAME.test(text) && (text.startsWith('*.') || text === hostOf(text));
}

/** Returns whether a text is an address, or an address and a port; IPv6 with a port in brackets. */
export function isNameServer(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const [, inBrackets, plain, port] = WITH_PORT.exec(text) ?? [];
  const isAddress = isIP(inBrackets ?? '') === 6 || isIP(plain ?? '') === 4;
  return isAddress && (port === undefined || (Number(port) >= 1 && Number(port) <= 65_535));
}

/** Returns a host as URLs write it, without brackets; null if it cannot be in one. */
function hostOf(text: string): string | null {
  const url = `http://${isIP(text) === 6 ? `[${text}]` : text}/`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : null;
}
