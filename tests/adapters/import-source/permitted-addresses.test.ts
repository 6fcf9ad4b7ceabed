import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import {
  GLOBAL_IPV6_NETWORK,
  SPECIAL_IPV4_NETWORKS,
  SPECIAL_IPV6_NETWORKS,
} from '../../../src/domain/imports/special-networks.ts';
import { PermittedAddresses } from '../../../src/adapters/import-source/permitted-addresses.ts';

const PUBLIC_IPV4 = ['1.1.1.1', '8.8.8.8', '93.184.215.14', '185.125.190.36', '223.255.255.255', '168.63.129.15'];
const PUBLIC_IPV6 = ['2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '2620:4f:8001::1', '3ffd::1'];
const REFUSED_IPV4 = ['0.0.0.0', '10.0.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '192.168.1.1'];

describe('PermittedAddresses', () => {
  const addresses = new PermittedAddresses([]);
  const refused = (address: string): boolean => addresses.permissionOf(address) === null;

  it.each([...PUBLIC_IPV4, ...PUBLIC_IPV6])('permits the public address %s', (address) => {
    expect(addresses.permissionOf(address)).toBe('public');
  });

  it.each([...SPECIAL_IPV4_NETWORKS, ...SPECIAL_IPV6_NETWORKS])('refuses all of %s', (network) => {
    const { first, last } = endsOf(network);
    expect([first, last].filter((address) => !refused(address))).toEqual([]);
  });

  it.each([...SPECIAL_IPV4_NETWORKS, ...SPECIAL_IPV6_NETWORKS])('ends the refusal with %s', (network) => {
    const ends = [beside(network, -1n), beside(network, 1n)].filter((address) => address !== null);
    const special = [...SPECIAL_IPV4_NETWORKS, ...SPECIAL_IPV6_NETWORKS];
    for (const address of ends) {
      const isSpecial = special.some((other) => isWithin(address, other));
      const isGlobal = isIPv4(address) || isWithin(address, GLOBAL_IPV6_NETWORK);
      expect([address, refused(address)]).toEqual([address, isSpecial || !isGlobal]);
    }
  });

  it.each([
    ['the host itself', ['::', '::1']],
    ['unique local and link local', ['fc00::', 'fd00::2', 'fdff::ffff', 'fe80::1', 'febf::1', 'fec0::1']],
    ['multicast', ['ff00::', 'ff02::1', 'ff0e::1']],
    ['discard only', ['100::', '100::1', '100:0:0:1::1']],
    ['segment routing', ['5f00::1']],
    ['outside of global unicast', ['1fff:ffff::', '4000::', '8000::1', 'e000::1']],
    ['translated by a local network', ['64:ff9b:1::1', '64:ff9b:1::7f00:1']],
  ])('refuses IPv6 addresses that are %s', (_kind, list) => {
    expect(list.filter((address) => !refused(address))).toEqual([]);
  });

  it.each(REFUSED_IPV4)('refuses every IPv6 address with %s in it', (ipv4) => {
    const [high, low] = groupsOf(ipv4);
    const forms = [
      `::ffff:${ipv4}`,
      `::ffff:${high}:${low}`,
      `0:0:0:0:0:FFFF:${ipv4}`,
      `::ffff:0:${ipv4}`,
      `::${ipv4}`,
      `64:ff9b::${ipv4}`,
      `64:ff9b::${high}:${low}`,
      `64:FF9B:0:0:0:0:${high}:${low}`,
      `64:ff9b:1::${ipv4}`,
      `2002:${high}:${low}::`,
      `2002:${high}:${low}::1`,
      `2001::${ipv4}`,
      `2001:0:${high}:${low}::1`,
      // Teredo inverts the bits of the address of the client.
      `2001:0:808:808:0:ffff:${inverted(high)}:${inverted(low)}`,
    ];
    expect(forms.filter((address) => !refused(address))).toEqual([]);
  });

  it('refuses public addresses too in IPv6 addresses that contain one, except where IPv4 is translated', () => {
    expect(['::ffff:8.8.8.8', '::8.8.8.8', '2002:808:808::1', '2001:0:808:808::1'].map(refused)).toEqual(
      Array(4).fill(true),
    );
    expect(addresses.permissionOf('64:ff9b::8.8.8.8')).toBe('public');
    expect(addresses.permissionOf('64:ff9b::808:808')).toBe('public');
  });

  it.each(['fe80::1%eth0', '2606:4700::1%eth0', '8.8.8.8%lo', '::1%lo'])('refuses the zone of %s', (address) => {
    expect(refused(address)).toBe(true);
  });

  it.each(['', 'localhost', '127.1', '2130706433', '0x7f.1', '010.8.8.8', '8.8.8.8.', '[::1]', '8.8.8', ' 8.8.8.8'])(
    'refuses %j, which is no address',
    (text) => {
      expect(refused(text)).toBe(true);
    },
  );

  it('refuses the addresses of this host', () => {
    const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
    expect(own).toContain('127.0.0.1');
    expect(own.filter((address) => !refused(address))).toEqual([]);
  });

  it('permits listed networks, to their ends', () => {
    const listed = new PermittedAddresses(['10.20.0.0/16', '127.0.0.2', 'fd00:20::/32', '::1/128']);
    const within = ['10.20.0.0', '10.20.255.255', '127.0.0.2', 'fd00:20::1', 'fd00:20:ffff::', '::1'];
    expect(within.map((address) => listed.permissionOf(address))).toEqual(within.map(() => 'listed'));
    const outside = ['10.19.255.255', '10.21.0.0', '127.0.0.1', '127.0.0.3', 'fd00:21::', '::2', '64:ff9b::10.20.0.1'];
    expect(outside.map((address) => listed.permissionOf(address))).toEqual(outside.map(() => null));
    expect(listed.permissionOf('8.8.8.8')).toBe('public');
  });
});

interface Parsed {
  readonly value: bigint;
  readonly width: bigint;
}

/** Reads an address on its own, so that the table is not judged by the code that it is for. */
function parse(address: string): Parsed {
  if (address.includes('.')) {
    return { value: address.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n), width: 32n };
  }
  const [head = [], tail] = address.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const rest = tail ?? [];
  const zeros = Array.from({ length: 8 - head.length - rest.length }, () => '0');
  const groups = [...head, ...(tail === undefined ? [] : zeros), ...rest];
  return { value: groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n), width: 128n };
}

