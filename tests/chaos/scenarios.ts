import fc from 'fast-check';
import { actionsOn } from './weighted-action.ts';

/**
 * The groups of a scenario: the root group, and below it a tree three levels deep. `parent` is an
 * index in this list.
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

/** The pools of a scenario: one with a capacity, and one that only quotas limit. */
export const POOLS = [
  { mpid: 1, capacity: 90_000 },
  { mpid: 2, capacity: null },
] as const;

/** `group` and `pool` are indices in `TREE` and `POOLS`. */
export type Action = { readonly replica: number } & (
  | { readonly kind: 'assign'; group: number; pool: number; quota: number; manage: boolean; write: boolean }
  | { readonly kind: 'revoke' | 'list pools'; group: number; pool: number }
  | {
      readonly kind: 'upload';
      group: number;
      pool: number;
      name: string;
      size: number;
      /** After how many steps of the other clients the second half of the body is sent. */
      hold: number;
      /** Whether the client hangs up instead of sending the second half. */
      cut: boolean;
    }
  | { readonly kind: 'create'; group: number; pool: number; name: string; size: number }
  | { readonly kind: 'remove'; which: number }
  | {
      readonly kind: 'clone';
      which: number;
      /** Whether the clone is optical; undefined for the kind of its source. */
      optical: boolean | undefined;
      /** How much larger than its source the clone is; undefined to omit the size. */
      growth: number | undefined;
    }
  | { readonly kind: 'resize'; which: number; growth: number }
  /** One drive or several; the call deletes all of them or none. */
  | { readonly kind: 'delete'; which: readonly number[] }
  | { readonly kind: 'make group' | 'remove group' | 'list media'; group: number }
);

/** The actions that use the CloudSigma dialect. */
export type DriveAction = Extract<Action, { kind: 'clone' | 'resize' | 'delete' }>;

/** An id that no item has. */
export const UNKNOWN_MEDIA = '00000000-0000-4000-8000-000000000000';

/** The groups in which the CloudSigma clients may create clones, as indices in `TREE`. */
export const CLONE_GROUPS = [1, 6] as const;

/** What several clients do concurrently, each its own actions in order. */
export interface Scenario {
  /** The initial quota of each group on each pool. */
  readonly quotas: readonly (readonly number[])[];
  readonly clients: readonly (readonly Action[])[];
  /** The group whose headroom is measured at the end. */
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

const action = actionsOn<Action>(3);

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  action(4, { kind: fc.constant('assign'), group, pool, quota, manage: often, write: fc.boolean() }),
  action(1, { kind: fc.constant('revoke'), group: below, pool }),
  action(1, { kind: fc.constant('list pools'), group, pool }),
  action(8, {
    kind: fc.constant('upload'),
    group,
    pool,
    name,
    size,
    hold: fc.nat(6),
    cut: fc.nat(3).map((value) => value === 0),
  }),
  action(4, { kind: fc.constant('create'), group, pool, name, size }),
  action(5, { kind: fc.constant('remove'), which: fc.nat(20) }),
  action(6, {
    kind: fc.constant('clone'),
    which: fc.nat(20),
    optical: fc.constantFrom(undefined, true, false),
    growth: fc.option(fc.nat(20_000), { nil: undefined }),
  }),
  action(4, { kind: fc.constant('resize'), which: fc.nat(20), growth: fc.integer({ min: -10_000, max: 40_000 }) }),
  action(3, { kind: fc.constant('delete'), which: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }) }),
  action(2, { kind: fc.constant('make group'), group: below }),
  action(2, { kind: fc.constant('remove group'), group: below }),
  action(1, { kind: fc.constant('list media'), group }),
);

/** Two to four clients with up to eight actions each. */
export const scenarios: fc.Arbitrary<Scenario> = fc.record(
  {
    quotas: fc.array(fc.tuple(quota, quota), { minLength: TREE.length, maxLength: TREE.length }),
    clients: fc.array(fc.array(anyAction, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 4 }),
    measured: group,
  },
  { noNullPrototype: true },
);
