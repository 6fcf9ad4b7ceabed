import type { BlobChunks, ByteRange } from '../../../application/ports/blob-chunks.ts';
import type { ByteSource } from '../../../application/ports/blob-store.ts';
import type { StoredBlob } from '../../../domain/media/media.ts';
import type { Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import type { Chunk } from '../../../domain/uploads/chunks.ts';
import type { HashingThreads, PartsTrack } from '../shared/hashing-threads.ts';
import { unavailable } from '../shared/unavailable.ts';
import { assembleParts } from './assembly.ts';
import type { Bucket } from './bucket.ts';
import { ChunkLayout, type Piece } from './chunk-layout.ts';
import { ChunkReader } from './chunk-reader.ts';
import { partsMissing } from './failures.ts';
import { tailKeyOf } from './keys.ts';
import { abortUploads, completeUpload } from './multipart.ts';
import type { OpenUpload } from './open-upload.ts';
import type { PartMemory } from './part-memory.ts';
import { clearPartial, partsOf } from './partial-blob.ts';
import { readBack } from './read-back.ts';
import { readObject } from './s3-reader.ts';
import { findSharedUpload, shareUpload } from './shared-upload.ts';
import { partialKeysOf, readTails, tailsOf, type Tail } from './tails.ts';

/** A blob that is written to S3 in chunks. */
export interface ChunkedBlob {
  readonly bucket: Bucket;
  readonly key: string;
  readonly length: Bytes;
  readonly memory: PartMemory;
  readonly threads: HashingThreads;
  /** Rejects when the bucket is not ours now. */
  readonly requireOwn: () => Promise<void>;
}

const NEVER = new AbortController().signal;

/**
 * Sends chunks as parts of one multipart upload, which all processes share, or as tails, of which
 * `assemble` puts the parts together. The digest follows tails; parts cannot be read before.
 */
export class S3Chunks implements BlobChunks {
  readonly #blob: ChunkedBlob;
  readonly #layout: ChunkLayout;
  readonly #isBegun: boolean;
  readonly #discarded = new AbortController();
  #upload: OpenUpload | null = null;
  #isFound = false;
  #isVisible = false;
  #prefix = 0;
  #hashed = 0;
  #track: PartsTrack | null = null;
  #following: Promise<void> | null = null;
  #sha256: string | null = null;
  readBackBytes = 0;

  constructor(blob: ChunkedBlob, chunkSize: Bytes, isBegun: boolean) {
    this.#blob = blob;
    this.#layout = new ChunkLayout(blob.length, chunkSize, blob.memory.limit);
    this.#isBegun = isBegun;
  }

  async write(chunk: Chunk, source: ByteSource, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#blob.requireOwn();
    if (this.#isVisible) throw unavailable(new Error('the blob is visible already'));
    await this.#find();
    signal.throwIfAborted();
    const reader = new ChunkReader(source, chunk, signal);
    try {
      const pieces = this.#layout.piecesOf(chunk);
      for (const piece of pieces) await this.#send(piece, reader, piece === pieces.at(-1), signal);
      if (pieces.length === 0) await reader.end();
    } finally {
      await reader.close();
    }
  }

  advance(prefix: Bytes): void {
    this.#prefix = Math.max(this.#prefix, prefix);
    if (this.#layout.areParts || this.#isVisible) return;
    this.#following ??= this.#follow()
      // What has not been hashed by then, `sha256` reads.
      .catch(() => this.#forget())
      .finally(() => (this.#following = null));
  }

  async holds(ranges: readonly ByteRange[]): Promise<boolean> {
    const pieces = ranges.flatMap(({ from, to }) => [...this.#layout.between(from, to)]);
    if (pieces.length === 0) return true;
    const stored = this.#layout.areParts ? await this.#storedParts() : await this.#storedTails();
    return pieces.every((piece) => stored.has(this.#nameOf(piece)));
  }

  async read(at: number, length: number): Promise<Uint8Array | null> {
    const { bucket, key } = this.#blob;
    const content = new Uint8Array(length);
    if (!this.#isVisible) {
      if (this.#layout.areParts) return null;
      const tails = [...this.#layout.between(at, at + length)].map((piece) => this.#tail(piece));
      await readTails(bucket, tails, at, content, NEVER);
      return content;
    }
    let end = 0;
    for await (const chunk of await readObject(bucket, key, { from: at, to: at + length }, NEVER)) {
      content.set(chunk, end);
      end += chunk.length;
    }
    return content;
  }

  async assemble(signal: AbortSignal): Promise<void> {
    if (this.#isVisible) return;
    const { bucket, key, length, requireOwn } = this.#blob;
    await requireOwn();
    if ((await bucket.sizeOf(key)) !== length) {
      const upload = length === 0 ? null : await this.#sharedUpload();
      const parts = upload === null ? [] : await assembleParts(this.#blob, this.#layout, upload, signal);
      signal.throwIfAborted();
      await abortUploads(bucket, key, upload?.uploadId);
      await completeUpload(bucket, key, length, upload, parts);
    }
    // It reads tails.
    await this.#following;
    await clearPartial(bucket, key);
    this.#isVisible = true;
  }

  async sha256(signal: AbortSignal): Promise<string> {
    const { bucket, key, length, threads } = this.#blob;
    await this.#following;
    if (this.#sha256 !== null) return this.#sha256;
    this.#track ??= threads.beginParts();
    try {
      const rest = { from: this.#hashed, to: length };
      await readBack(bucket, key, rest, this.#track, signal, (read) => this.#count(read));
      return (this.#sha256 = await this.#track.sha256());
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  async commit(): Promise<StoredBlob> {
    await this.assemble(NEVER);
    return { storedBytes: this.#blob.length, sha256: this.#sha256, fingerprint: null };
  }

  async discard(): Promise<void> {
    this.#discarded.abort(new Error('the chunks were given up'));
    await this.#following;
    this.#forget();
  }

  /** The names of all parts, as `#nameOf`. */
  async #storedParts(): Promise<ReadonlySet<string>> {
    const { bucket, key } = this.#blob;
    const upload = await findSharedUpload(bucket, key);
    const parts = upload === null ? [] : await partsOf(bucket, upload);
    return new Set(parts.map(({ number, size }) => `${number} ${size}`));
  }

  /** The names of all tails, as `#nameOf`. */
  async #storedTails(): Promise<ReadonlySet<string>> {
    return new Set((await tailsOf(this.#blob.bucket, this.#blob.key)).map((tail) => tail.key));
  }

  #nameOf(piece: Piece): string {
    return this.#layout.areParts ? `${piece.part} ${piece.to - piece.from}` : this.#tail(piece).key;
  }

  /** Sends one piece of a chunk, once it is full. */
  async #send(piece: Piece, reader: ChunkReader, isLast: boolean, signal: AbortSignal): Promise<void> {
    const { bucket, memory, threads } = this.#blob;
    const size = piece.to - piece.from;
    const holder = { location: bucket, heldBytes: 0 };
    const track = threads.beginParts();
    let spare: ArrayBuffer | null = null;
    const acquired = await memory.acquire(holder, size, signal);
    try {
      await reader.fill(new Uint8Array(acquired));
      if (isLast) await reader.end();
      const { buffer, sha256 } = await track.part(acquired, size, 0, size);
      signal.throwIfAborted();
      if (await this.#store(piece, Buffer.from(buffer), sha256, signal)) spare = buffer;
    } finally {
      track.release();
      memory.release(holder, size, spare);
    }
  }

  /** Returns false after a retry: a connection may still be sending from the content. */
  async #store(piece: Piece, content: Buffer, sha256: string, signal: AbortSignal): Promise<boolean> {
    const { bucket } = this.#blob;
    try {
      const { once } =
        this.#upload === null
          ? await bucket.putHashed(this.#tail(piece).key, content, sha256, signal)
          : await bucket.sendPart(this.#upload, piece.part, content, sha256, signal);
      return once;
    } catch (error) {
      throw partsMissing(error) ?? error;
    }
  }

  /** Finds what other processes began, or begins it. */
  async #find(): Promise<void> {
    const { bucket, key, length } = this.#blob;
    if (this.#isFound || length === 0) return;
    if (this.#layout.areParts) {
      this.#upload ??= this.#isBegun ? await findSharedUpload(bucket, key) : await shareUpload(bucket, key);
      if (this.#upload === null) throw new DomainError('bytes-missing');
    } else if (this.#isBegun && (await partialKeysOf(bucket, key)).length === 0) throw new DomainError('bytes-missing');
    this.#isFound = true;
  }

  async #sharedUpload(): Promise<OpenUpload> {
    const { bucket, key } = this.#blob;
    const upload = this.#layout.areParts ? await findSharedUpload(bucket, key) : await shareUpload(bucket, key);
    if (upload === null) throw new DomainError('bytes-missing');
    return upload;
  }

  async #follow(): Promise<void> {
    const { bucket, threads } = this.#blob;
    const { signal } = this.#discarded;
    while (this.#hashed < this.#prefix) {
      const [piece] = this.#layout.between(this.#hashed, this.#prefix);
      if (piece === undefined || piece.to > this.#prefix) return;
      this.#track ??= threads.beginParts();
      const all = { from: 0, to: piece.to - piece.from };
      await readBack(bucket, this.#tail(piece).key, all, this.#track, signal, (read) => this.#count(read));
    }
  }

  #count(read: number): void {
    this.#hashed += read;
    this.readBackBytes += read;
  }

  #forget(): void {
    this.#track?.release();
    this.#track = null;
    this.#hashed = 0;
    this.#sha256 = null;
  }

  #tail({ part, from: at, to }: Piece): Tail {
    const length = to - at;
    return { key: tailKeyOf(this.#blob.key, { part, at, length }), at, length, tag: null };
  }
}
