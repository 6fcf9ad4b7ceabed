import type { Caller } from '../../domain/access/caller.ts';
import { SYSTEM } from '../../domain/audit/audit-event.ts';
import { maskedUrl } from '../../domain/imports/import-url.ts';
import type { LibraryEntry } from '../../domain/library/library-drive.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import { isUnderWay } from '../../domain/media/media-states.ts';
import type { Provenance } from '../../domain/media/provenance.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP, ROOT_USER, type MediaId } from '../../domain/shared/ids.ts';
import type { Inspection } from '../media/inspection.ts';
import type { Admission, Ingest, ItemWriter, WriterOf } from '../media/ingest.ts';
import type { Purge } from '../media/purge.ts';
import type { BlobWriter, ByteSource } from '../ports/blob-store.ts';
import type { ImageFile } from '../ports/image-files.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { LibraryFault } from './library-fault.ts';
import type { LibraryImages } from './library-images.ts';

/** Called repeatedly with the number of copied bytes. Returns at once. */
export type ReportProgress = (entry: LibraryEntry, moved: number, size: Bytes) => void;

const RETRY_AFTER_SECONDS = 5;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly ingest: Ingest;
  readonly images: LibraryImages;
  readonly purge: Purge;
  readonly random: Random;
}

/** Stores the image of a library drive like an upload, and publishes it. */
export class PublishLibraryDrive {
  readonly #work: UnitOfWork;
  readonly #ingest: Ingest;
  readonly #images: LibraryImages;
  readonly #purge: Purge;
  readonly #random: Random;

  constructor({ work, ingest, images, purge, random }: Dependencies) {
    this.#work = work;
    this.#ingest = ingest;
    this.#images = images;
    this.#purge = purge;
    this.#random = random;
  }

  /**
   * Resolves with the id when all callers see the drive. Withdraws the drive with the same key in
   * the same moment. After a failure nothing of the drive remains.
   *
   * @throws `LibraryFault` if the bytes differ from the declaration
   * @throws what storing them throws, or the signal's reason
   */
  async run(entry: LibraryEntry, report: ReportProgress, signal: AbortSignal): Promise<MediaId> {
    const root = await this.#work.run((tx) => tx.users.find(ROOT_USER));
    if (root === null) throw new LibraryFault('there is no root user yet: start Platter once');
    const id = await this.#idFor(entry);
    const image = await this.#images.open(root, entry.source, signal);
    try {
      await this.#writeBytes(root, id, entry, image, report, signal);
    } finally {
      await image.close();
    }
    await this.#work.run(async (tx) => {
      await tx.library.publish(id, entry);
      await tx.audit.record(SYSTEM, { action: 'library.publish', media: id, details: { name: entry.facts.name } });
    });
    return id;
  }

  async #writeBytes(
    root: Caller,
    id: MediaId,
    entry: LibraryEntry,
    image: ImageFile,
    report: ReportProgress,
    signal: AbortSignal,
  ): Promise<void> {
    const order = {
      id,
      // Never shown. It must not collide with names that users choose.
      name: `library drive ${id}`,
      type: entry.type,
      size: image.size,
      readOnly: true,
      pool: entry.pool,
      group: ROOT_GROUP,
      action: null,
      ...provenanceOf(entry),
    };
    const admission: Admission = async (tx, admit) => {
      await admit(order);
      await tx.library.insert(id, entry);
      await tx.licences.bind(id, entry.licences);
    };
    const writer: WriterOf = ({ size }, store, blob, inspect) => {
      const source = counted(image.read(), (moved) => report(entry, moved, size));
      return checked(entry, source, store.writer(blob, size), inspect());
    };
    await this.#ingest.run(root, { ids: [id], state: 'uploading', admission, writer }, signal);
  }

  /** Chooses the id. A declared id may still belong to the remains of an earlier attempt. */
  async #idFor({ id }: LibraryEntry): Promise<MediaId> {
    if (id === null) return this.#random.uuid() as MediaId;
    const existing = await this.#work.run((tx) => tx.media.find(id));
    if (existing === null) return id;
    if (existing.state === 'removing') {
      await this.#purge.run(id);
      return id;
    }
    if (isUnderWay(existing.state)) throw new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    throw new LibraryFault(`the uuid ${id} belongs to another media item`);
  }
}

function provenanceOf({ source, sha256 }: LibraryEntry): { readonly provenance?: Provenance } {
  if (source.kind !== 'url') return {};
  const url = maskedUrl(source.url);
  return { provenance: { kind: 'import', source: null, url, checksum: `sha256:${sha256}`, channel: null } };
}

/** Writes bytes that must match the declaration before they become visible. */
function checked(entry: LibraryEntry, source: ByteSource, writer: BlobWriter, inspection: Inspection): ItemWriter {
  return {
    writeBytes: async (stop) => {
      await writer.write(inspection.through(source), stop);
      return asDeclared(entry, await inspection.facts());
    },
    commit: async () => {
      const stored = await writer.commit();
      if (stored.sha256 !== entry.sha256) {
        throw new LibraryFault(`its SHA-256 is ${String(stored.sha256)}, not ${entry.sha256}`);
      }
      return stored;
    },
    cancel: () => writer.cancel(),
  };
}

function asDeclared(entry: LibraryEntry, facts: ImageFacts): ImageFacts {
  if (entry.type === 'ISO' && facts.format !== 'iso') {
    throw new LibraryFault(`its bytes are ${facts.format}, not what is on a CD-ROM`);
  }
  return facts;
}

async function* counted(source: ByteSource, report: (moved: number) => void): ByteSource {
  let moved = 0;
  for await (const chunk of source) {
    moved += chunk.length;
    yield chunk;
    report(moved);
  }
}
