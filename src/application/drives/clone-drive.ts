import type { Caller } from '../../domain/access/caller.ts';
import { metaOfClone } from '../../domain/library/clone-meta.ts';
import { cloneLabel } from '../../domain/library/clone-naming.ts';
import { fileNameFor, isOptical, kindOf, type Label } from '../../domain/media/label.ts';
import type { Placement } from '../../domain/pools/placement.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { GroupId, MediaId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { NewMedia } from '../ports/media-repository.ts';
import type { WallClock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { Workers } from '../ports/workers.ts';
import { admitBy, type AdmissionFailure } from '../media/admit.ts';
import { storeClone } from '../media/store-clone.ts';
import { choosePlacement } from './choose-placement.ts';
import { viewsOf, type DriveView } from './drive-view.ts';
import { requireRoomToGrow } from '../media/require-room-to-grow.ts';
import { requireVisible, requireIdle } from './visible-media.ts';

/** How a clone differs from its source. */
export interface CloneOrder {
  /** If omitted, the caller's profile decides the name. */
  readonly label?: string | undefined;
  readonly optical?: boolean | undefined;
  /** At least the size of the source. */
  readonly size?: Bytes | undefined;
  readonly storageType?: string | undefined;
  readonly affinities?: readonly string[] | undefined;
}

export type CloneDriveFailure =
  | AdmissionFailure
  | 'media-not-found'
  | 'media-busy'
  | 'bytes-damaged'
  | 'clone-too-small'
  | 'image-not-growable'
  | 'definitions-too-large';

/** A source, before it is locked. */
interface Source {
  readonly id: MediaId;
  readonly size: Bytes;
  readonly type: string;
  readonly pool: Placement['pool'];
  /** Null for a library drive, whose clones go to the caller's home group. */
  readonly group: GroupId | null;
  readonly label: Pick<Label, 'text' | 'meta'>;
}

const MAX_ATTEMPTS = 3;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
  readonly random: Random;
  readonly clock: WallClock;
  readonly workers: Workers;
}

/**
 * Clones an item that the caller sees, or a library drive, into the group of the item or the
 * caller's home group (docs/cloudsigma.md#where-a-new-drive-goes).
 */
export class CloneDrive {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent>;
  readonly #pools: Pools;
  readonly #random: Random;
  readonly #clock: WallClock;
  readonly #workers: Workers;

  constructor({ work, stores, pools, random, clock, workers }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#random = random;
    this.#clock = clock;
    this.#workers = workers;
  }

  /**
   * Resolves with the clone when it is charged and its job is stored; the job copies the bytes
   * later. `id` is null for a string that cannot be an id; with `from` `library` only library
   * drives are cloned.
   */
  async run(
    caller: Caller,
    id: MediaId | null,
    order: CloneOrder,
    from: 'library' | 'anywhere' = 'anywhere',
  ): Promise<DriveView> {
    if (order.label !== undefined) requireName(order.label);
    for (let tries = 1; ; tries += 1) {
      try {
        const view = await this.#work.onBehalfOf(caller).run(async (tx) => {
          await tx.definitions.lock(caller.uuid);
          return this.#clone(tx, caller, await find(tx, caller, id, from), order);
        });
        this.#workers.wake();
        return view;
      } catch (error) {
        // Another caller took the name between its choice and its use.
        if (!isFailure(error, 'media-name-taken') || tries === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #clone(tx: Transaction, caller: Caller, source: Source, order: CloneOrder): Promise<DriveView> {
    const size = order.size ?? source.size;
    if (size < source.size) throw new DomainError('clone-too-small', { min: source.size });
    const wish = { storageType: order.storageType, first: source.pool, beside: source.group ?? undefined };
    const placement = await choosePlacement(tx, this.#pools, caller, wish);
    const id = this.#random.uuid() as MediaId;
    const label = await labelOf(tx, caller, source, order, this.#clock.date());
    const taken = await tx.labels.namesTaken(placement.pool, [label.text]);
    const media: NewMedia = {
      ...placement,
      ...kindOf(order.optical ?? isOptical(source.type)),
      id,
      name: fileNameFor(label.text, id, (name) => taken.has(name)),
      size,
      state: 'cloning',
      createdBy: caller.uuid,
      provenance: {
        kind: source.group === null ? 'library' : 'clone',
        source: source.id,
        url: null,
        checksum: null,
        channel: caller.origin?.channel ?? null,
      },
    };
    const dependencies = { stores: this.#stores, random: this.#random };
    const { facts } = await admitBy(tx, this.#pools, caller, media, async (admitted) =>
      storeClone(tx, dependencies, caller, source, admitted),
    );
    await requireRoomToGrow(tx, this.#stores, media, facts);
    await tx.labels.store(id, label, caller.uuid);
    await tx.definitions.requireRoom(caller.uuid);
    await tx.licences.inherit(id, source.id);
    await tx.audit.record(caller, { action: 'media.clone', media: id, details: { size, source: source.id } });
    const [view] = await viewsOf(tx, this.#pools, caller, await tx.labels.findAll([id]));
    if (view === undefined) throw new Error('a clone that was just stored cannot be read');
    return view;
  }
}

async function find(
  tx: Transaction,
  caller: Caller,
  id: MediaId | null,
  from: 'library' | 'anywhere',
): Promise<Source> {
  const published = id === null ? null : await tx.library.find(id);
  if (published !== null) {
    const { facts } = published;
    return { ...published, group: null, label: { text: facts.name, meta: metaOfClone(facts) } };
  }
  if (from === 'library') throw new DomainError('media-not-found');
  const { media, group } = await requireVisible(tx, caller, id);
  await requireIdle(tx, media, false);
  const drive = await tx.labels.find(media.id);
  if (drive === null) throw new DomainError('media-not-found');
  const { size, type, pool } = media;
  return { id: media.id, size, type, pool, group: group.id, label: drive.label };
}

async function labelOf(tx: Transaction, caller: Caller, source: Source, order: CloneOrder, now: Date): Promise<Label> {
  const profile = order.label === undefined ? await tx.profiles.find(caller.id) : null;
  const text = order.label ?? cloneLabel(source.label.text, profile?.cloneNaming ?? 'NONE', now);
  return { text, meta: source.label.meta, shareable: false, affinities: order.affinities ?? [] };
}
