import { field, schemaOf, READ_ONLY } from '../schema-field.ts';

const UNUSED = 'Not used here';

/** The answer to `/capabilities/schema/`. */
export const CAPABILITIES_SCHEMA = schemaOf(
  { detail: ['get'], list: ['get'] },
  {
    backfilling: field('boolean', UNUSED, READ_ONLY),
    card_backend: field('string', UNUSED, READ_ONLY),
    currencies: field('list', UNUSED, READ_ONLY),
    default_inactive_period: field('integer', UNUSED, READ_ONLY),
    default_storage_type: field('string', 'Default storage type of a drive', READ_ONLY),
    drives: field('dict', 'The limits of drives, in bytes, by storage type', READ_ONLY),
    hosts: field('dict', UNUSED, READ_ONLY),
    hypervisors: field('dict', UNUSED, READ_ONLY),
    inactive_period_range: field('dict', UNUSED, READ_ONLY),
    remote_snapshots: field('dict', UNUSED, READ_ONLY),
    servers: field('dict', UNUSED, READ_ONLY),
    snapshots: field('dict', UNUSED, READ_ONLY),
  },
);
