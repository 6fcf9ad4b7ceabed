import { z } from 'zod';
import type { ParameterDescription } from '../../shared/openapi/description.ts';
import { DEFAULT_LIMIT, MAX_ALTERNATIVES, MAX_CONDITIONS } from '../listing.ts';

const SOME_UUID = '6f1c2f5e-7d0b-4f0c-9a55-2b8f9f0a1d3e';

/** The parameter for the id of an object. */
export const UUID: ParameterDescription = {
  name: 'uuid',
  in: 'path',
  required: true,
  description: 'The id of the object.',
  schema: z.string(),
  example: SOME_UUID,
};

/** `fields=a,b` */
export function fieldsParameter(example: string): ParameterDescription {
  return query('fields', 'Names of fields, separated by commas: the answer has only these.', z.string(), example);
}

/** Returns the parameters of every list. */
export function listParameters(fields: string): readonly ParameterDescription[] {
  return [
    query('limit', 'The most objects; 0 for all.', z.int().min(0).default(DEFAULT_LIMIT), 20),
    query('offset', 'The number of objects to skip.', z.int().min(0).default(0), 0),
    fieldsParameter(fields),
  ];
}

/** Returns the parameter of a filter. */
export function filter(name: string): ParameterDescription {
  const limits = `At most ${MAX_CONDITIONS} filters with ${MAX_ALTERNATIVES} values in all.`;
  return query(
    name,
    `Only matching objects: a comma means "or", a repeated parameter "and", \`\\\\,\` a comma. ${limits}`,
    z.string(),
  );
}

/** Returns an optional parameter with fixed values. */
export function choice(name: string, description: string, choices: readonly string[]): ParameterDescription {
  return query(name, description, z.enum(choices), choices[0]);
}

/** `do=NAME` */
export function actionParameter<Name extends string>(examples: Readonly<Record<Name, string>>): ParameterDescription {
  const names = Object.keys(examples) as Name[];
  return {
    name: 'do',
    in: 'query',
    required: true,
    description: 'The action.',
    schema: z.enum(names),
    examples: Object.fromEntries(names.map((name) => [name, { summary: examples[name], value: name }])),
  };
}

function query(name: string, description: string, schema: z.ZodType, example?: string | number): ParameterDescription {
  return { name, in: 'query', required: false, description, schema, ...(example === undefined ? {} : { example }) };
}
