import type { CallDescription, PartDescription } from '../../shared/openapi/description.ts';
import type { Operation } from '../operations.ts';
import { describeCall, type VelocityCall } from './call.ts';
import { ERRORS_OF_ALL_PATHS } from './failures.ts';
import { MACHINES } from './machines.ts';
import { MEDIA, POOLS } from './media.ts';
import { AUTH, GROUPS, USERS } from './users.ts';

/** What is said of each call. The compiler sees to it that none is left out. */
const CALLS: Readonly<Record<Operation, VelocityCall>> = {
  ...AUTH,
  ...USERS,
  ...GROUPS,
  ...POOLS,
  ...MEDIA,
  ...MACHINES,
};

const TAGS = [
  { name: 'Velocity: authkeys', description: 'Logging in.', calls: AUTH },
  { name: 'Velocity: users', description: 'Users and what they may do.', calls: USERS },
  { name: 'Velocity: groups', description: 'The tree of groups.', calls: GROUPS },
  { name: 'Velocity: pools', description: 'Which group may use which pool, and how much of it.', calls: POOLS },
  { name: 'Velocity: media', description: 'Media and their bytes.', calls: MEDIA },
  { name: 'Velocity: machines', description: 'Virtual machines, of which there are none.', calls: MACHINES },
];

/** The Velocity dialect in the OpenAPI document. */
export const VELOCITY: PartDescription = {
  tags: TAGS.map(({ name, description }) => ({ name, description })),
  security: {
    authkey: {
      type: 'http',
      scheme: 'bearer',
      description: 'An authkey. Older clients have it as the field `authkey` of their JSON bodies instead.',
    },
    authkeyHeader: { type: 'apiKey', in: 'header', name: 'x-velocity-authkey', description: 'An authkey.' },
  },
  calls: Object.fromEntries(
    TAGS.flatMap(({ name, calls }) =>
      (Object.keys(calls) as Operation[]).map((operation): [Operation, CallDescription] => [
        operation,
        describeCall(operation, name, CALLS[operation]),
      ]),
    ),
  ),
  commonErrors: [
    { root: '/', description: 'Of the Velocity dialect, where nobody else answers.', answers: ERRORS_OF_ALL_PATHS },
  ],
};
