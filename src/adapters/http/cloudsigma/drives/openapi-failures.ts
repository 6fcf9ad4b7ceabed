import type { CloneDriveFailure } from '../../../../application/drives/clone-drive.ts';
import type { UpdateDriveFailure } from '../../../../application/drives/update-drive.ts';
import type { CreateDrivesFailure } from '../../../../application/drives/create-drives.ts';
import type { RemoveDrivesFailure } from '../../../../application/drives/remove-drives.ts';
import { allOf } from '../openapi/call.ts';

/** Failures of creating drives. */
export const MAKING = allOf<CreateDrivesFailure>({
  'name-invalid': true,
  'permission-missing': true,
  'pool-not-found': true,
  'group-not-found': true,
  'not-manager': true,
  'media-name-taken': true,
  'quota-exceeded': true,
  unavailable: true,
  'no-space': true,
  'media-not-found': true,
  'named-tag-not-found': true,
  'definitions-too-large': true,
});

/** Failures of deleting drives. */
export const REMOVING = allOf<RemoveDrivesFailure>({
  'media-not-found': true,
  'media-published': true,
  'permission-missing': true,
  'not-manager': true,
  'not-writer': true,
  'media-busy': true,
  'media-protected': true,
});

/** Failures of updating a drive. */
export const EDITING = allOf<UpdateDriveFailure>({
  'media-not-found': true,
  'media-published': true,
  'permission-missing': true,
  'not-manager': true,
  'not-writer': true,
  'media-busy': true,
  'media-not-empty': true,
  'image-not-growable': true,
  'quota-exceeded': true,
  'no-space': true,
  'bytes-missing': true,
  'bytes-damaged': true,
  unavailable: true,
  'media-in-use': true,
  'named-tag-not-found': true,
  'definitions-too-large': true,
});

/** Failures of cloning a drive. */
export const CLONING = allOf<CloneDriveFailure>({
  'name-invalid': true,
  'permission-missing': true,
  'pool-not-found': true,
  'group-not-found': true,
  'not-manager': true,
  'media-name-taken': true,
  'quota-exceeded': true,
  'media-not-found': true,
  'media-busy': true,
  'bytes-damaged': true,
  'clone-too-small': true,
  'definitions-too-large': true,
  'image-not-growable': true,
});
