import { DomainError } from './domain-error.ts';
import { utf8Length } from './truncate-utf8.ts';

/** The longest name, in bytes of UTF-8 (docs/velocity.md#names). */
export const MAX_NAME_BYTES = 255;
const CONTROL = /[\p{Cc}\p{Bidi_Control}]/u;

/**
 * Returns `text` if it is a valid name (docs/velocity.md#names): 1 to 255 bytes of UTF-8 without
 * control characters, among them the invisible ones that reverse the reading direction. Names never
 * become paths.
 *
 * @throws DomainError `name-invalid`
 */
export function requireName(text: string): string {
  const reason = nameFault(text);
  if (reason !== null) throw new DomainError('name-invalid', { reason });
  return text;
}

function nameFault(text: string): string | null {
  if (text.length === 0) return 'a name must not be empty';
  if (!text.isWellFormed()) return 'a name must be well-formed Unicode';
  if (CONTROL.test(text)) return 'a name must not contain control characters';
  if (utf8Length(text) > MAX_NAME_BYTES) return `a name has at most ${MAX_NAME_BYTES} bytes in UTF-8`;
  return null;
}
