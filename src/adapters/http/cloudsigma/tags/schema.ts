import type { Projectable } from '../fields.ts';
import { field, REQUIRED, READ_ONLY } from '../schema-field.ts';

/** What `/tags/schema/` answers. */
export const TAGS_SCHEMA: Projectable = {
  allowed_detail_http_methods: ['get', 'put', 'delete'],
  allowed_list_http_methods: ['get', 'post'],
  default_format: 'application/json',
  default_limit: 20,
  fields: {
    meta: field('dict', 'Texts of your own, by name', { default: {} }),
    name: field('string', 'What it is called', REQUIRED),
    owner: field('related', 'Who made it', READ_ONLY),
    resource_uri: field('string', 'Its address', READ_ONLY),
    resources: field('related', 'The drives and servers that it is on, as uuids or as objects with one', {
      default: [],
    }),
    uuid: field('string', 'What it is known by', READ_ONLY),
  },
};
