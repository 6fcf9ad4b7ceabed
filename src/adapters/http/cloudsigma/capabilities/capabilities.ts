import type { RequestHandler } from 'express';
import type { ListStorageTypes, StorageType } from '../../../../application/pools/list-storage-types.ts';
import { bare, call } from '../call.ts';
import type { Projectable } from '../fields.ts';

/** `GET /capabilities/` */
export function getCapabilities(listStorageTypes: ListStorageTypes): RequestHandler {
  return call(async (context) => Promise.resolve(bare(context, presented(listStorageTypes.run()))));
}

function presented(types: readonly StorageType[]): Projectable {
  return {
    ...NEUTRAL,
    default_storage_type: types.find(({ isDefault }) => isDefault)?.name ?? null,
    drives: Object.fromEntries(
      types.map(({ name, largest }) => [
        name,
        {
          iops: { base: 0, max: 0, min: 0 },
          max_size: largest,
          min_size: 0,
          size: { max: largest, min: 0 },
        },
      ]),
    ),
  };
}

const NO_RANGE = { max: 0, min: 0 };

/**
 * Fields of running machines and paying accounts, which Platter does not have, with the types that
 * clients expect.
 */
const NEUTRAL = {
  backfilling: false,
  card_backend: '',
  currencies: [],
  default_inactive_period: 0,
  hosts: {},
  hypervisors: {},
  inactive_period_range: NO_RANGE,
  remote_snapshots: { current: 0, max: 0, remote_locations: [] },
  servers: {
    cpu: NO_RANGE,
    cpu_per_smp: NO_RANGE,
    default_start_method: 'regular',
    mem: NO_RANGE,
    smp: NO_RANGE,
    start_methods: [],
  },
  snapshots: { current: 0, max: 0, max_per_drive: 0 },
};
