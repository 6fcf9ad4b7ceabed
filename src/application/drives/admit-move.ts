import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import type { Media } from '../../domain/media/media.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { JobId, MediaId, PoolId } from '../../domain/shared/ids.ts';
import { requireIdle } from './visible-media.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { shareholderOf } from '../shares/shareholder.ts';
import { charge } from '../media/charge.ts';
import { mediaInUse } from '../media/media-in-use.ts';
import { recordMove } from './move-item.ts';
import { isWrittenInPlace, requireRoomToGrow } from '../media/require-room-to-grow.ts';

interface Dependencies {
  readonly stores: BlobStores<BlobContent>;
  readonly random: Random;
}

/**
 * Admits the move of a locked item to another pool, and perhaps another group: charges a copy there
 * that reserves the name, and stores the job that carries the bytes. The item stays as it is until
 * the job has ended.
 *
 * @throws `media-busy` while a job reads or changes the item, or other items share bytes that
 *   cannot stay behind; `media-in-use`, `bytes-damaged`, `media-name-taken` or `quota-exceeded`;
 *   then roll the transaction back
 */
export async function admitMove(
  tx: Transaction,
  { stores, random }: Dependencies,
  caller: Caller,
  media: Media,
  from: Group,
  group: Group,
  pool: PoolId,
): Promise<JobId> {
  await requireIdle(tx, media, true);
  const [servers, stored] = await Promise.all([tx.servers.having(media.id), tx.media.findStored(media.id)]);
  if (servers.length > 0) throw await mediaInUse(tx, media.id);
  if (stored === null) throw new DomainError('media-busy');
  if (stored.damaged) throw new DomainError('bytes-damaged');
  const copy = random.uuid() as MediaId;
  const ownsFile = !media.readOnly && isWrittenInPlace(stores, pool);
  if (!(await tx.itemMoves.insertCopy({ id: copy, item: media.id, group: group.id, pool, ownsFile }))) {
    throw new DomainError('media-busy');
  }
  const job = random.uuid() as JobId;
  await tx.jobs.insert({
    id: job,
    operation: 'move',
    owner: caller.uuid,
    tenant: shareholderOf(caller).tenant,
    source: media.id,
    sourceBlob: media.blob,
    target: copy,
    total: media.size,
  });
  await recordMove(tx, caller, media, from, { group: group.id, pool });
  await charge(tx, group, pool, media.size, 1);
  await requireRoomToGrow(tx, stores, { ...media, group: group.id, pool }, stored.facts);
  return job;
}
