import type { Scene } from '../velocity/scene.ts';
import { asRoot, jsonCall, request, upload, type Lines } from './raw-requests.ts';

/** A request with the error that answers it. */
export type Attack = readonly [what: string, code: number, status: number, bytes: Bytes];
export type Bytes = (scene: Scene) => string;

export function attack(what: string, code: number, status: number, bytes: Bytes): Attack {
  return [what, code, status, bytes];
}

const LIST = 'POST /m/media/list';
const LIST_ROOT = '{"gid":0}';

function list(scene: Scene, ...more: Lines): string {
  return jsonCall(scene, LIST, LIST_ROOT, more);
}

function sized(scene: Scene, ...lengths: Lines): string {
  return upload(
    scene,
    lengths.map((length) => `Content-Length: ${length}`),
  );
}

function chunked(scene: Scene, coding: string, body: string): string {
  return request(`${LIST} HTTP/1.1`, [...asRoot(scene), `Transfer-Encoding: ${coding}`], body);
}

function flood(count: number): Lines {
  return Array.from({ length: count }, (_, index) => `x-${index}: x`);
}

const CHUNKS = '3\r\nabc\r\n0\r\n\r\n';
const TWICE = ['x-velocity-mpid: 1', 'x-velocity-gid: 0', 'x-velocity-name: b', 'x-velocity-type: ISO'];

/** Ambiguous or missing framing (RFC 9112, section 6). */
export const FRAMING: readonly Attack[] = [
  attack('the same length twice', 110, 400, (scene) => sized(scene, '3', '3')),
  attack('two lengths', 110, 400, (scene) => sized(scene, '3', '4')),
  attack('a list of lengths', 9210, 400, (scene) => sized(scene, '3, 3')),
  attack('a length with a sign', 9210, 400, (scene) => sized(scene, '+3')),
  attack('a negative length', 9210, 400, (scene) => sized(scene, '-3')),
  attack('a length in hex', 9210, 400, (scene) => sized(scene, '0x3')),
  attack('a length of 2^53 + 1', 9210, 400, (scene) => sized(scene, '9007199254740993')),
  attack('a length of 40 digits', 9210, 400, (scene) => sized(scene, '9'.repeat(40))),
  attack('an upload in chunks', 9210, 400, (scene) => upload(scene, ['Transfer-Encoding: chunked'], CHUNKS)),
  attack('a length and chunks', 110, 400, (scene) =>
    upload(scene, ['Content-Length: 3', 'Transfer-Encoding: chunked'], CHUNKS),
  ),
  attack('chunks and a length', 9210, 400, (scene) =>
    upload(scene, ['Transfer-Encoding: chunked', 'Content-Length: 3'], CHUNKS),
  ),
  attack('an unknown coding', 110, 400, (scene) => chunked(scene, 'xchunked', CHUNKS)),
  attack('compressed chunks', 200, 501, (scene) => chunked(scene, 'gzip, chunked', CHUNKS)),
  attack('compressed chunks, on two lines', 200, 501, (scene) =>
    chunked(scene, 'gzip\r\nTransfer-Encoding: chunked', CHUNKS),
  ),
  attack('chunks in chunks', 110, 400, (scene) => chunked(scene, 'chunked, chunked', CHUNKS)),
  attack('chunks of HTTP/1.0', 110, 400, (scene) => chunked(scene, 'chunked', CHUNKS).replace('HTTP/1.1', 'HTTP/1.0')),
  attack('chunks that are not the last coding', 110, 400, (scene) => chunked(scene, 'chunked, gzip', CHUNKS)),
  attack('a chunk without a size', 110, 400, (scene) => chunked(scene, 'chunked', 'zz\r\nabc\r\n0\r\n\r\n')),
  attack('a chunk that is larger than it says', 110, 400, (scene) =>
    chunked(scene, 'chunked', '3\r\nabcdef\r\n0\r\n\r\n'),
  ),
  attack('a chunk whose size overflows', 110, 400, (scene) => chunked(scene, 'chunked', `${'f'.repeat(20)}\r\nabc`)),
  attack(
    'more bytes than Content-Length',
    110,
    400,
    (scene) => `${jsonCall(scene, 'PUT /m/media/create', '{"gid":0,"mpid":1,"name":"a","size":1}')}more`,
  ),
];

