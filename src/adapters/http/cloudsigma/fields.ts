import type { Request } from 'express';

/** An object as the wire has it. */
export type Projectable = Readonly<Record<string, unknown>>;

/** Returns the names in `fields=a,b`, or null for all (docs/cloudsigma.md#lists-and-filters). */
export function fieldsOf(request: Request): ReadonlySet<string> | null {
  const sent = request.query.fields;
  const names = (Array.isArray(sent) ? sent : [sent])
    .flatMap((value) => (typeof value === 'string' ? value.split(',') : []))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length === 0 ? null : new Set(names);
}

/** Returns an object with only these fields. Ignores names that it does not have. */
export function project(object: Projectable, fields: ReadonlySet<string> | null): Projectable {
  return fields === null ? object : Object.fromEntries(Object.entries(object).filter(([name]) => fields.has(name)));
}
