import type { RequestHandler } from 'express';
import type { ListStorageTypes } from '../../../../application/pools/list-storage-types.ts';
import { bare, call } from '../call.ts';
import type { Projectable } from '../fields.ts';
import { field } from '../schema-field.ts';

/** `GET /drives/schema/`, with the storage types of this host. */
export function getDrivesSchema(listStorageTypes: ListStorageTypes): RequestHandler {
  return call(async (context) => {
    const types = listStorageTypes.run().map(({ name }) => name);
    return Promise.resolve(bare(context, drivesSchema(types)));
  });
}

const NONE = { default: 'No default provided.' };
const READ_ONLY = { ...NONE, readonly: true };
const ALWAYS_READ_ONLY = { ...READ_ONLY, required: true };

const LICENSE = {
  amount: field('integer', 'How many of the license are needed', { default: 1 }),
  license: field('related', 'The license that is needed', { ...NONE, required: true }),
  user: field('related', 'Always null: licenses are not bound to users'),
};

const RUNTIME = {
  is_downloadable: field('boolean', 'Whether the bytes can be downloaded', ALWAYS_READ_ONLY),
  is_ephemeral: field('boolean', 'Whether the drive is deleted with its server', ALWAYS_READ_ONLY),
  is_snapshotable: field('boolean', 'Whether the drive supports snapshots', ALWAYS_READ_ONLY),
  snapshots_allocated_size: field('integer', 'Size of all snapshots', ALWAYS_READ_ONLY),
  storage_type: field('string', 'Storage type of the drive', ALWAYS_READ_ONLY),
};

function drivesSchema(storageTypes: readonly string[]): Projectable {
  return {
    allowed_detail_http_methods: ['get', 'put', 'delete'],
    allowed_list_http_methods: ['get', 'delete', 'post'],
    default_format: 'application/json',
    default_limit: 20,
    fields: {
      affinities: field('list', 'Stored and returned, without effect', { choices: ['ssd'], default: [] }),
      allow_multimount: field('boolean', 'Several servers may attach the drive', { default: false }),
      backup_scheduler: field('related', 'Not used here', READ_ONLY),
      grantees: field('list', 'Not used here', NONE),
      iops: field('integer', 'Not used here'),
      jobs: field('related', 'Jobs that work on the drive', ALWAYS_READ_ONLY),
      licenses: field('related', 'Licenses that the drive needs', { default: [], fields: LICENSE }),
      media: field('string', 'Kind of device that a guest sees', { choices: ['cdrom', 'disk'], required: true }),
      meta: field('dict', 'Texts by key', { default: {} }),
      mounted_on: field('related', 'Servers that the drive is attached to', READ_ONLY),
      name: field('string', 'Name of the drive', { required: true }),
      owner: field('related', 'Creator of the drive', { readonly: true }),
      permissions: field('list', 'Not used here', NONE),
      remote_snapshots: field('related', 'Not used here', READ_ONLY),
      resource_uri: field('string', 'URI of the drive', ALWAYS_READ_ONLY),
      runtime: field('related', 'State of the drive at this moment', { ...READ_ONLY, fields: RUNTIME }),
      size: field('integer', 'Size in bytes', { required: true }),
      snapshots: field('related', 'Not used here', READ_ONLY),
      status: field('string', 'State of the drive', ALWAYS_READ_ONLY),
      storage_type: field('string', 'Storage type of the drive', { choices: storageTypes }),
      tags: field('related', 'Tags of the drive', NONE),
      uuid: field('string', 'Identifier of the drive', { readonly: true, required: true }),
    },
    filtering: { name: 'exact', name__contains: 'exact', tag: 'exact', uuid: 'exact' },
    ordering: ['uuid', 'name'],
  };
}
