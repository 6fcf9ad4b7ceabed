import { z } from 'zod';
import { isFailure } from '../../../domain/shared/domain-error.ts';
import { requireName } from '../../../domain/shared/name.ts';
import { faultMessage } from '../shared/fault-messages.ts';
import { RequestError, type Fault } from '../shared/request-error.ts';

/** The root of all paths of this dialect. */
export const ROOT = '/api/2.0';

/** Returns a reference to another resource, such as the owner of a drive. */
export function reference(resource: string, uuid: string): { readonly resource_uri: string; readonly uuid: string } {
  return { resource_uri: uriOf(resource, uuid), uuid };
}

/** Returns the URI of an object. */
export function uriOf(resource: string, id: string | number): string {
  return `${ROOT}/${resource}/${id}/`;
}

/** Returns a date with microseconds, as clients expect it. */
export function momentWire(moment: Date): string {
  return moment.toISOString().replace('Z', '000+00:00');
}

/** A text that PostgreSQL can store: without NUL and lone surrogates. */
export const storableText = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed Unicode without NUL');

/** A name that `domain/shared/name.ts` accepts. */
export const name = z
  .string()
  .superRefine((text, context) => {
    try {
      requireName(text);
    } catch (error) {
      if (!isFailure(error, 'name-invalid')) throw error;
      context.addIssue({ code: 'custom', message: error.detail.reason });
    }
  })
  .meta({ minLength: 1, maxLength: 255, description: '1 to 255 bytes in UTF-8, without control characters.' });

/**
 * Parses a body.
 *
 * @throws RequestError `malformed` with every fault
 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body, { error: faultMessage });
  if (!parsed.success) throw new RequestError('malformed', faultsOf(parsed.error));
  return parsed.data;
}

/**
 * Parses the objects of a body in any of its three forms (docs/cloudsigma.md#drives).
 *
 * @throws RequestError `malformed` with every fault of all objects
 */
export function parseObjects<Schema extends z.ZodType>(schema: Schema, body: unknown): readonly z.output<Schema>[] {
  const objects = objectsOf(body);
  const parsed = objects.map((object) => schema.safeParse(object, { error: faultMessage }));
  const faults = parsed.flatMap(({ error }, index) =>
    error === undefined ? [] : faultsOf(error, objects.length === 1 ? '' : `object ${index}: `),
  );
  if (faults.length > 0) throw new RequestError('malformed', faults);
  return parsed.flatMap(({ success, data }) => (success ? [data] : []));
}

function objectsOf(body: unknown): readonly unknown[] {
  const isWrapped = typeof body === 'object' && body !== null && 'objects' in body;
  const objects = isWrapped ? body.objects : body;
  if (isWrapped && !Array.isArray(objects)) {
    throw new RequestError('malformed', [{ message: 'must be a list', point: 'objects' }]);
  }
  if (!Array.isArray(objects)) return [objects];
  if (objects.length === 0) throw new RequestError('malformed', 'there must be at least one object');
  return objects as readonly unknown[];
}

function faultsOf(error: z.ZodError, where = ''): Fault[] {
  return error.issues.map(({ path, message }) => {
    const [point, ...inside] = path.map(String);
    return { message: where + [...inside, message].join(': '), point: point ?? null };
  });
}
