import { field, schemaOf, READ_ONLY } from './schema-field.ts';

/**
 * What `/ips/schema/` and `/vlans/schema/` answer: there are none here, and of one only its address
 * would be sure.
 */
export const NETWORK_SCHEMA = schemaOf(
  { detail: [], list: ['get'] },
  {
    resource_uri: field('string', 'Its address', READ_ONLY),
    uuid: field('string', 'What it is known by', READ_ONLY),
  },
);
