import fc from 'fast-check';

/**
 * What is there when a play begins: drives by the group that they are in, in the order in which
 * moves mean them.
 */
export const STOCK = [
  { group: 'staying', media: 'disk', shareable: false },
  { group: 'staying', media: 'disk', shareable: true },
  { group: 'staying', media: 'cdrom', shareable: false },
  { group: 'going', media: 'disk', shareable: false },
  { group: 'going', media: 'cdrom', shareable: true },
] as const;

/** How many servers each client has to begin with; nobody else touches them. */
export const SERVERS = 2;

/** A drive by its place in `STOCK`, and the unit that it is attached to. */
export type Wanted = readonly (readonly [which: number, unit: number])[];

/** Servers are meant by their place among those that the client ever made. */
export type ServerMove = { readonly replica: number } & (
  | { readonly kind: 'attach'; server: number; wanted: Wanted }
  | { readonly kind: 'make server'; wanted: Wanted }
  | { readonly kind: 'delete server'; server: number; recurse: 'all_drives' | 'disks' | 'cdroms' | null }
  | { readonly kind: 'delete drive' | 'remove media'; which: number }
  | { readonly kind: 'share'; which: number; shareable: boolean }
  | { readonly kind: 'resize'; which: number; size: number }
  | { readonly kind: 'remove group' }
);

const which = fc.nat(STOCK.length - 1);
const server = fc.nat(3);
const wanted = fc.array(fc.tuple(which, fc.nat(5)), { maxLength: 4 });

function move<Fields extends object>(weight: number, fields: { [Field in keyof Fields]: fc.Arbitrary<Fields[Field]> }) {
  return {
    weight,
    arbitrary: fc.record(
      { replica: fc.nat(1), ...fields },
      { noNullPrototype: true },
    ) as unknown as fc.Arbitrary<ServerMove>,
  };
}

const anyMove: fc.Arbitrary<ServerMove> = fc.oneof(
  move(12, { kind: fc.constant('attach'), server, wanted }),
  move(2, { kind: fc.constant('make server'), wanted }),
  move(3, {
    kind: fc.constant('delete server'),
    server,
    recurse: fc.constantFrom(null, null, 'all_drives', 'disks', 'cdroms'),
  }),
  move(1, { kind: fc.constant('delete drive'), which }),
  move(2, { kind: fc.constant('remove media'), which }),
  move(2, { kind: fc.constant('share'), which, shareable: fc.boolean() }),
  move(1, { kind: fc.constant('resize'), which, size: fc.integer({ min: 1, max: 9_000 }) }),
  move(1, { kind: fc.constant('remove group') }),
);

/** Two or three clients, each a user of their own, with up to ten moves each. */
export const serverPlays: fc.Arbitrary<readonly (readonly ServerMove[])[]> = fc.array(
  fc.array(anyMove, { minLength: 1, maxLength: 10 }),
  { minLength: 2, maxLength: 3 },
);
