import fc from 'fast-check';
import { actionsOn } from './weighted-action.ts';

/** The drives at the start of a scenario, by their group. Actions refer to them by index. */
export const DRIVES = [
  { group: 'staying', media: 'disk', shareable: false },
  { group: 'staying', media: 'disk', shareable: true },
  { group: 'staying', media: 'cdrom', shareable: false },
  { group: 'going', media: 'disk', shareable: false },
  { group: 'going', media: 'cdrom', shareable: true },
] as const;

/** How many servers each client has at the start. No other client uses them. */
export const INITIAL_SERVERS = 2;

/** Drives by their index in `DRIVES`, with the unit that each is attached to. */
export type WantedDrives = readonly (readonly [which: number, unit: number])[];

/** `server` is an index among all servers that the client ever created. */
export type ServerAction = { readonly replica: number } & (
  | { readonly kind: 'attach'; server: number; wanted: WantedDrives }
  | { readonly kind: 'make server'; wanted: WantedDrives }
  | { readonly kind: 'delete server'; server: number; recurse: 'all_drives' | 'disks' | 'cdroms' | null }
  | { readonly kind: 'delete drive' | 'remove media'; which: number }
  | { readonly kind: 'share'; which: number; shareable: boolean }
  | { readonly kind: 'resize'; which: number; size: number }
  | { readonly kind: 'remove group' }
);

const which = fc.nat(DRIVES.length - 1);
const server = fc.nat(3);
const wanted = fc.array(fc.tuple(which, fc.nat(5)), { maxLength: 4 });

const action = actionsOn<ServerAction>(2);

const anyAction: fc.Arbitrary<ServerAction> = fc.oneof(
  action(12, { kind: fc.constant('attach'), server, wanted }),
  action(2, { kind: fc.constant('make server'), wanted }),
  action(3, {
    kind: fc.constant('delete server'),
    server,
    recurse: fc.constantFrom(null, null, 'all_drives', 'disks', 'cdroms'),
  }),
  action(1, { kind: fc.constant('delete drive'), which }),
  action(2, { kind: fc.constant('remove media'), which }),
  action(2, { kind: fc.constant('share'), which, shareable: fc.boolean() }),
  action(1, { kind: fc.constant('resize'), which, size: fc.integer({ min: 1, max: 9_000 }) }),
  action(1, { kind: fc.constant('remove group') }),
);

/** Two or three clients, each with a user of its own and up to ten actions. */
export const serverScenarios: fc.Arbitrary<readonly (readonly ServerAction[])[]> = fc.array(
  fc.array(anyAction, { minLength: 1, maxLength: 10 }),
  { minLength: 2, maxLength: 3 },
);
