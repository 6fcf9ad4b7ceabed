import type { Projectable } from '../fields.ts';

type FieldType = 'boolean' | 'string';

function field(type: FieldType, help: string, fallback: unknown, { readonly = false, unique = false } = {}): object {
  return { blank: false, default: fallback, help_text: help, nullable: false, readonly, type, unique };
}

const NONE = 'No default provided.';

/** The answer to `/licenses/schema/` (tests/fixtures/cloudsigma/response_licenses_schema.http). */
export const LICENSES_SCHEMA: Projectable = {
  allowed_detail_http_methods: ['get'],
  allowed_list_http_methods: ['get'],
  default_format: 'application/json',
  default_limit: 20,
  fields: {
    burstable: field('boolean', 'Whether the license may be used in bursts', false),
    long_name: field('string', 'Name in full', ''),
    name: field('string', 'Name by which library drives refer to the license', NONE, { unique: true }),
    resource_uri: field('string', 'Path of the license', NONE, { readonly: true }),
    type: field('string', 'How the license is billed', 'instance'),
    user_metric: field('string', 'Unit that the license counts', NONE),
  },
};
