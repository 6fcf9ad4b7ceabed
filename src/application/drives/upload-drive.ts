import type { Caller } from '../../domain/access/caller.ts';
import { fileNameFor, kindOf } from '../../domain/media/label.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { ByteSource } from '../ports/blob-store.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { choosePlacement } from './choose-placement.ts';
import type { UploadMedia } from '../media/upload-media.ts';

const ID_CHARACTERS = 8;

/** The size and digests of a disk to upload. */
export interface DiskOrder {
  readonly size: Bytes;
  /** Digests that the bytes must have, in lower-case hex. */
  readonly sha256: readonly string[];
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly upload: UploadMedia;
  readonly pools: Pools;
  readonly random: Random;
}

/** Stores a request body as a new disk, for which the client gave neither name nor placement. */
export class UploadDrive {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Stores the body as `UploadMedia` does. The label is the beginning of the id
   * (docs/cloudsigma.md#drives).
   */
  async run(caller: Caller, order: DiskOrder, openBody: () => ByteSource, signal: AbortSignal): Promise<MediaId> {
    const { work, upload, pools, random } = this.#dependencies;
    const id = random.uuid() as MediaId;
    const text = `upload-${id.slice(0, ID_CHARACTERS)}`;
    const { placement, name } = await work.onBehalfOf(caller).run(async (tx) => {
      const placement = await choosePlacement(tx, pools, caller, {});
      const taken = await tx.labels.namesTaken(placement.pool, [text]);
      return { placement, name: fileNameFor(text, id, (candidate) => taken.has(candidate)) };
    });
    const label = { text, meta: {}, shareable: false, affinities: [] };
    return upload.run(
      caller,
      {
        ...placement,
        ...kindOf(false),
        ...order,
        id,
        name,
        admission: async (tx, admit) => {
          await tx.definitions.lock(caller.uuid);
          await admit();
          await tx.labels.store(id, label, caller.uuid);
          await tx.definitions.requireRoom(caller.uuid);
        },
      },
      openBody,
      signal,
    );
  }
}
