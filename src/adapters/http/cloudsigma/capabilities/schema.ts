import { field, schemaOf, VISIBLE } from '../schema-field.ts';

const UNUSED = 'Not used here';

/** What `/capabilities/schema/` answers. */
export const CAPABILITIES_SCHEMA = schemaOf(
  { detail: ['get'], list: ['get'] },
  {
    backfilling: field('boolean', UNUSED, VISIBLE),
    card_backend: field('string', UNUSED, VISIBLE),
    currencies: field('list', UNUSED, VISIBLE),
    default_inactive_period: field('integer', UNUSED, VISIBLE),
    default_storage_type: field('string', 'The storage type of a drive that asks for none', VISIBLE),
    drives: field('dict', 'The limits of drives, in bytes, by storage type', VISIBLE),
    hosts: field('dict', UNUSED, VISIBLE),
    hypervisors: field('dict', UNUSED, VISIBLE),
    inactive_period_range: field('dict', UNUSED, VISIBLE),
    remote_snapshots: field('dict', UNUSED, VISIBLE),
    servers: field('dict', UNUSED, VISIBLE),
    snapshots: field('dict', UNUSED, VISIBLE),
  },
);
