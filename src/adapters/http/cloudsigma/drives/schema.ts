import type { RequestHandler } from 'express';
import type { ListStorageTypes } from '../../../../application/pools/list-storage-types.ts';
import { bare, call } from '../call.ts';
import type { Projectable } from '../fields.ts';
import { field } from '../schema-field.ts';

/** `GET /drives/schema/`: the storage types are those of this host. */
export function getDrivesSchema(listStorageTypes: ListStorageTypes): RequestHandler {
  return call(async (asked) => {
    const types = listStorageTypes.run().map(({ name }) => name);
    return Promise.resolve(bare(asked, drivesSchema(types)));
  });
}

const NONE = { default: 'No default provided.' };
const READ_ONLY = { ...NONE, readonly: true };
const ALWAYS_READ_ONLY = { ...READ_ONLY, required: true };

const LICENSE = {
  amount: field('integer', 'How many of the license are needed', { default: 1 }),
  license: field('related', 'The license that is needed', { ...NONE, required: true }),
  user: field('related', 'Whose license it is'),
};

const RUNTIME = {
  is_downloadable: field('boolean', 'Whether its bytes can be downloaded', ALWAYS_READ_ONLY),
  is_ephemeral: field('boolean', 'Whether it goes with the server that it is attached to', ALWAYS_READ_ONLY),
  is_snapshotable: field('boolean', 'Whether snapshots of it can be taken', ALWAYS_READ_ONLY),
  snapshots_allocated_size: field('integer', 'The size of all its snapshots together', ALWAYS_READ_ONLY),
  storage_type: field('string', 'The kind of storage that it lies on', ALWAYS_READ_ONLY),
};

function drivesSchema(storageTypes: readonly string[]): Projectable {
  return {
    allowed_detail_http_methods: ['get', 'put', 'delete'],
    allowed_list_http_methods: ['get', 'delete', 'post'],
    default_format: 'application/json',
    default_limit: 20,
    fields: {
      affinities: field('list', 'Where it should lie', { choices: ['ssd'], default: [] }),
      allow_multimount: field('boolean', 'Whether several servers may have it attached at once', { default: false }),
      backup_scheduler: field('related', 'Who takes backups of it', READ_ONLY),
      grantees: field('list', 'Who else may use it', NONE),
      iops: field('integer', 'The most operations a second'),
      jobs: field('related', 'What is going on with it in the background', ALWAYS_READ_ONLY),
      licenses: field('related', 'The licenses that it needs', { default: [], fields: LICENSE }),
      media: field('string', 'What a guest takes it for', { choices: ['cdrom', 'disk'], required: true }),
      meta: field('dict', 'Texts of your own, by name', { default: {} }),
      mounted_on: field('related', 'The servers that it is attached to', READ_ONLY),
      name: field('string', 'What it is called', { required: true }),
      owner: field('related', 'Who made it', { readonly: true }),
      permissions: field('list', 'What others may do with it', NONE),
      remote_snapshots: field('related', 'Its snapshots elsewhere', READ_ONLY),
      resource_uri: field('string', 'Its address', ALWAYS_READ_ONLY),
      runtime: field('related', 'What it is like at this moment', { ...READ_ONLY, fields: RUNTIME }),
      size: field('integer', 'Its size in bytes', { required: true }),
      snapshots: field('related', 'Its snapshots', READ_ONLY),
      status: field('string', 'What is going on with it', ALWAYS_READ_ONLY),
      storage_type: field('string', 'The kind of storage that it lies on', { choices: storageTypes }),
      tags: field('related', 'The tags that it has', NONE),
      uuid: field('string', 'What it is known by', { readonly: true, required: true }),
    },
    filtering: { name: 'exact', name__contains: 'exact', tag: 'exact', uuid: 'exact' },
    ordering: ['uuid', 'name'],
  };
}
