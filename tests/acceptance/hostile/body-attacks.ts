import { jsonCall } from './raw-requests.ts';
import { attack, type Attack, type Bytes } from './head-attacks.ts';

function list(body: string, more: readonly string[] = []): Bytes {
  return (scene) => jsonCall(scene, 'POST /m/media/list', body, more);
}

function nested(open: string, close: string, depth = 10_000): string {
  return open.repeat(depth) + close.repeat(depth);
}

/** JSON that is malformed, too large, or dangerous to a careless parser. */
export const BODIES: readonly Attack[] = [
  attack('nothing', 110, 400, list('')),
  attack('text that is not JSON', 110, 400, list('gid=0')),
  attack('truncated JSON', 110, 400, list('{"gid":0')),
  attack('JSON and more', 110, 400, list('{"gid":0}{"gid":0}')),
  attack('a string', 110, 400, list('"gid"')),
  attack('null', 110, 400, list('null')),
  attack('a list', 110, 400, list('[{"gid":0}]')),
  attack('lists in lists, 10,000 deep', 110, 400, list(nested('[', ']'))),
  attack('objects in objects, 10,000 deep', 110, 400, list(nested('{"a":', '}').replace('}', '1}'))),
  attack('a number, 10,000 lists deep', 110, 400, list(`{"gid":${nested('[', ']')}}`)),
  attack('more than 64 KiB', 113, 413, list(`{"gid":0,"x":"${'x'.repeat(70_000)}"}`)),
  attack('bytes that are not UTF-8', 110, 400, (scene) =>
    jsonCall(scene, 'PUT /u/group', '{"parent_gid":0,"name":"a\xff\xfeb"}'),
  ),
  attack('an overlong slash', 110, 400, (scene) =>
    jsonCall(scene, 'PUT /u/group', '{"parent_gid":0,"name":"a\xc0\xafb"}'),
  ),
  attack('half a character', 110, 400, (scene) =>
    jsonCall(scene, 'PUT /u/group', '{"parent_gid":0,"name":"a\\ud800b"}'),
  ),
  attack('UTF-16', 110, 400, list('\xff\xfe{\0}\0')),
  attack(
    'UTF-16 with its charset',
    110,
    400,
    list('\xff\xfe{\0}\0', ['Content-Type: application/json; charset=utf-16']),
  ),
  attack('a compressed body', 110, 400, list('\x1f\x8b\x08\0\0\0\0\0\0\x03\xab', ['Content-Encoding: gzip'])),
  attack('a body with a wrong Content-Encoding', 110, 400, list('{"gid":0}', ['Content-Encoding: br'])),
  attack('fields in __proto__', 110, 400, list('{"__proto__":{"gid":0}}')),
  attack('fields in constructor.prototype', 110, 400, list('{"constructor":{"prototype":{"gid":0}}}')),
  attack('credentials in __proto__', 110, 400, (scene) =>
    jsonCall(scene, 'POST /u/auth', '{"__proto__":{"name":"root","password":"x"}}'),
  ),
];

/** Calls with number fields; `?` stands for the number. */
export const NUMBERS: readonly string[] = [
  'POST /m/media/list {"gid":?}',
  'POST /m/pool/list {"gid":?}',
  'PUT /m/pool/assign {"gid":?,"mpid":1,"quota":0,"write":true,"manage":true}',
  'PUT /m/pool/assign {"gid":0,"mpid":?,"quota":0,"write":true,"manage":true}',
  'PUT /m/pool/assign {"gid":0,"mpid":1,"quota":?,"write":true,"manage":true}',
  'DELETE /m/pool/assign {"gid":?,"mpid":1}',
  'PUT /m/media/create {"gid":?,"mpid":1,"name":"a","size":1}',
  'PUT /m/media/create {"gid":0,"mpid":?,"name":"a","size":1}',
  'PUT /m/media/create {"gid":0,"mpid":1,"name":"a","size":?}',
  'POST /u/group {"gid":?}',
  'PUT /u/group {"name":"a","parent_gid":?}',
  'DELETE /u/group {"gid":?}',
  'POST /u/user {"uid":?}',
  'DELETE /u/user {"uid":?}',
  'PUT /u/user/permission {"uid":?,"gid":0,"permission":"velocity.user.list"}',
  'DELETE /u/user/permission {"uid":0,"gid":?}',
];

/** JSON values that are not whole numbers from 0 to 2^53 − 1. */
export const INVALID_NUMBERS: readonly string[] = [
  '1e400',
  '-1e400',
  '-0',
  '-1',
  '0.5',
  '1e-7',
  '9007199254740992',
  '9007199254740993',
  '1e16',
  '"0x10"',
  '"1e3"',
  '" 5"',
  '"5 "',
  '"+5"',
  '"-0"',
  '"5\\n"',
  '"1_000"',
  '"9007199254740993"',
  '"99999999999999999999"',
  '"٣"',
  '"５"',
  '""',
  '"NaN"',
  '"Infinity"',
  'true',
  '[]',
  '[1]',
  '{}',
  '{"valueOf":1}',
  '{"toString":"1"}',
];
