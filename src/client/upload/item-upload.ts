import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Api } from '../api/api.ts';
import { ApiProblem } from '../api/problem.ts';
import { CommandFailure } from '../command-failure.ts';
import { contentFacts } from '../content/content-facts.ts';
import type { ItemDetails } from '../find/items.ts';
import type { Transfers } from '../terminal/transfers.ts';
import { printable } from '../values/printable.ts';
import { formatSize } from '../values/sizes.ts';
import { sendUpload } from './send-upload.ts';
import { createUpload, endUpload, type UploadMetadata } from './tus.ts';
import type { FileUpload, UploadMemory } from './upload-memory.ts';
import { FileSource, PipeSource, type UploadSource } from './upload-source.ts';

/** An item that was uploaded, or the id alone of one that the caller may not see. */
export type Uploaded = ItemDetails | string;

export interface ItemUploadTerms {
  readonly api: Api;
  /** Everything but the name. */
  readonly metadata: UploadMetadata;
  readonly patienceSeconds: number;
  readonly memory: UploadMemory;
  readonly transfers: Transfers;
  readonly signal: AbortSignal;
}

/** The statuses of an upload that was refused, expired or aborted. */
const ENDED: readonly number[] = [404, 410, 422];

/** Uploads one item at a time, from a file or from standard input. */
export class ItemUpload {
  readonly #terms: ItemUploadTerms;

  constructor(terms: ItemUploadTerms) {
    this.#terms = terms;
  }

  /**
   * Uploads a file, from where an earlier command was interrupted.
   *
   * @throws CommandFailure
   */
  async uploadFile(file: string, name: string | null): Promise<Uploaded> {
    const { api, memory, metadata, signal } = this.#terms;
    const facts = await factsOf(file);
    const upload: FileUpload = {
      server: api.server.url.href,
      ...facts,
      metadata: { filename: name ?? basename(file), ...metadata },
    };
    return memory.alone(upload, async () => {
      for (const former of await memory.forgetFormer(upload)) await this.#end(former);
      const kept = await memory.recall(upload);
      if (kept !== null) {
        const item = await this.#continue(upload, kept);
        if (item !== null) return item;
      }
      const location = await createUpload(api.server, upload.size, upload.metadata, signal);
      await memory.remember(upload, location);
      return this.#finish(upload, location);
    });
  }

  /** Uploads standard input. Its bytes are gone once read: an upload that fails ends. */
  async uploadInput(name: string, size: number): Promise<Uploaded> {
    const { api, signal } = this.#terms;
    const metadata = { filename: name, ...this.#terms.metadata };
    const location = await createUpload(api.server, size, metadata, signal);
    try {
      const source = new PipeSource(process.stdin as AsyncIterable<Buffer>, size);
      return await this.#send(name, source, location, async () => Promise.resolve());
    } catch (error) {
      await this.#end(location).catch(() => undefined);
      throw error;
    } finally {
      process.stdin.destroy();
    }
  }

  /** Resolves with null when the server does not have the upload any more. */
  async #continue(upload: FileUpload, location: string): Promise<Uploaded | null> {
    try {
      return await this.#finish(upload, location);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.reason !== 'notFound') throw error;
      return null;
    }
  }

  async #finish(upload: FileUpload, location: string): Promise<Uploaded> {
    const { memory } = this.#terms;
    const source = new FileSource(upload.path, upload.size);
    return this.#send(upload.metadata.filename ?? '', source, location, async () => memory.forget(upload));
  }

  /** Sends all bytes and compares their digest. Calls `forget` once the upload has ended. */
  async #send(name: string, source: UploadSource, location: string, forget: () => Promise<void>): Promise<Uploaded> {
    const { api, transfers, patienceSeconds, signal } = this.#terms;
    const transfer = transfers.begin(name, source.size);
    try {
      const media = await sendUpload({ server: api.server, location, source, transfer, patienceSeconds, signal });
      await forget();
      return await this.#verified(media, name, source);
    } catch (error) {
      if (error instanceof ApiProblem && ENDED.includes(error.status)) await forget();
      throw error;
    } finally {
      transfer.end();
    }
  }

  /**
   * Compares the digest of the bytes that were read with that of the item. Returns the id alone of
   * an item that the caller may not see.
   *
   * @throws failed when they differ
   */
  async #verified(media: string, name: string, source: UploadSource): Promise<Uploaded> {
    const [item, sha256] = await this.#visible(media);
    if (sha256 !== null && sha256 !== (await source.digest())) {
      throw new CommandFailure(
        'failed',
        `${printable(name)} changed while it was uploaded: item ${media} has other bytes`,
        `Run "platter rm ${media}", and upload the file again.`,
      );
    }
    this.#terms.transfers.say(`${printable(name)}: uploaded ${formatSize(source.size)} as ${media}`);
    return item ?? media;
  }

  /** Returns the item and its digest: nulls for a caller who may not see it. */
  async #visible(media: string): Promise<[item: ItemDetails | null, sha256: string | null]> {
    const { api, signal } = this.#terms;
    try {
      const item = await api.call('get', '/v1/media/{media}', { path: { media }, signal });
      // Of an item that may change, the digest of the arrived bytes is with its content alone.
      return [item, (await contentFacts(api, media, signal)).sha256];
    } catch (error) {
      if (error instanceof ApiProblem && ['notFound', 'noRights'].includes(error.reason)) return [null, null];
      throw error;
    }
  }

  async #end(location: string): Promise<void> {
    try {
      await endUpload(this.#terms.api.server, location);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.reason !== 'notFound') throw error;
    }
  }
}

/** @throws failed when the file cannot be read */
async function factsOf(file: string): Promise<Pick<FileUpload, 'path' | 'size' | 'changedAt'>> {
  try {
    const path = await realpath(file);
    const { size, mtimeMs } = await stat(path).then((facts) => {
      if (facts.isFile()) return facts;
      throw new CommandFailure('usage', `${printable(file)} is not a file`, 'Use - and --size for a pipe.');
    });
    return { path, size, changedAt: mtimeMs };
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure('usage', messageOf(error), null, error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
