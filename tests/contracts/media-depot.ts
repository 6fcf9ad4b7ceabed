import { randomUUID } from 'node:crypto';
import type { LeaseTerms, NewMedia } from '../../src/application/ports/media-repository.ts';
import type { Transaction } from '../../src/application/ports/unit-of-work.ts';
import type { ImageFacts } from '../../src/domain/media/formats/inspect-image.ts';
import type { Media } from '../../src/domain/media/media.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { ROOT_GROUP, type InstanceId, type MediaId, type PoolId, type UserUuid } from '../../src/domain/shared/ids.ts';
import type { TestDepot } from '../support/fixtures/test-depot.ts';

export const [ONE, TWO] = [1, 2] as [PoolId, PoolId];
export const HOLDER = randomUUID() as InstanceId;
/** The facts of the finished items of these tests. */
export const FACTS: ImageFacts = { format: 'iso', virtualSize: bytes(4096), label: 'A LABEL', encrypted: true };
export const LEASE: LeaseTerms = { holder: HOLDER, seconds: 60 };

/** The pools of the items. */
export async function makePools({ work }: TestDepot): Promise<void> {
  await work.run(async (tx) => {
    for (const id of [ONE, TWO]) {
      await tx.pools.store({ id, name: `pool ${id}`, capacity: null, storageType: 'local', isDefault: id === ONE });
    }
  });
}

/** A new item of 0 bytes, which no usage counts, with the fields that a test overrides. */
export function newMedia(wanted: Partial<NewMedia> = {}): NewMedia {
  const id = randomUUID() as MediaId;
  return {
    id,
    pool: ONE,
    group: ROOT_GROUP,
    name: id,
    type: 'ISO',
    size: bytes(0),
    readOnly: true,
    state: 'uploading',
    createdBy: randomUUID() as UserUuid,
    ...wanted,
  };
}

/** Stores an item under way and returns its id. */
export async function insert(tx: Transaction, wanted: Partial<NewMedia> = {}, lease = LEASE): Promise<MediaId> {
  const media = newMedia(wanted);
  await tx.media.insert(media, lease);
  return media.id;
}

/** Stores a finished item and returns its id. */
export async function insertReady(tx: Transaction, wanted: Partial<NewMedia> = {}): Promise<MediaId> {
  const id = await insert(tx, wanted);
  await tx.media.finish(id, HOLDER, { storedBytes: bytes(0), sha256: null, fingerprint: null }, FACTS);
  return id;
}

/** A new item as `find` returns it: the blob has the same id. */
export function stored(media: NewMedia): Media {
  const { id, pool, group, name, type, size, readOnly, state, createdBy } = media;
  const blob = id as string as Media['blob'];
  return { id, pool, group, blob, location: 0, name, type, size, readOnly, state, createdBy, protected: false };
}
