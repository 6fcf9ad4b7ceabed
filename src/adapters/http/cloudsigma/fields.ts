import type { Request } from 'express';

/** An object as it goes over the wire, by the names of its fields. */
export type Projectable = Readonly<Record<string, unknown>>;

/** The names in `fields=a,b`, or null for all (docs/cloudsigma.md#lists-and-filters). */
export function fieldsOf(request: Request): ReadonlySet<string> | null {
  const asked = request.query.fields;
  const names = (Array.isArray(asked) ? asked : [asked])
    .flatMap((value) => (typeof value === 'string' ? value.split(',') : []))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length === 0 ? null : new Set(names);
}

/** Just these fields of an object; names that it does not have are ignored. */
export function project(object: Projectable, fields: ReadonlySet<string> | null): Projectable {
  return fields === null ? object : Object.fromEntries(Object.entries(object).filter(([name]) => fields.has(name)));
}
