import { DomainError } from '../shared/domain-error.ts';
import { utf8Length } from '../shared/truncate-utf8.ts';

const MAX_BYTES = 1024;

/**
 * Returns a new password in the form in which it is hashed (NFC), so that it is the same password
 * however a keyboard composes it. Empty ones and those with more than 1024 bytes in UTF-8 are
 * refused; any characters are fine.
 *
 * @throws DomainError `password-invalid`
 */
export function requirePassword(text: string): string {
  const password = text.normalize('NFC');
  const reason = passwordFault(password);
  if (reason !== null) throw new DomainError('password-invalid', { reason });
  return password;
}

/**
 * Returns the forms of a shown password of which one has to match: NFC and, where it differs, what
 * was shown, since passwords were once hashed as they came. It depends on the shown password alone,
 * so that the time tells nothing about the hash.
 */
export function passwordForms(shown: string): readonly string[] {
  const normalised = shown.normalize('NFC');
  return normalised === shown ? [shown] : [normalised, shown];
}

function passwordFault(text: string): string | null {
  if (text.length === 0) return 'a password must not be empty';
  if (!text.isWellFormed()) return 'a password must be well-formed Unicode';
  if (utf8Length(text) > MAX_BYTES) return `a password has at most ${MAX_BYTES} bytes in UTF-8`;
  return null;
}
