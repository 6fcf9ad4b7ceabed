import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Converts zod schemas to JSON Schema. Collects schemas with an id under that id, and refers to
 * them.
 */
export class Schemas {
  readonly #named = new Map<string, JsonSchema>();

  /** Returns the schema of a request, before defaults and conversions. */
  sent(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, 'input');
  }

  /** Returns the schema of an answer. */
  answered(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, 'output');
  }

  /** The schemas with an id, sorted by it. */
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

/** Returns the schema with its references pointing to the components of the document. */
function movedToComponents(schema: object): JsonSchema {
  const moved = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(moved) as JsonSchema;
}