function write({ value, width }: Parsed): string {
  const [bits, parts] = width === 32n ? [8n, 4] : [16n, 8];
  const list = Array.from({ length: parts }, (_, index) => (value >> (bits * BigInt(parts - 1 - index))) % 2n ** bits);
  return width === 32n ? list.join('.') : list.map((group) => group.toString(16)).join(':');
}

function rangeOf(network: string): { from: bigint; to: bigint; width: bigint } {
  const [address = '', bits = ''] = network.split('/');
  const { value, width } = parse(address);
  return { from: value, to: value + 2n ** (width - BigInt(bits)) - 1n, width };
}

function endsOf(network: string): { first: string; last: string } {
  const { from, to, width } = rangeOf(network);
  return { first: write({ value: from, width }), last: write({ value: to, width }) };
}

/** Returns the address before or behind a network; null if there is none. */
function beside(network: string, step: -1n | 1n): string | null {
  const { from, to, width } = rangeOf(network);
  const value = step < 0n ? from - 1n : to + 1n;
  return value < 0n || value >= 2n ** width ? null : write({ value, width });
}

function isWithin(address: string, network: string): boolean {
  const { value, width } = parse(address);
  const range = rangeOf(network);
  return width === range.width && value >= range.from && value <= range.to;
}

function groupsOf(ipv4: string): [string, string] {
  const { value } = parse(ipv4);
  return [(value >> 16n).toString(16), (value % 65536n).toString(16)];
}

function inverted(group: string): string {
  return (0xffff - parseInt(group, 16)).toString(16);
}
