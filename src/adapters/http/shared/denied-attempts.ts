import type { ErrorRequestHandler, Request, Response } from 'express';
import type { DeniedAttempt, DeniedAttempts } from '../../../application/ports/denied-attempts.ts';
import { isUserName } from '../../../domain/access/user-name.ts';
import type { Channel } from '../../../domain/audit/audit-event.ts';
import { isDomainError, type DomainError } from '../../../domain/shared/domain-error.ts';
import { originOf } from './callers.ts';

/**
 * What was asked for in a request that failed, by whom; null where nothing would have been changed,
 * or nobody knows who it was.
 */
export type DeniedAttemptOf = (request: Request, response: Response, error: DomainError) => DeniedAttempt | null;

/** Writes down what was refused, before it is answered. */
export function recordDeniedAttempts(
  deniedAttempts: DeniedAttempts,
  deniedAttemptOf: DeniedAttemptOf,
): ErrorRequestHandler {
  return async (error: unknown, request: Request, response: Response, next): Promise<void> => {
    const deniedAttempt = isDomainError(error) ? deniedAttemptOf(request, response, error) : null;
    if (deniedAttempt !== null && isDomainError(error)) await deniedAttempts.run(deniedAttempt, error);
    next(error);
  };
}

/**
 * A login with the wrong name or password, by somebody who claimed to be called so. Those that were
 * not even tried, because there were too many before, are none.
 */
export function failedLogin(
  request: Request,
  channel: Channel,
  error: DomainError,
  claimed: unknown,
): DeniedAttempt | null {
  if (error.code !== 'wrong-credentials') return null;
  const name = typeof claimed === 'string' && isUserName(claimed) ? claimed : null;
  return { by: { id: null, name, origin: originOf(request, channel) }, event: { action: 'user.login' } };
}
