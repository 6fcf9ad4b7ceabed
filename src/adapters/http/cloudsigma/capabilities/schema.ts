import { field, schemaOf, SHOWN } from '../schema-field.ts';

const UNUSED = 'Not used here';

/** What `/capabilities/schema/` answers. */
export const CAPABILITIES_SCHEMA = schemaOf(
  { detail: ['get'], list: ['get'] },
  {
    backfilling: field('boolean', UNUSED, SHOWN),
    card_backend: field('string', UNUSED, SHOWN),
    currencies: field('list', UNUSED, SHOWN),
    default_inactive_period: field('integer', UNUSED, SHOWN),
    default_storage_type: field('string', 'The storage type of a drive that asks for none', SHOWN),
    drives: field('dict', 'The limits of drives, in bytes, by storage type', SHOWN),
    hosts: field('dict', UNUSED, SHOWN),
    hypervisors: field('dict', UNUSED, SHOWN),
    inactive_period_range: field('dict', UNUSED, SHOWN),
    remote_snapshots: field('dict', UNUSED, SHOWN),
    servers: field('dict', UNUSED, SHOWN),
    snapshots: field('dict', UNUSED, SHOWN),
  },
);
