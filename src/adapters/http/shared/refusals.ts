import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Refusal, Refusals } from '../../../application/ports/refusals.ts';
import { isUserName } from '../../../domain/access/user-name.ts';
import type { Way } from '../../../domain/audit/deed.ts';
import { isDomainError, type DomainError } from '../../../domain/shared/domain-error.ts';
import { originOf } from './callers.ts';

/**
 * What was asked for in a request that failed, by whom; null where nothing would have been changed,
 * or nobody knows who it was.
 */
export type RefusalOf = (request: Request, response: Response, error: DomainError) => Refusal | null;

/** Writes down what was refused, before it is answered. */
export function recordRefusals(refusals: Refusals, refusalOf: RefusalOf): ErrorRequestHandler {
  return async (error: unknown, request: Request, response: Response, next): Promise<void> => {
    const refusal = isDomainError(error) ? refusalOf(request, response, error) : null;
    if (refusal !== null && isDomainError(error)) await refusals.run(refusal, error);
    next(error);
  };
}

/**
 * A login with the wrong name or password, by somebody who claimed to be called so. Those that were
 * not even tried, because there were too many before, are none.
 */
export function failedLogin(request: Request, way: Way, error: DomainError, claimed: unknown): Refusal | null {
  if (error.code !== 'wrong-credentials') return null;
  const name = typeof claimed === 'string' && isUserName(claimed) ? claimed : null;
  return { by: { id: null, name, origin: originOf(request, way) }, deed: { action: 'user.login' } };
}
