import { BlockList, isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import {
  GLOBAL_IPV6_NETWORK,
  SPECIAL_IPV4_NETWORKS,
  SPECIAL_IPV6_NETWORKS,
  TRANSLATED_IPV4_NETWORK,
} from '../../domain/imports/special-networks.ts';

/** Why an address may be connected to: the operator listed its network, or it is public. */
export type Permission = 'listed' | 'public';

const SPECIAL = blockList([...SPECIAL_IPV4_NETWORKS, ...SPECIAL_IPV6_NETWORKS]);
const GLOBAL_IPV6 = blockList([GLOBAL_IPV6_NETWORK]);
const TRANSLATED_IPV4 = blockList([TRANSLATED_IPV4_NETWORK]);

/** Which addresses imports may connect to. */
export interface AddressRules {
  /** Returns why an address is permitted; null if it is not, or if the text is no address. */
  permissionOf(address: string): Permission | null;
}

/** Public addresses that are not of this host, and listed ones (docs/security.md#imports). */
export class PermittedAddresses implements AddressRules {
  readonly #listed: BlockList;

  /** `networks` are addresses and networks in CIDR notation that are permitted in any case. */
  constructor(networks: readonly string[]) {
    this.#listed = blockList(networks);
  }

  permissionOf(address: string): Permission | null {
    // A zone belongs to addresses that are valid on one link only.
    if (isIP(address) === 0 || address.includes('%')) return null;
    if (isIn(this.#listed, address)) return 'listed';
    return isPublic(address) ? 'public' : null;
  }
}

function isPublic(address: string): boolean {
  if (!isIPv4(address)) {
    if (isIn(TRANSLATED_IPV4, address)) return isPublic(lastIpv4(address));
    if (!isIn(GLOBAL_IPV6, address)) return false;
  }
  return !isIn(SPECIAL, address) && !isIn(ownAddresses(), address);
}

/** Returns the last 32 bits of an IPv6 address as an IPv4 address. */
function lastIpv4(address: string): string {
  // The parser of URLs writes all groups in hexadecimal.
  const { hostname } = new URL(`http://[${address}]`);
  const [high = '', low = ''] = hostname.slice(1, -1).split(':').slice(-2);
  const bits = parseInt(high || '0', 16) * 0x1_0000 + parseInt(low || '0', 16);
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 0x100).join('.');
}

/**
 * The addresses of this host: its firewall does not see connections to them, and other services
 * trust them.
 */
function ownAddresses(): BlockList {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  return blockList(addresses);
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    list.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return list;
}
