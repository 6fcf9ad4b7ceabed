import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import type { Permission } from '../../domain/access/permission.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import { rightsOf } from '../../domain/pools/assignment.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { BlobBytes, BlobContent, BlobStores, ByteRange } from '../ports/blob-store.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { DownloadSlots } from './download-slots.ts';
import { findStat, hasMoved, type FinishedMedia } from './blob-stat.ts';
import { withZeros } from './with-zeros.ts';

export type DownloadMediaFailure =
  'permission-missing' | 'media-not-found' | 'bytes-missing' | 'bytes-damaged' | 'unavailable';

const PERMISSION = 'velocity.media.list';

/** A finished item, ready to be read. */
export interface MediaContent {
  readonly name: string;
  readonly size: Bytes;
  /**
   * SHA-256 of all bytes, in lower-case hex; null if fewer bytes than its size are stored, or they
   * may have been written to since the upload.
   */
  readonly sha256: string | null;
  /** Identifies exactly these bytes; null if they may change while they are read. */
  readonly version: string | null;
  /**
   * Whether a scrub found that the bytes differ from the upload. Fewer bytes than the size may
   * exist.
   */
  readonly damaged: boolean;
  /**
   * Resolves with a URL that serves all bytes for some minutes to every holder of it; null if the
   * bytes must go through this process.
   *
   * @throws `unavailable`
   */
  link(): Promise<string | null>;
  /**
   * Resolves when the bytes of a range can be read. Bytes beyond the stored ones read as zeros.
   * Iteration fails rather than ending early.
   *
   * @throws `bytes-missing`, `media-not-found` if the item was removed meanwhile, `unavailable`,
   *   also when there are too many downloads
   */
  open(range: ByteRange, signal: AbortSignal): Promise<BlobBytes>;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly slots: DownloadSlots;
  readonly servesDamaged: boolean;
}

/**
 * Reads finished items, for callers who may list them, in pools that are assigned to their group.
 */
export class DownloadMedia {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent>;
  readonly #slots: DownloadSlots;
  readonly #servesDamaged: boolean;

  /** `servesDamaged`: whether bytes are handed out that are known not to be those that came in. */
  constructor({ work, stores, slots, servesDamaged }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#slots = slots;
    this.#servesDamaged = servesDamaged;
  }

  /**
   * `id` is null for a string that cannot be an id.
   *
   * @throws `media-not-found` also for an item in a group that the caller does not see
   */
  async run(caller: Caller, id: MediaId | null): Promise<MediaContent> {
    const { damaged, ...found } = await this.#work.onBehalfOf(caller).read(async (tx) => find(tx, caller, id));
    if (damaged && !this.#servesDamaged) throw new DomainError('bytes-damaged');
    const { media, blob, storedBytes, intact, immutable } = damaged ? damagedBytes(found) : await this.#readable(found);
    return {
      name: media.name,
      size: media.size,
      sha256: intact && storedBytes === media.size ? blob.sha256 : null,
      version: immutable ? `${blob.sha256 ?? blob.fingerprint ?? 'zeros'}-${media.size}` : null,
      damaged,
      link: async () =>
        storedBytes === media.size && !damaged
          ? this.#stores.of(media.pool, media.location).link(media.blob, media.name)
          : null,
      open: async (range, signal) =>
        this.#slots.open(caller, signal, async () => this.#open(media, storedBytes, range, signal)),
    };
  }

  /** Reads the stat of a writable item, because a hypervisor may have written to its file. */
  async #readable(found: FinishedMedia): Promise<ReadableBytes> {
    if (found.media.readOnly) return { ...found, storedBytes: found.blob.storedBytes, intact: true, immutable: true };
    const current = await findStat(this.#work, this.#stores, found);
    // A missing blob is reported when it is read.
    if (current?.stat == null) return { ...found, storedBytes: found.media.size, intact: false, immutable: false };
    const { media, blob, stat } = current;
    const storedBytes = bytes(Math.min(stat.storedBytes, media.size));
    const { fingerprint } = stat;
    return { media, blob, storedBytes, intact: fingerprint === blob.fingerprint, immutable: fingerprint === null };
  }

  async #open(media: Media, stored: Bytes, range: ByteRange, signal: AbortSignal): Promise<BlobBytes> {
    try {
      return await this.#read(media, stored, range, signal);
    } catch (error) {
      if (!isFailure(error, 'bytes-missing')) throw error;
      const current = await this.#work.read(async (tx) => tx.media.findStored(media.id));
      if (current === null) throw new DomainError('media-not-found', undefined, { cause: error });
      if (!hasMoved(media, current.media)) throw error;
      return this.#read(current.media, (await this.#readable(current)).storedBytes, range, signal);
    }
  }

  async #read(media: Media, stored: Bytes, range: ByteRange, signal: AbortSignal): Promise<BlobBytes> {
    const store = this.#stores.of(media.pool, media.location);
    return withZeros(range, stored, async (part) => store.read(media.blob, part, signal));
  }
}

interface ReadableBytes extends FinishedMedia {
  readonly storedBytes: Bytes;
  /** Whether the bytes are those of the upload. */
  readonly intact: boolean;
  /** Whether the bytes can never change. */
  readonly immutable: boolean;
}

/** Damaged bytes carry neither digest nor version. */
function damagedBytes(found: FinishedMedia): ReadableBytes {
  return { ...found, storedBytes: found.blob.storedBytes, intact: false, immutable: false };
}

async function find(
  tx: Transaction,
  caller: Caller,
  id: MediaId | null,
): Promise<{ media: Media; blob: StoredBlob; damaged: boolean }> {
  const stored = id === null ? null : await tx.media.findStored(id);
  const group = stored?.media.group == null ? null : await tx.groups.find(stored.media.group);
  if (stored === null || group === null) throw new DomainError('media-not-found');
  await requireReading(tx, caller, group);
  const rights = rightsOf(group.id, await tx.assignments.find(group.id, stored.media.pool));
  if (rights === null) throw new DomainError('media-not-found');
  return stored;
}

/**
 * Refuses a caller who may not list the media of a group. A caller who may create or remove media
 * there knows that they exist, and learns which permission is missing; for all other callers the
 * item does not exist (docs/velocity.md#which-ids-exist).
 */
async function requireReading(tx: Transaction, caller: Caller, group: Group): Promise<void> {
  const holds = async (permission: Permission): Promise<boolean> => tx.grants.holds(caller.id, permission, group.path);
  if (await holds(PERMISSION)) return;
  const knowsOfMedia = (await holds('velocity.media.create')) || (await holds('velocity.media.remove'));
  throw knowsOfMedia
    ? new DomainError('permission-missing', { permission: PERMISSION })
    : new DomainError('media-not-found');
}
