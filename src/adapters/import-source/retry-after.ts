import type { IncomingHttpHeaders } from 'node:http';

const MAX_SECONDS = 86_400;
const SECONDS = /^\d{1,10}$/;

/**
 * Returns how long a server wants to be left alone, in whole seconds, at most a day; null if it
 * does not say. A date counts from the server's own (RFC 9110, section 10.2.3).
 */
export function retryAfterSeconds({ 'retry-after': after, date }: IncomingHttpHeaders): number | null {
  if (after === undefined) return null;
  const seconds = SECONDS.test(after) ? Number(after) : Math.ceil((Date.parse(after) - Date.parse(date ?? '')) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(MAX_SECONDS, Math.max(0, seconds));
}
