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

/** What `/jobs/schema/` answers (tests/fixtures/cloudsigma/response_jobs_schema.http). */
export const JOBS_SCHEMA: Projectable = {
  allowed_detail_http_methods: ['get'],
  allowed_list_http_methods: ['get'],
  default_format: 'application/json',
  default_limit: 20,
  fields: {
    children: field('related', 'The jobs that this one began', { nullable: true }),
    created: field('datetime', 'When it was asked for'),
    data: field('object', 'How far it is', { nullable: true }),
    last_modified: field('datetime', 'When it last came further'),
    operation: field('string', 'What is done', { nullable: true }),
    resource_uri: field('string', 'Its address', { readonly: true }),
    resources: field('list', 'What it is done to', { nullable: true }),
    state: field('string', 'Whether it goes on, or how it ended', { default: 'started' }),
    uuid: field('string', 'What it is known by', { unique: true }),
  },
  filtering: { state: 1 },
  ordering: ['-last_modified'],
};
