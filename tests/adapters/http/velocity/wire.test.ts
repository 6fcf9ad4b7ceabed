import fc from 'fast-check';
import { byteCount } from '../../../../src/adapters/http/shared/whole-number.ts';
import { gid, mid, mpid, uid } from '../../../../src/adapters/http/velocity/wire.ts';

describe.each(Object.entries({ uid, gid, mpid, byteCount }))('%s on the wire', (_, field) => {
  it('is a whole number, or its digits', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(field.parse(value)).toBe(value);
        expect(field.parse(String(value))).toBe(value);
      }),
    );
    for (const value of [0, '0', 1, '007', 9007199254740991, '9007199254740991']) {
      expect(field.parse(value)).toBe(Number(value));
    }
  });

  // The JSON text that a client sends.
  it.each([
    '-1',
    '-0',
    '0.5',
    '1e400',
    '-1e400',
    '9007199254740992',
    '9007199254740993',
    '1e16',
    '"0x10"',
    '"1e3"',
    '"-1"',
    '"+1"',
    '"1.0"',
    '" 1"',
    '"1 "',
    '"1\\n"',
    '""',
    '"9007199254740992"',
    '"9007199254740993"',
    '"00000000000000001"',
    '"١"',
    '"NaN"',
    'true',
    'null',
    '[1]',
    '{}',
  ])('is never %s', (json) => {
    expect(field.safeParse(JSON.parse(json)).success).toBe(false);
  });

  it('is required', () => {
    expect(field.safeParse(undefined).success).toBe(false);
  });

  it('accepts other notations of a whole number in JSON', () => {
    expect(field.parse(JSON.parse('1e3'))).toBe(1000);
    expect(field.parse(JSON.parse('5.0'))).toBe(5);
  });
});

describe('mid on the wire', () => {
  const id = '8ea60ac8-1c13-4e13-b3ab-0d0bd29cb1c9';

  it('is a UUID in either case', () => {
    expect(mid.parse(id)).toBe(id);
    expect(mid.parse(id.toUpperCase())).toBe(id);
  });

  it.each(['', 'x', '../x', `${id} `, `{${id}}`, id.replaceAll('-', '')])(
    'is unknown, not malformed, as %j',
    (text) => {
      expect(mid.parse(text)).toBeNull();
    },
  );

  it.each([1, null, true, {}, [id]])('is malformed as %j', (value) => {
    expect(mid.safeParse(value).success).toBe(false);
  });
});
