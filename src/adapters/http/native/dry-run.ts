import { z } from 'zod';
import type { Caller } from '../../../domain/access/caller.ts';
import type { Call } from './call.ts';
import { flag, parseQuery } from './input.ts';

/** The query of calls that can be tried without an effect. */
export const dryRunQuery = z.strictObject({
  dry_run: flag.optional().meta({ description: 'Makes all checks and changes nothing.' }),
});

/** Returns the caller, who only rehearses the change with `?dry_run=true`. */
export function callerOfChange({ caller, request }: Pick<Call, 'caller' | 'request'>): Caller {
  const { dry_run: rehearses = false } = parseQuery(dryRunQuery, request);
  return rehearses ? { ...caller, rehearses } : caller;
}
