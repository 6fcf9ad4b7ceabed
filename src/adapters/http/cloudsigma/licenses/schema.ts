import type { Projectable } from '../fields.ts';

type FieldType = 'boolean' | 'string';

function field(type: FieldType, help: string, fallback: unknown, { readonly = false, unique = false } = {}): object {
  return { blank: false, default: fallback, help_text: help, nullable: false, readonly, type, unique };
}

const NONE = 'No default provided.';

/** What `/licenses/schema/` answers (dumps/response_licenses_schema.http). */
export const LICENSES_SCHEMA: Projectable = {
  allowed_detail_http_methods: ['get'],
  allowed_list_http_methods: ['get'],
  default_format: 'application/json',
  default_limit: 20,
  fields: {
    burstable: field('boolean', 'Whether this resource can be used on burst', false),
    long_name: field('string', 'A human readable name for the resource.', ''),
    name: field('string', 'Name that should be used when purchasing', NONE, { unique: true }),
    resource_uri: field('string', 'Unicode string data. Ex: "Hello World"', NONE, { readonly: true }),
    type: field('string', 'Type of billing', 'instance'),
    user_metric: field('string', 'The metric that the user is charged for', NONE),
  },
};
