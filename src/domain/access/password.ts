import { DomainError } from '../shared/domain-error.ts';

const MOST_BYTES = 1024;

/**
 * Refuses a new password that is empty or has more than 1024 bytes in UTF-8. What it is made of is its owner's business.
 *
 * @throws DomainError `password-invalid`
 */
export function requirePassword(text: string): string {
  const reason = passwordFault(text);
  if (reason !== null) throw new DomainError('password-invalid', { reason });
  return text;
}

function passwordFault(text: string): string | null {
  if (text.length === 0) return 'a password must not be empty';
  if (!text.isWellFormed()) return 'a password must be well-formed Unicode';
  if (new TextEncoder().encode(text).length > MOST_BYTES) return `a password has at most ${MOST_BYTES} bytes in UTF-8`;
  return null;
}
