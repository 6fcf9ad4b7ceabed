import { z } from 'zod';
import { isUuid } from '../../../domain/shared/ids.ts';
import { storableText } from './wire.ts';

/**
 * Another object as clients name it: by its uuid, or as an object that has one
 * (docs/servers.md#servers, docs/servers.md#tags). It becomes the text of the uuid.
 */
export const sentReference = z.union(
  [storableText, z.object({ uuid: storableText }).transform(({ uuid }) => uuid)],
  'must be a uuid, or an object with one',
);

/** A string that is no UUID is an unknown one: it becomes null. */
export function idFrom(text: unknown): string | null {
  return typeof text === 'string' && isUuid(text) ? text.toLowerCase() : null;
}
