import type { ViewedLibraryDrive } from '../../../../application/library/view-library-drive.ts';
import type { LibraryDrive } from '../../../../domain/library/library-drive.ts';
import type { Projectable } from '../fields.ts';
import { boundLicenseWire } from '../licenses/license-wire.ts';
import { uriOf } from '../wire.ts';

/** What both shapes of a library drive have in common. It belongs to nobody, and nothing is attached to anything yet. */
function common({ id, type, size, facts, licences }: LibraryDrive): Projectable {
  return {
    affinities: [],
    allow_multimount: false,
    jobs: [],
    licenses: licences.map(boundLicenseWire),
    media: type === 'ISO' ? 'cdrom' : 'disk',
    meta: facts.meta,
    mounted_on: [],
    name: facts.name,
    owner: null,
    size,
    status: 'unmounted',
    tags: [],
    uuid: id,
  };
}

/** A library drive as `/libdrives/` has it (dumps/response_libdrive_get.http). */
export function libdriveWire(libraryDrive: LibraryDrive): Projectable {
  const { id, facts } = libraryDrive;
  return {
    ...common(libraryDrive),
    arch: facts.arch,
    category: facts.category,
    description: facts.description,
    distribution: facts.distribution,
    favourite: facts.favourite,
    image_type: facts.imageType,
    install_notes: facts.installNotes,
    os: facts.os,
    paid: facts.paid,
    resource_uri: uriOf('libdrives', id),
    storage_type: null,
    url: facts.url,
    version: facts.version,
  };
}

/** A library drive as `/drives/{uuid}/` has it (dumps/response_librdrive_get_through_drives.http). */
export function libdriveAsDriveWire({ libraryDrive, storageType }: ViewedLibraryDrive): Projectable {
  return {
    ...common(libraryDrive),
    grantees: [],
    permissions: [],
    resource_uri: uriOf('drives', libraryDrive.id),
    runtime: { is_snapshotable: true, snapshots_allocated_size: 0, storage_type: storageType },
    snapshots: [],
    storage_type: storageType,
  };
}
