import type { CallDescription, PartDescription } from '../../shared/openapi/description.ts';
import type { Operation } from '../operations.ts';
import { describeCall, type VelocityCall } from './call.ts';
import { ERRORS_OF_ALL_PATHS } from './failures.ts';
import { MACHINES } from './machines.ts';
import { MEDIA, POOLS } from './media.ts';
import { AUTH, GROUPS, USERS } from './users.ts';

/** The description of each call. The compiler checks that none is missing. */
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
  { name: 'Velocity: users', description: 'Users and their permissions.', calls: USERS },
  { name: 'Velocity: groups', description: 'The tree of groups.', calls: GROUPS },
  { name: 'Velocity: pools', description: 'The pools of a group, with its rights and its quota.', calls: POOLS },
  { name: 'Velocity: media', description: 'Media and their bytes.', calls: MEDIA },
  { name: 'Velocity: machines', description: 'Virtual machines. A depot has none.', calls: MACHINES },
];

/** The Velocity dialect in the OpenAPI document. */
export const VELOCITY: PartDescription = {
  tags: TAGS.map(({ name, description }) => ({ name, description })),
  security: {
    authkey: {
      type: 'http',
      scheme: 'bearer',
      description: 'An authkey. Older clients send it as the field `authkey` of their JSON bodies.',
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
    {
      root: '/',
      description: 'The Velocity dialect, on all paths that the document does not have.',
      answers: ERRORS_OF_ALL_PATHS,
    },
  ],
};
