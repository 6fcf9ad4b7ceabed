import type { RequestHandler } from 'express';
import { z } from 'zod';
import { call, type CallerOf } from '../call.ts';
import { OUTSIDE } from '../errors.ts';
import { WireFault } from '../wire-fault.ts';

export const shownMachines = z.object({ vms: z.array(z.never()) });
export const shownNics = z.object({ host_nics: z.array(z.never()) });

/** `POST /v/vm/list`: a depot has no virtual machines. */
export function postVmList(callerOf: CallerOf): RequestHandler {
  return call(callerOf, z.unknown(), () => Promise.resolve({ vms: [] } satisfies z.input<typeof shownMachines>));
}

/** `POST /v/nic/list`: nor has it network interfaces. */
export function postNicList(callerOf: CallerOf): RequestHandler {
  return call(callerOf, z.unknown(), () => Promise.resolve({ host_nics: [] } satisfies z.input<typeof shownNics>));
}

/** Every other call below `/v` (docs/velocity.md#virtual-machines). Throws a `WireFault`. */
export function refuseMachines(callerOf: CallerOf): RequestHandler {
  return async (request) => {
    await callerOf(request);
    throw new WireFault(
      OUTSIDE['not-implemented'],
      'this depot keeps media and runs no virtual machines: ask the Velocity host that runs them',
    );
  };
}
