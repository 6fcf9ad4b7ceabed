import type { ErrorRequestHandler, Request, Response } from 'express';
import type { DeniedAttempt, DeniedAttempts } from '../../../application/ports/denied-attempts.ts';
import { isUserName } from '../../../domain/access/user-name.ts';
import type { Channel } from '../../../domain/audit/audit-event.ts';
import { isDomainError, type DomainError } from '../../../domain/shared/domain-error.ts';
import { originOf } from './callers.ts';

/**
 * Returns the audit event of a request that failed, and its caller; null when the call changes
 * nothing or the caller is unknown.
 */
export type DeniedAttemptOf = (request: Request, response: Response, error: DomainError) => DeniedAttempt | null;

/** Error middleware. Records denied attempts before they are answered. */
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
 * Returns the event of a login with a wrong name or password; `claimed` is the name that was sent.
 * Null for other errors, also for logins that were not tried because too many had failed.
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
