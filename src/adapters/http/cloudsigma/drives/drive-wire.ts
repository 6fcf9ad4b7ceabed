import type { DriveView } from '../../../../application/drives/drive-view.ts';
import type { Projectable } from '../fields.ts';
import { boundLicenseWire } from '../licenses/license-wire.ts';
import { reference, uriOf } from '../wire.ts';

const STATUS: Readonly<Record<DriveView['state'], string>> = {
  creating: 'creating',
  uploading: 'uploading',
  cloning: 'cloning_dst',
  unsharing: 'cloning_dst',
  moving: 'cloning_dst',
  resizing: 'resizing',
  ready: 'unmounted',
  trashed: 'unavailable',
  removing: 'deleting',
};

/**
 * Returns a drive with all fields (tests/fixtures/cloudsigma/response_drive_list_detail.http).
 * `status` overrides the status in answers about an earlier moment.
 */
export function driveWire(media: DriveView, status = statusOf(media)): Projectable {
  const { id, owner, optical, size, label, licences, jobs, storageType, servers, tags } = media;
  return {
    affinities: label.affinities,
    allow_multimount: label.shareable,
    grantees: [],
    jobs: jobs.map((job) => reference('jobs', job)),
    licenses: licences.map(boundLicenseWire),
    media: optical ? 'cdrom' : 'disk',
    meta: label.meta,
    mounted_on: servers.map((server) => reference('servers', server)),
    name: label.text,
    owner: owner === null ? null : reference('user', owner),
    permissions: [],
    resource_uri: uriOf('drives', id),
    runtime: {
      is_downloadable: true,
      is_ephemeral: false,
      is_snapshotable: status === 'creating' ? null : false,
      snapshots_allocated_size: 0,
      storage_type: storageType,
    },
    size,
    snapshots: [],
    status,
    storage_type: storageType,
    tags: tags.map((tag) => reference('tags', tag)),
    uuid: id,
  };
}

/** Returns the fields of a drive that a list has by default. */
export function briefDriveWire(media: DriveView): Projectable {
  const { owner, resource_uri, status, uuid } = driveWire(media);
  return { owner, resource_uri, status, uuid };
}

function statusOf({ state, isRead, isAttached }: DriveView): string {
  if (state !== 'ready') return STATUS[state];
  if (isRead) return 'cloning_src';
  return isAttached ? 'mounted' : STATUS.ready;
}