/** Malformed heads, and heads with too many or repeated headers. */
export const HEADS: readonly Attack[] = [
  attack('no host', 110, 400, (scene) => list(scene).replace('Host: platter\r\n', '')),
  attack('two hosts', 110, 400, (scene) => list(scene, 'Host: elsewhere')),
  attack('101 headers', 110, 400, (scene) => list(scene, ...flood(98))),
  attack('2,500 headers before the one that counts', 110, 400, (scene) =>
    list(scene).replace('\r\n', `\r\n${'a:b\r\n'.repeat(2500)}`),
  ),
  attack('a header of 17 KiB', 110, 400, (scene) => list(scene, `x: ${'a'.repeat(17 * 1024)}`)),
  attack('a header of a megabyte', 110, 400, (scene) => list(scene, `x: ${'a'.repeat(1_000_000)}`)),
  attack('a path of 20,000 characters', 110, 400, (scene) => jsonCall(scene, `POST /${'a'.repeat(20_000)}`, '{}')),
  attack('two authkeys', 110, 400, (scene) => list(scene, 'Authorization: Bearer other')),
  attack('two authkeys of the older form', 110, 400, (scene) =>
    list(scene, 'x-velocity-authkey: a', 'x-velocity-authkey: b').replace(/Authorization.*\r\n/, ''),
  ),
  ...TWICE.map((line, index) =>
    attack(`two headers ${line.split(':')[0]!}`, 9212 + index, 400, (scene) =>
      upload(scene, ['Content-Length: 3', line]),
    ),
  ),
  attack('two headers x-velocity-readonly', 9216, 400, (scene) =>
    upload(scene, ['Content-Length: 3', 'x-velocity-readonly: true']),
  ),
  attack('a header with a space in its name', 110, 400, (scene) => list(scene, 'a b: c')),
  attack('a space before the colon', 110, 400, (scene) => list(scene, 'a : b')),
  attack('a header without a colon', 110, 400, (scene) => list(scene, 'header')),
  attack('a header with a NUL', 110, 400, (scene) => list(scene, 'a: \0')),
  attack('a folded header', 110, 400, (scene) => list(scene, 'a: b', ' c')),
  attack('lines without a carriage return', 110, 400, (scene) => list(scene).replaceAll('\r\n', '\n')),
  attack('an unknown method', 110, 400, (scene) => jsonCall(scene, 'STEAL /m/media/list', '{}')),
  attack('a method of another path', 112, 405, (scene) => jsonCall(scene, 'TRACE /m/media/list', '{}')),
  attack('an unknown version', 110, 400, (scene) => list(scene).replace('HTTP/1.1', 'HTTP/9.9')),
  attack('HTTP/2 without asking', 110, 400, () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  attack('TLS', 110, 400, () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
  attack('a NUL in the path', 110, 400, (scene) => jsonCall(scene, 'POST /m/\0', '{}')),
  attack('a path that is an asterisk', 111, 404, (scene) => jsonCall(scene, 'POST *', '{}')),
  attack('a path that ends in an incomplete escape', 111, 404, (scene) => jsonCall(scene, 'POST /%', '{}')),
  attack('a path of broken escapes', 111, 404, (scene) => jsonCall(scene, 'POST /%zz%00/..%2f%c0%af', '{}')),
  attack('a path with dot segments', 111, 404, (scene) => jsonCall(scene, 'POST /m/../m/media/list', '{}')),
  attack('a path of 10,000 characters', 111, 404, (scene) => jsonCall(scene, `POST /${'a'.repeat(10_000)}`, '{}')),
  attack('an item whose id is an incomplete escape', 110, 400, (scene) =>
    request('GET /m/media/%zz/content HTTP/1.1', asRoot(scene)),
  ),
  attack('an item whose id has dot segments', 20110, 404, (scene) =>
    request('GET /m/media/..%2f..%2fetc%2fpasswd/content HTTP/1.1', asRoot(scene)),
  ),
  attack('an item whose id is a NUL', 20110, 404, (scene) =>
    request('GET /m/media/%00/content HTTP/1.1', asRoot(scene)),
  ),
];
