import { nothing } from '../wire.ts';
import { shownMachines, shownNics } from '../v/machines.ts';
import { answered, jsonBody, type VelocityCall } from './call.ts';

const NO_FIELDS = { usual: { summary: 'Without fields', value: {} } };

export const MACHINES = {
  'POST /v/vm/list': {
    summary: 'List the virtual machines',
    description: 'There are none: a depot runs no machines. Every other call below `/v` is a 501.',
    body: jsonBody(nothing, NO_FIELDS, false),
    answers: answered('None', shownMachines),
  },
  'POST /v/nic/list': {
    summary: 'List the network interfaces for virtual machines',
    description: 'There are none: a depot runs no machines.',
    body: jsonBody(nothing, NO_FIELDS, false),
    answers: answered('None', shownNics),
  },
} as const satisfies Readonly<Record<string, VelocityCall>>;
