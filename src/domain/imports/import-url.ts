import { DomainError } from '../shared/domain-error.ts';
import { MAX_NAME_BYTES } from '../shared/name.ts';
import { truncateUtf8 } from '../shared/truncate-utf8.ts';
import { sourceTarget, type SourceRules } from './source-target.ts';

/** The longest URL that is imported, in characters. */
export const MAX_URL_LENGTH = 8192;

/**
 * Returns a URL in its normal form, without its fragment, if the rules permit it.
 *
 * @throws DomainError `url-invalid`
 */
export function requireImportUrl(text: string, rules: SourceRules): string {
  if (text.length > MAX_URL_LENGTH) throw invalid(`a URL has at most ${MAX_URL_LENGTH} characters`);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw invalid('this is no URL');
  sourceTarget(url, rules);
  url.hash = '';
  return url.href;
}

/** Returns a URL for logs, events and answers: its query, which may be a secret, reads `?…`. */
export function maskedUrl(text: string): string {
  const { origin, pathname, search } = new URL(text);
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

/** Returns the segments of the path of a URL, decoded where they can be. */
export function pathOf(url: string): readonly string[] {
  return new URL(url).pathname
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded);
}

/** Returns the name of the file at a URL, as the name of an item; null if it has none. */
export function fileNameOf(url: string): string | null {
  const name = pathOf(url)
    .at(-1)
    ?.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '');
  return name === undefined || name === '' ? null : truncateUtf8(name, MAX_NAME_BYTES);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function invalid(reason: string): DomainError {
  return new DomainError('url-invalid', { reason });
}
