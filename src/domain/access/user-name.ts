import { DomainError, isFailure } from '../shared/domain-error.ts';
import { requireName } from '../shared/name.ts';

/**
 * Refuses what can't be the name of a user: it follows the rules of every name, and holds no colon, which ends the name in Basic
 * authentication (RFC 7617, section 2).
 *
 * @throws DomainError `name-invalid`
 */
export function requireUserName(text: string): string {
  requireName(text);
  if (text.includes(':'))
    throw new DomainError('name-invalid', { reason: 'the name of a user must not contain a colon' });
  return text;
}

/** Whether there could be a user of this name. */
export function isUserName(text: string): boolean {
  try {
    requireUserName(text);
    return true;
  } catch (error) {
    if (isFailure(error, 'name-invalid')) return false;
    throw error;
  }
}
