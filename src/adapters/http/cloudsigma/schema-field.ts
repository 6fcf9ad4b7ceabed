type FieldType = 'boolean' | 'dict' | 'integer' | 'list' | 'related' | 'string';

interface Traits {
  readonly default?: unknown;
  readonly required?: boolean;
  readonly readonly?: boolean;
  readonly choices?: readonly string[];
  readonly fields?: object;
}

/** A field as a schema describes it. */
export function field(type: FieldType, help: string, traits: Traits = {}): object {
  const { default: fallback = null, required = false, readonly = false, ...rest } = traits;
  return { default: fallback, help_text: help, readonly, required, type, ...rest };
}

const NO_DEFAULT = { default: 'No default provided.' };

/** What has to be said. */
export const NEEDED = { ...NO_DEFAULT, required: true };
/** What is only shown. */
export const SHOWN = { ...NO_DEFAULT, readonly: true };
