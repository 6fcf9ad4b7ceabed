import { z } from 'zod';

/** The schemas of an answered object. */
export interface AnsweredShape {
  /** With all its fields. */
  readonly whole: z.ZodType;
  /** With all its fields, or with the fields that `fields` names. */
  readonly projected: z.ZodType;
}

/** Returns the schemas of an object: `id` with all fields, `…Fields` with some. */
export function answeredShape(id: string, description: string, fields: z.ZodRawShape): AnsweredShape {
  const object = z.object(fields);
  const whole = object.meta({ id, description });
  const some = object.partial().meta({ id: `${id}Fields`, description: 'The fields that the query `fields` names.' });
  return { whole, projected: z.union([whole, some]) };
}

/** Returns the schema of a page of a list. */
export function pageOf(objects: z.ZodType): z.ZodType {
  return z.object({ meta: pageResponse, objects: z.array(objects) });
}

/** Returns the schema of the answer to a create or an action. */
export function objectsOf({ whole }: AnsweredShape): z.ZodType {
  return z.object({ objects: z.array(whole) });
}

/** Returns the schema of one object or several, in any of three forms. */
export function oneOrMany(schema: z.ZodType): z.ZodType {
  const many = z.array(schema).min(1);
  return z.union([z.object({ objects: many }), many, schema]);
}

export const countResponse = z.int().min(0);

const pageResponse = z
  .object({
    limit: countResponse.meta({ description: 'The requested limit; 0 for all.' }),
    offset: countResponse.meta({ description: 'The number of objects before the first of these.' }),
    total_count: countResponse.meta({ description: 'The number of all objects.' }),
  })
  .meta({ id: 'Page' });

/** Another object. */
export const referenceResponse = z.object({ resource_uri: z.string(), uuid: z.uuid() }).meta({ id: 'Reference' });

/** A reference that Platter stores and returns, without looking at it. */
export const keptReferenceResponse = z
  .object({ resource_uri: z.string(), uuid: z.string() })
  .meta({ id: 'KeptReference' });

/** The answer to `/…/schema/`. */
export const resourceSchemaResponse = answeredShape('ResourceSchema', 'The fields, filters and orders of a resource.', {
  allowed_detail_http_methods: z.array(z.string()),
  allowed_list_http_methods: z.array(z.string()),
  default_format: z.string(),
  default_limit: countResponse,
  fields: z.record(z.string(), z.looseObject({ type: z.string(), help_text: z.string() })),
  filtering: z.record(z.string(), z.union([z.string(), countResponse])).optional(),
  ordering: z.array(z.string()).optional(),
});
