import { DomainError, isFailure } from '../shared/domain-error.ts';
import { requireName } from '../shared/name.ts';

/**
 * Returns the name of a user in the form in which it is stored (NFC), so that it is the same name
 * however a keyboard composes it. A name follows the rules of every name, and holds no colon, which
 * ends the name in Basic authentication (RFC 7617, section 2).
 *
 * @throws DomainError `name-invalid`
 */
export function requireUserName(text: string): string {
  const name = requireName(text.normalize('NFC'));
  if (name.includes(':'))
    throw new DomainError('name-invalid', { reason: 'the name of a user must not contain a colon' });
  return name;
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
