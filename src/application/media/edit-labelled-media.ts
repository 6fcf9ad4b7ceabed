import type { Caller } from '../../domain/access/caller.ts';
import { isOptical, kindOf, type Label } from '../../domain/media/label.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { BlobStores } from '../ports/blob-store.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { MediaView } from './media-view.ts';
import type { ResizeMedia, ResizeMediaFailure } from './resize-media.ts';
import { requireChange, requireRest, requireSight } from './sight.ts';
import { standingOf } from './standing.ts';
import { labelledView } from './view-labelled-media.ts';

/** What is to be changed; the rest stays. */
export interface LabelledMediaChanges {
  readonly text?: string | undefined;
  readonly meta?: Label['meta'] | undefined;
  readonly shareable?: boolean | undefined;
  readonly affinities?: Label['affinities'] | undefined;
  readonly optical?: boolean | undefined;
  readonly size?: Bytes | undefined;
}

export type EditLabelledMediaFailure = ResizeMediaFailure | 'bytes-shared';

/** Changes the label, the kind and the size of media. */
export class EditLabelledMedia {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores;
  readonly #pools: Pools;
  readonly #resize: ResizeMedia;

  constructor(work: UnitOfWork, stores: BlobStores, pools: Pools, resize: ResizeMedia) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#resize = resize;
  }

  /**
   * The size comes first, since it alone may fail for want of room. Media that share their bytes keep their kind (`bytes-shared`). `id` is null for
   * what can't be an id.
   */
  async run(caller: Caller, id: MediaId | null, changes: LabelledMediaChanges): Promise<MediaView> {
    const before = await this.#work.run(async (tx) => changeable(tx, caller, id, changes));
    const size = changes.size ?? before.size;
    if (size !== before.size) await this.#resize.run(caller, before.id, size);

    // Read-only media are what came in; writable ones are what was made of them since.
    const turnsOptical = changes.optical === true && !isOptical(before.type);
    const blob = turnsOptical ? await this.#asItStands(before) : null;
    return this.#work.run(async (tx) => {
      const media = await changeable(tx, caller, before.id, { ...changes, size: undefined });
      await store(tx, media, changes, blob);
      return labelledView(tx, this.#pools, media.id);
    });
  }

  async #asItStands(media: Media): Promise<StoredBlob | null> {
    const stored = await this.#work.run((tx) => tx.media.findStored(media.id));
    if (stored === null) throw new DomainError('media-busy');
    const now = await standingOf(this.#stores, media, stored.blob);
    if (now === null) throw new DomainError('bytes-missing');
    if (now.fingerprint === stored.blob.fingerprint) return null;
    const storedBytes = bytes(Math.min(now.storedBytes, stored.media.size));
    return { storedBytes, sha256: null, fingerprint: now.fingerprint };
  }
}

async function changeable(
  tx: Transaction,
  caller: Caller,
  id: MediaId | null,
  { optical, size }: LabelledMediaChanges,
): Promise<Media> {
  const seen = await requireSight(tx, caller, id);
  await requireChange(tx, caller, seen, 'velocity.media.create');
  await tx.groups.keep(seen.group.id);
  const media = await tx.media.lock(seen.media.id);
  if (media === null || media.state === 'removing') throw new DomainError('media-not-found');
  const turns = optical !== undefined && optical !== isOptical(media.type);
  await requireRest(tx, media, turns || (size !== undefined && size !== media.size));
  if (turns && (await tx.changes.sharesBytes(media.id))) throw new DomainError('bytes-shared');
  return media;
}

async function store(
  tx: Transaction,
  media: Media,
  { text, meta, shareable, affinities, optical }: LabelledMediaChanges,
  blob: StoredBlob | null,
): Promise<void> {
  const found = await tx.labels.find(media.id);
  if (found === null) throw new DomainError('media-not-found');
  const { label } = found;
  await tx.labels.store(media.id, {
    text: text ?? label.text,
    meta: meta ?? label.meta,
    shareable: shareable ?? label.shareable,
    affinities: affinities ?? label.affinities,
  });
  if (optical !== undefined && optical !== isOptical(media.type)) {
    await tx.changes.changeKind(media.id, kindOf(optical), blob);
  }
}
