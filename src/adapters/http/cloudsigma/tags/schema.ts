import type { Projectable } from '../fields.ts';
import { field, REQUIRED, READ_ONLY } from '../schema-field.ts';

/** The answer to `/tags/schema/`. */
export const TAGS_SCHEMA: Projectable = {
  allowed_detail_http_methods: ['get', 'put', 'delete'],
  allowed_list_http_methods: ['get', 'post'],
  default_format: 'application/json',
  default_limit: 20,
  fields: {
    meta: field('dict', 'Texts by key', { default: {} }),
    name: field('string', 'Name of the tag', REQUIRED),
    owner: field('related', 'Creator of the tag', READ_ONLY),
    resource_uri: field('string', 'URI of the tag', READ_ONLY),
    resources: field('related', 'Drives and servers with the tag: uuids, or objects with a uuid', {
      default: [],
    }),
    uuid: field('string', 'Identifier of the tag', READ_ONLY),
  },
};
