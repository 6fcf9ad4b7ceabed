import { z } from 'zod';

/** What an object looks like when it is answered. */
export interface AnsweredShape {
  /** With all its fields. */
  readonly whole: z.ZodType;
  /** With all its fields, or with those that `fields` asks for. */
  readonly projected: z.ZodType;
}

/** The shape called `id` in the document. That of some of its fields is called `…Fields`. */
export function answeredShape(id: string, description: string, fields: z.ZodRawShape): AnsweredShape {
  const object = z.object(fields);
  const whole = object.meta({ id, description });
  const some = object
    .partial()
    .meta({ id: `${id}Fields`, description: 'Those fields that the query `fields` asks for.' });
  return { whole, projected: z.union([whole, some]) };
}

/** One page of a list. */
export function pageOf(objects: z.ZodType): z.ZodType {
  return z.object({ meta: pageResponse, objects: z.array(objects) });
}

/** What a create or an action answers. */
export function objectsOf({ whole }: AnsweredShape): z.ZodType {
  return z.object({ objects: z.array(whole) });
}

/** One object to make or to name, or several, in one of two forms. */
export function oneOrMany(schema: z.ZodType): z.ZodType {
  const many = z.array(schema).min(1);
  return z.union([z.object({ objects: many }), many, schema]);
}

export const countResponse = z.int().min(0);

const pageResponse = z
  .object({
    limit: countResponse.meta({ description: 'The most objects that were asked for; 0 is all of them.' }),
    offset: countResponse.meta({ description: 'How many come before the first of these.' }),
    total_count: countResponse.meta({ description: 'How many there are in all.' }),
  })
  .meta({ id: 'Page' });

/** Another object. */
export const referenceResponse = z.object({ resource_uri: z.string(), uuid: z.uuid() }).meta({ id: 'Reference' });

/** Something that is only kept and answered, whatever it is. */
export const keptReferenceResponse = z
  .object({ resource_uri: z.string(), uuid: z.string() })
  .meta({ id: 'KeptReference' });

/** How `/…/schema/` describes a resource. */
export const resourceSchemaResponse = answeredShape('ResourceSchema', 'The fields, filters and orders of a resource.', {
  allowed_detail_http_methods: z.array(z.string()),
  allowed_list_http_methods: z.array(z.string()),
  default_format: z.string(),
  default_limit: countResponse,
  fields: z.record(z.string(), z.looseObject({ type: z.string(), help_text: z.string() })),
  filtering: z.record(z.string(), z.union([z.string(), countResponse])).optional(),
  ordering: z.array(z.string()).optional(),
});
