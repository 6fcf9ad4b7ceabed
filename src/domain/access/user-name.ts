import { DomainError, isFailure } from '../shared/domain-error.ts';
import { requireName } from '../shared/name.ts';

/**
 * Returns the name of a user in NFC, the form that is stored, so that it does not depend on the
 * keyboard. Besides the rules of all names, it must not contain a colon, which ends the name in
 * Basic authentication (RFC 7617, section 2).
 *
 * @throws DomainError `name-invalid`
 */
export function requireUserName(text: string): string {
  const name = requireName(text.normalize('NFC'));
  if (name.includes(':'))
    throw new DomainError('name-invalid', { reason: 'the name of a user must not contain a colon' });
  return name;
}

/** Returns whether a user may have this name. */
export function isUserName(text: string): boolean {
  try {
    requireUserName(text);
    return true;
  } catch (error) {
    if (isFailure(error, 'name-invalid')) return false;
    throw error;
  }
}
