import { isIPv4 } from 'node:net';
import type { Random } from './random.ts';

const FULL_WIDTH_ZERO = 0xff10;
const DOTS = ['.', '。', '．', '｡', '%2e', '%2E', '%E3%80%82'];
const PARTS = 4;

/**
 * Returns URLs of a port of an address, in spellings that parsers of URLs read differently. The
 * first four are addresses for every parser.
 */
export function spellings(address: string, port: number, random: Random): readonly string[] {
  const hosts = isIPv4(address) ? ipv4Spellings(address, random) : ipv6Spellings(address);
  const plain = hosts[0]!;
  const at = (host: string): string => `http://${host}:${port}/`;
  return [
    ...hosts.map(at),
    `HTTP://${plain}:${port}`,
    ` \thttp://${plain}:${port}/ \n`,
    `ht\ntp://${plain}:${port}/`,
    `http:/${plain}:${port}/`,
    `http:${plain}:${port}/`,
    `http:\\\\${plain}:${port}\\`,
    `http://///${plain}:${port}/`,
    `http://${plain}:0${port}/`,
    `http://${plain}:${port}/?@example.org/`,
    `http://${plain}:${port}#@example.org/`,
    `http://${plain}:${port}\\@example.org/`,
    `http://example.org@${plain}:${port}/`,
    `http://example.org:80@${plain}:${port}/`,
    `http://example.org%00@${plain}:${port}/`,
    `http://@${plain}:${port}/`,
    `http://:@${plain}:${port}/`,
    `http://${plain}%00.example.org:${port}/`,
    `http://${plain}%23.example.org:${port}/`,
    `http://${plain}%2f.example.org:${port}/`,
    `http://${plain}\u0000:${port}/`,
    `http://${plain} :${port}/`,
    `https://${plain}:${port}/`,
    `ftp://${plain}:${port}/`,
    `gopher://${plain}:${port}/_GET`,
    `file://${plain}:${port}/etc/passwd`,
    `ws://${plain}:${port}/`,
    `//${plain}:${port}/`,
    `jar:http://${plain}:${port}/!/`,
    `http://${plain}.:${port}/`,
    `http://${plain}..:${port}/`,
    `http://%20${plain}:${port}/`,
    `http://[${plain}]:${port}/`,
    `http://[[${plain}]]:${port}/`,
  ];
}

function ipv4Spellings(address: string, random: Random): readonly string[] {
  const bytes = address.split('.').map(Number);
  const number = bytes.reduce((value, byte) => value * 256 + byte, 0);
  const bases = [decimal, octal, hexadecimal];
  const mixed = Array.from({ length: 8 }, () => merged(bytes, 1 + random.below(PARTS), () => random.of(bases)!));
  return [
    address,
    decimal(number),
    octal(number),
    hexadecimal(number),
    ...mixed,
    ...DOTS.map((dot) => address.replaceAll('.', dot)),
    fullWidth(address),
    address.replaceAll(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    `0x${'0'.repeat(random.below(40))}${number.toString(16)}`,
    `${'0'.repeat(1 + random.below(40))}${number.toString(8)}`,
    decimal(number + 2 ** 32),
    `${address}.`,
    `${decimal(number)}.`,
    `${address}%25eth0`,
    ...ipv6With(bytes),
  ];
}

/** Returns IPv6 addresses that contain an IPv4 address. */
function ipv6With(bytes: readonly number[]): readonly string[] {
  const dotted = bytes.join('.');
  const [high, low] = [0, 2].map((at) => (bytes[at]! * 256 + bytes[at + 1]!).toString(16));
  const inverse = bytes.map((byte) => 255 - byte);
  const [clientHigh, clientLow] = [0, 2].map((at) => (inverse[at]! * 256 + inverse[at + 1]!).toString(16));
  return [
    `[::ffff:${dotted}]`,
    `[::FFFF:${high}:${low}]`,
    `[0:0:0:0:0:ffff:${dotted}]`,
    `[::ffff:0:${dotted}]`,
    `[::${dotted}]`,
    `[::${high}:${low}]`,
    `[64:ff9b::${dotted}]`,
    `[64:ff9b::${high}:${low}]`,
    `[64:ff9b:1::${dotted}]`,
    `[2002:${high}:${low}::1]`,
    `[2001:0:${high}:${low}::1]`,
    `[2001:0:808:808:0:ffff:${clientHigh}:${clientLow}]`,
    `[::ffff:${dotted}%25eth0]`,
    `[::ffff:${dotted}.]`,
  ];
}

function ipv6Spellings(address: string): readonly string[] {
  const groups = expanded(address);
  return [
    `[${address}]`,
    `[${groups.join(':')}]`,
    `[${groups.map((group) => group.padStart(4, '0')).join(':')}]`,
    `[${address.toUpperCase()}]`,
    `[${address}%25eth0]`,
    `[${address}%eth0]`,
    `[${address}%2525lo]`,
    `[${address}/128]`,
    `[ ${address} ]`,
    `%5b${address}%5d`,
    `［${address}］`,
    `[v1.${address}]`,
    address,
  ];
}

/** Writes an IPv4 address in `parts` parts, of which the last one has the remaining bytes. */
function merged(bytes: readonly number[], parts: number, base: () => (value: number) => string): string {
  const last = bytes.slice(parts - 1).reduce((value, byte) => value * 256 + byte, 0);
  return [...bytes.slice(0, parts - 1), last].map((value) => base()(value)).join('.');
}

function decimal(value: number): string {
  return value.toString();
}

function octal(value: number): string {
  return `0${value.toString(8)}`;
}

function hexadecimal(value: number): string {
  return `0X${value.toString(16)}`;
}

function fullWidth(address: string): string {
  return address.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(FULL_WIDTH_ZERO + Number(digit)));
}

function expanded(address: string): readonly string[] {
  const [head = [], tail] = address.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const rest = tail ?? [];
  const zeros = Array.from({ length: 8 - head.length - rest.length }, () => '0');
  return [...head, ...(tail === undefined ? [] : zeros), ...rest];
}
