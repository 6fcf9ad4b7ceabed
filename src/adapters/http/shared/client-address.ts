import { BlockList, isIP, SocketAddress } from 'node:net';
import type { Request } from 'express';

/**
 * Returns whether a peer is a proxy whose `X-Forwarded-For` counts. Takes any notation of the
 * address.
 */
export type TrustsProxy = (address: string) => boolean;

const MAPPED_IPV4 = /^::ffff:([0-9.]+)$/;
const MAPPED_BITS = 96;
const BRACKETED = /^\[([^\]]*)\](?::[0-9]+)?$/;
const WITH_PORT = /^([0-9.]+):[0-9]+$/;

/**
 * Returns an address in the form in which Platter counts, logs and audits it; null when it is not
 * an address. Drops a port, brackets, the zone of an IPv6 address and surrounding spaces; writes
 * IPv6 as RFC 5952 says; maps `::ffff:` addresses to IPv4.
 */
export function normaliseAddress(text: string): string | null {
  const trimmed = text.trim();
  const bare = BRACKETED.exec(trimmed)?.[1] ?? WITH_PORT.exec(trimmed)?.[1] ?? trimmed;
  const [address = ''] = bare.split('%');
  const family = isIP(address);
  if (family !== 6) return family === 4 ? address : null;
  const written = new SocketAddress({ address, family: 'ipv6' }).address;
  return MAPPED_IPV4.exec(written)?.[1] ?? written;
}

/**
 * Returns the predicate for trusted proxies. Takes addresses and networks that the settings have
 * validated.
 */
export function trustedProxies(networks: readonly string[]): TrustsProxy {
  const trusted = new BlockList();
  for (const network of networks) addNetwork(trusted, network);
  return (text) => {
    const address = normaliseAddress(text);
    return address !== null && trusted.check(address, familyOf(address));
  };
}

function addNetwork(trusted: BlockList, network: string): void {
  const [text = '', bits] = network.split('/');
  const address = normaliseAddress(text);
  if (address === null) throw new Error(`${text} is not an address`);
  const family = familyOf(address);
  if (bits === undefined) trusted.addAddress(address, family);
  else trusted.addSubnet(address, prefixBits(text, family, Number(bits)), family);
}

/**
 * Returns the prefix length: networks of mapped addresses count 96 bits more than their IPv4
 * network.
 */
function prefixBits(text: string, family: 'ipv4' | 'ipv6', bits: number): number {
  return text.includes(':') && family === 'ipv4' ? Math.max(0, bits - MAPPED_BITS) : bits;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/**
 * Returns the normalised address of the client; null after the connection was closed. Follows
 * `X-Forwarded-For` from its last hop, as long as the hop that reported an entry is trusted. Stops
 * at an entry that is not an address: the hop that reported it counts as the client.
 */
export function clientAddress(request: Request): string | null {
  const trusts = request.app.get('trust proxy fn') as TrustsProxy;
  let client = normaliseAddress(request.socket.remoteAddress ?? '');
  for (const hop of forwardedHops(request)) {
    if (client === null || !trusts(client)) break;
    const address = normaliseAddress(hop);
    if (address === null) break;
    client = address;
  }
  return client;
}

/**
 * Returns the entries of `X-Forwarded-For`, the nearest hop first. Empty list entries do not count
 * (RFC 9110, section 5.6.1).
 */
function forwardedHops({ headersDistinct }: Request): readonly string[] {
  const header = headersDistinct['x-forwarded-for'] ?? [];
  return header
    .join(',')
    .split(',')
    .filter((hop) => hop.trim() !== '')
    .toReversed();
}
