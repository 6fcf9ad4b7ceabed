import { DomainError } from '../shared/domain-error.ts';
import { utf8Length } from '../shared/truncate-utf8.ts';

const MAX_BYTES = 1024;

/**
 * Returns a new password in NFC, the form that is hashed, so that it does not depend on the
 * keyboard. Any characters are allowed, up to 1024 bytes of UTF-8.
 *
 * @throws DomainError `password-invalid` when the password is empty, too long or not well-formed
 */
export function requirePassword(text: string): string {
  const password = text.normalize('NFC');
  const reason = passwordFault(password);
  if (reason !== null) throw new DomainError('password-invalid', { reason });
  return password;
}

/**
 * Returns the forms of a sent password to compare with the hash: NFC, and the sent form if it
 * differs, since older passwords were hashed as sent. The number of forms depends only on the sent
 * password, so that the time does not reveal anything about the hash.
 */
export function passwordForms(sent: string): readonly string[] {
  const normalised = sent.normalize('NFC');
  return normalised === sent ? [sent] : [normalised, sent];
}

function passwordFault(text: string): string | null {
  if (text.length === 0) return 'a password must not be empty';
  if (!text.isWellFormed()) return 'a password must be well-formed Unicode';
  if (utf8Length(text) > MAX_BYTES) return `a password has at most ${MAX_BYTES} bytes in UTF-8`;
  return null;
}
