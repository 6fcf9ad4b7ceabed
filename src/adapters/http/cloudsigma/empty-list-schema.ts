import { field, schemaOf, READ_ONLY } from './schema-field.ts';

/**
 * The answer to `/ips/schema/` and `/vlans/schema/`. Platter has neither, so it describes only the
 * common fields.
 */
export const NETWORK_SCHEMA = schemaOf(
  { detail: [], list: ['get'] },
  {
    resource_uri: field('string', 'Its address', READ_ONLY),
    uuid: field('string', 'What it is known by', READ_ONLY),
  },
);
