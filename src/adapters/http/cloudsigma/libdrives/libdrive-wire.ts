import type { LibraryDrive } from '../../../../domain/library/library-drive.ts';
import type { Projectable } from '../fields.ts';
import { boundLicenseWire } from '../licenses/license-wire.ts';
import { reference, uriOf } from '../wire.ts';

/**
 * Returns a library drive as `/libdrives/` has it
 * (tests/fixtures/cloudsigma/response_libdrive_get.http). It has no owner.
 */
export function libdriveWire({ id, type, size, facts, licences, servers }: LibraryDrive): Projectable {
  return {
    affinities: [],
    allow_multimount: false,
    arch: facts.arch,
    category: facts.category,
    description: facts.description,
    distribution: facts.distribution,
    favourite: facts.favourite,
    image_type: facts.imageType,
    install_notes: facts.installNotes,
    jobs: [],
    licenses: licences.map(boundLicenseWire),
    media: type === 'ISO' ? 'cdrom' : 'disk',
    meta: facts.meta,
    mounted_on: servers.map((server) => reference('servers', server)),
    name: facts.name,
    os: facts.os,
    owner: null,
    paid: facts.paid,
    resource_uri: uriOf('libdrives', id),
    size,
    status: servers.length > 0 ? 'mounted' : 'unmounted',
    storage_type: null,
    tags: [],
    url: facts.url,
    uuid: id,
    version: facts.version,
  };
}
