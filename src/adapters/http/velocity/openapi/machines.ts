import { machinesResponse, nicsResponse } from '../v/machines.ts';
import { answered, type VelocityCall } from './call.ts';

export const MACHINES = {
  'POST /v/vm/list': {
    summary: 'List the virtual machines',
    description: 'The list is empty: a depot runs no machines. Every other call below `/v` is a 501.',
    answers: answered('An empty list', machinesResponse),
  },
  'POST /v/nic/list': {
    summary: 'List the network interfaces for virtual machines',
    description: 'The list is empty: a depot runs no machines.',
    answers: answered('An empty list', nicsResponse),
  },
} as const satisfies Readonly<Record<string, VelocityCall>>;
