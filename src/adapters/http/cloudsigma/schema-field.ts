import type { Projectable } from './fields.ts';
import { DEFAULT_LIMIT } from './listing.ts';

type FieldType = 'boolean' | 'datetime' | 'dict' | 'integer' | 'list' | 'related' | 'string';

interface Traits {
  readonly default?: unknown;
  readonly required?: boolean;
  readonly readonly?: boolean;
  readonly choices?: readonly string[];
  readonly fields?: object;
}

/** Returns a field as `/…/schema/` describes it. */
export function field(type: FieldType, help: string, traits: Traits = {}): object {
  const { default: fallback = null, required = false, readonly = false, ...rest } = traits;
  return { default: fallback, help_text: help, readonly, required, type, ...rest };
}

/** Returns a resource without filters as `/…/schema/` describes it. */
export function schemaOf(
  methods: { readonly detail: readonly string[]; readonly list: readonly string[] },
  fields: Readonly<Record<string, object>>,
): Projectable {
  return {
    allowed_detail_http_methods: methods.detail,
    allowed_list_http_methods: methods.list,
    default_format: 'application/json',
    default_limit: DEFAULT_LIMIT,
    fields,
  };
}

const NO_DEFAULT = { default: 'No default provided.' };

/** A field that a create requires. */
export const REQUIRED = { ...NO_DEFAULT, required: true };
/** A field that requests cannot set. */
export const READ_ONLY = { ...NO_DEFAULT, readonly: true };
