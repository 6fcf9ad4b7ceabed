import fc, { type Arbitrary } from 'fast-check';

/** Ids for requests: of existing and of deleted objects. */
export interface KnownIds {
  readonly gids: readonly number[];
  readonly uids: readonly number[];
  readonly mids: readonly string[];
}

/** Random bodies, also malformed JSON. */
const anyBody: Arbitrary<string> = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.json({ stringUnit: 'binary', maxDepth: 2 }),
  fc.string(),
  fc.constantFrom(
    '',
    'null',
    '[]',
    '{',
    '""',
    '0',
    'nul',
    '{"a":}',
    '[1,]',
    '\u0000',
    '1e400',
    '{"__proto__":{}}',
    '{"gid":0}}',
  ),
);

/** The JSON of an invalid field. */
const invalidField: Arbitrary<string> = fc.oneof(
  fc.json({ maxDepth: 2 }),
  fc.integer().map(String),
  fc.double().map(String),
  fc.maxSafeNat().map((value) => JSON.stringify(String(value))),
  fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '1e400',
    '-0',
    '9007199254740993',
    '"0x10"',
    '"1e3"',
    '" 5"',
    'null',
    'true',
    '"\\u0000"',
    '"\\ud800"',
    '"\\u202e"',
  ),
);

const PERMISSIONS = [
  'velocity.user.list',
  'velocity.media.create',
  'velocity.group.view',
  'velocity.nothing',
  '',
  '__proto__',
];

/**
 * Bodies with the fields of a call, each valid, invalid or missing, sometimes with an unknown
 * field.
 */
export function nearValid(known: KnownIds): Arbitrary<string> {
  const text = fc.oneof(
    fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
    fc.constantFrom('a', 'b', 'x'.repeat(256)),
  );
  const right: Readonly<Record<string, Arbitrary<unknown>>> = {
    uid: fc.constantFrom(...known.uids, 0, 999),
    gid: fc.constantFrom(...known.gids, 0, 999),
    parent_gid: fc.constantFrom(...known.gids, 0, 999),
    mpid: fc.constantFrom(0, 1, '1', 2),
    mid: fc.constantFrom(...known.mids, 'no id', '00000000-0000-4000-8000-000000000000'),
    name: text,
    username: text,
    password: text,
    type: text,
    permission: fc.constantFrom(...PERMISSIONS),
    size: fc.oneof(fc.nat(1000), fc.maxSafeNat()),
    quota: fc.oneof(fc.nat(1000), fc.constantFrom(0, '0')),
    write: fc.boolean(),
    manage: fc.boolean(),
    authkey: fc.string({ maxLength: 300 }),
  };
  const fields = Object.entries(right).map(([name, arbitrary]) =>
    fc
      .oneof(
        { weight: 16, arbitrary: arbitrary.map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: invalidField },
        { weight: 1, arbitrary: fc.constant(null) },
      )
      .map((value) => (value === null ? [] : [`${JSON.stringify(name)}:${value}`])),
  );
  const unknown = fc.tuple(fc.string(), invalidField).map(([name, value]) => [`${JSON.stringify(name)}:${value}`]);
  const all = fc.tuple(
    fc.tuple(...fields),
    fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: unknown }),
  );
  return all.map(([some, more]) => `{${[...some.flat(), ...more].join(',')}}`);
}

/** Bodies, most of them nearly valid. */
export function bodies(known: KnownIds): Arbitrary<string> {
  return fc.oneof({ weight: 3, arbitrary: nearValid(known) }, { weight: 1, arbitrary: anyBody });
}
