import fc from 'fast-check';

/**
 * The groups of the play: the root of everything, and below it a tree three levels deep. Each has
 * its parent's place in this list.
 */
export const TREE = [
  { name: 'root', parent: -1 },
  { name: 'top', parent: 0 },
  { name: 'left', parent: 1 },
  { name: 'right', parent: 1 },
  { name: 'left one', parent: 2 },
  { name: 'left two', parent: 2 },
  { name: 'right one', parent: 3 },
] as const;

/** The pools of the play: one with a capacity, and one that only quotas limit. */
export const POOLS = [
  { mpid: 1, capacity: 90_000 },
  { mpid: 2, capacity: null },
] as const;

/** Groups and pools are meant by their place in `TREE` and `POOLS`. */
export type Move = { readonly replica: number } & (
  | { readonly kind: 'assign'; group: number; pool: number; quota: number; manage: boolean; write: boolean }
  | { readonly kind: 'revoke' | 'list pools'; group: number; pool: number }
  | {
      readonly kind: 'upload';
      group: number;
      pool: number;
      name: string;
      size: number;
      /** How many steps of the others happen while half of it has arrived. */
      hold: number;
      /** Whether the client hangs up instead of sending the other half. */
      cut: boolean;
    }
  | { readonly kind: 'create'; group: number; pool: number; name: string; size: number }
  | { readonly kind: 'remove'; which: number }
  | {
      readonly kind: 'clone';
      which: number;
      /** Whether the clone is to be optical; undefined where it is to be what its source is. */
      optical: boolean | undefined;
      /**
       * How much larger than its source it is to be; undefined where nothing is said of its size.
       */
      growth: number | undefined;
    }
  | { readonly kind: 'resize'; which: number; growth: number }
  /** One, or several, all of them or none. */
  | { readonly kind: 'delete'; which: readonly number[] }
  | { readonly kind: 'make group' | 'remove group' | 'list media'; group: number }
);

/** The moves that are made through the CloudSigma dialect. */
export type DriveMove = Extract<Move, { kind: 'clone' | 'resize' | 'delete' }>;

/** What nobody was ever given. */
export const NO_MEDIA = '00000000-0000-4000-8000-000000000000';

/** The groups on which whoever clones may create something. */
export const HOMES = [1, 6] as const;

/** What several clients do side by side, each its own moves in order. */
export interface Play {
  /** The quotas that each group begins with, pool by pool. */
  readonly quotas: readonly (readonly number[])[];
  readonly clients: readonly (readonly Move[])[];
  /** The group that is measured at the end. */
  readonly measured: number;
}

const QUOTAS = [1, 5_000, 30_000, 65_536, 100_000, 150_000] as const;
const NAMES = ['a', 'b', 'c', 'd', 'ç/../e'] as const;

const group = fc.nat(TREE.length - 1);
const below = fc.integer({ min: 1, max: TREE.length - 1 });
const pool = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) });
const name = fc.constantFrom(...NAMES);
const quota = fc.oneof(fc.constant(0), fc.constantFrom(...QUOTAS), fc.nat(150_000));
const size = fc.oneof(fc.constantFrom(0, 1, 5_000, 30_000, 65_536), fc.nat(65_536));
const often = fc.integer({ min: 0, max: 9 }).map((value) => value > 0);

function move<Fields extends object>(weight: number, fields: { [Field in keyof Fields]: fc.Arbitrary<Fields[Field]> }) {
  return {
    weight,
    arbitrary: fc.record({ replica: fc.nat(2), ...fields }, { noNullPrototype: true }) as unknown as fc.Arbitrary<Move>,
  };
}

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  move(4, { kind: fc.constant('assign'), group, pool, quota, manage: often, write: fc.boolean() }),
  move(1, { kind: fc.constant('revoke'), group: below, pool }),
  move(1, { kind: fc.constant('list pools'), group, pool }),
  move(8, {
    kind: fc.constant('upload'),
    group,
    pool,
    name,
    size,
    hold: fc.nat(6),
    cut: fc.nat(3).map((value) => value === 0),
  }),
  move(4, { kind: fc.constant('create'), group, pool, name, size }),
  move(5, { kind: fc.constant('remove'), which: fc.nat(20) }),
  move(6, {
    kind: fc.constant('clone'),
    which: fc.nat(20),
    optical: fc.constantFrom(undefined, true, false),
    growth: fc.option(fc.nat(20_000), { nil: undefined }),
  }),
  move(4, { kind: fc.constant('resize'), which: fc.nat(20), growth: fc.integer({ min: -10_000, max: 40_000 }) }),
  move(3, { kind: fc.constant('delete'), which: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }) }),
  move(2, { kind: fc.constant('make group'), group: below }),
  move(2, { kind: fc.constant('remove group'), group: below }),
  move(1, { kind: fc.constant('list media'), group }),
);

/** Two to four clients with up to eight moves each. */
export const plays: fc.Arbitrary<Play> = fc.record(
  {
    quotas: fc.array(fc.tuple(quota, quota), { minLength: TREE.length, maxLength: TREE.length }),
    clients: fc.array(fc.array(anyMove, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 4 }),
    measured: group,
  },
  { noNullPrototype: true },
);
