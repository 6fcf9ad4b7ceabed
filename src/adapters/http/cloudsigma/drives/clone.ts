import { z } from 'zod';
import type { CloneDrive } from '../../../../application/drives/clone-drive.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { wrapped } from '../call.ts';
import { storableText, name, parseBody } from '../wire.ts';
import type { Actions } from './action.ts';
import { driveId } from './drive-fields.ts';
import { driveWire } from './drive-wire.ts';

/** The body of a clone. All fields are optional. */
export const cloneRequest = z
  .object({
    name: name.nullish(),
    media: z.enum(['cdrom', 'disk']).nullish(),
    size: byteCount.nullish(),
    storage_type: z.string().nullish(),
    affinities: z.array(storableText).nullish(),
  })
  .transform(({ name, media, size, storage_type, affinities }) => ({
    label: name ?? undefined,
    optical: media == null ? undefined : media === 'cdrom',
    size: size ?? undefined,
    storageType: storage_type ?? undefined,
    affinities: affinities ?? undefined,
  }));

/**
 * `do=clone`, of any drive that the caller can see, or `from` the library only. Ignores the query
 * `avoid`.
 */
export function clone(cloneDrive: CloneDrive, from: 'library' | 'anywhere'): Actions[string] {
  return async ({ caller, request }) => {
    const order = parseBody(cloneRequest, request.body);
    const media = await cloneDrive.run(caller, driveId(request.params.uuid), order, from);
    return wrapped(202, [driveWire(media)]);
  };
}
