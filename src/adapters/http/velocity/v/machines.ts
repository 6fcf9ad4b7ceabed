import type { RequestHandler } from 'express';
import { z } from 'zod';
import { call, type CallerOf } from '../call.ts';
import { RequestError } from '../../shared/request-error.ts';

export const machinesResponse = z.object({ vms: z.array(z.never()) });
export const nicsResponse = z.object({ host_nics: z.array(z.never()) });

/** `POST /v/vm/list`: a depot has no virtual machines. */
export function postVmList(callerOf: CallerOf): RequestHandler {
  return call(callerOf, z.unknown(), () => Promise.resolve({ vms: [] } satisfies z.input<typeof machinesResponse>));
}

/** `POST /v/nic/list`: a depot has no network interfaces. */
export function postNicList(callerOf: CallerOf): RequestHandler {
  return call(callerOf, z.unknown(), () => Promise.resolve({ host_nics: [] } satisfies z.input<typeof nicsResponse>));
}

/**
 * Every other call below `/v` (docs/velocity.md#virtual-machines).
 *
 * @throws RequestError `not-implemented`
 */
export function refuseMachines(callerOf: CallerOf): RequestHandler {
  return async (request) => {
    await callerOf(request);
    throw new RequestError(
      'not-implemented',
      'this depot stores media and runs no virtual machines: send the request to the Velocity host that runs them',
    );
  };
}
