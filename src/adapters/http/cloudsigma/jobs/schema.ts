import type { Projectable } from '../fields.ts';

type FieldType = 'datetime' | 'list' | 'object' | 'related' | 'string';

interface Traits {
  readonly default?: string;
  readonly nullable?: boolean;
  readonly readonly?: boolean;
  readonly unique?: boolean;
}

const NONE = 'No default provided.';

function field(type: FieldType, help: string, traits: Traits = {}): object {
  const { default: fallback = NONE, nullable = false, readonly = false, unique = false } = traits;
  return { blank: false, default: fallback, help_text: help, nullable, readonly, type, unique };
}

/** The answer to `/jobs/schema/` (tests/fixtures/cloudsigma/response_jobs_schema.http). */
export const JOBS_SCHEMA: Projectable = {
  allowed_detail_http_methods: ['get'],
  allowed_list_http_methods: ['get'],
  default_format: 'application/json',
  default_limit: 20,
  fields: {
    children: field('related', 'Jobs that this job started', { nullable: true }),
    created: field('datetime', 'Time of the request'),
    data: field('object', 'Progress of the job', { nullable: true }),
    last_modified: field('datetime', 'Time of the last progress'),
    operation: field('string', 'Operation of the job', { nullable: true }),
    resource_uri: field('string', 'URI of the job', { readonly: true }),
    resources: field('list', 'URIs of the drives of the job', { nullable: true }),
    state: field('string', 'State of the job', { default: 'started' }),
    uuid: field('string', 'Identifier of the job', { unique: true }),
  },
  filtering: { state: 1 },
  ordering: ['-last_modified'],
};
