import { z } from 'zod';
import { isUuid } from '../../../domain/shared/ids.ts';
import { storableText } from './wire.ts';

/**
 * A reference to another object: its uuid, or an object with a `uuid` (docs/servers.md#servers,
 * docs/servers.md#tags). Becomes the text of the uuid.
 */
export const sentReference = z.union(
  [storableText, z.object({ uuid: storableText }).transform(({ uuid }) => uuid)],
  'must be a uuid, or an object with one',
);

/** Returns the id in a text; null when the text is not a UUID. */
export function idFrom(text: unknown): string | null {
  return typeof text === 'string' && isUuid(text) ? text.toLowerCase() : null;
}
