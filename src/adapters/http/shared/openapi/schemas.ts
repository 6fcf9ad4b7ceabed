import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Schemas that validate, as JSON Schema. Those with an id are kept apart, under that name, and
 * referred to.
 */
export class Schemas {
  readonly #named = new Map<string, JsonSchema>();

  /** What may be sent, before defaults and conversions. */
  sent(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, 'input');
  }

  /** What is answered. */
  answered(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, 'output');
  }

  /** Those with an id, by that, in its order. */
  get named(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#named].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  #convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $schema: _draft, $defs = {}, ...root } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
    for (const [id, named] of Object.entries($defs)) this.#keep(id, movedToComponents(named));
    return movedToComponents(root);
  }

  #keep(id: string, schema: JsonSchema): void {
    const known = this.#named.get(id);
    if (known !== undefined && !isDeepStrictEqual(known, schema)) throw new Error(`two schemas are called ${id}`);
    this.#named.set(id, schema);
  }
}

/** The same schema with its references to where the document keeps the schemas that have names. */
function movedToComponents(schema: object): JsonSchema {
  const moved = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(moved) as JsonSchema;
}
