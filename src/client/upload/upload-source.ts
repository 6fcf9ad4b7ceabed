import { createHash, type Hash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { CommandFailure } from '../command-failure.ts';

/** Bytes of an upload from an offset on. */
export interface SourceBytes {
  readonly length: number;
  readonly body: Readable;
}

/** Where the bytes of an upload come from. */
export interface UploadSource {
  readonly size: number;
  /**
   * Returns the bytes from an offset on: all of the rest, or the next part of it. Says how many
   * bytes from the beginning have been handed out, whenever more are.
   *
   * @throws failed when they cannot be read, or not again
   */
  from(offset: number, progress: (upTo: number) => void): Promise<SourceBytes>;
  /** Returns the SHA-256 of all bytes, of which it reads those that were not handed out. */
  digest(): Promise<string>;
}

const READ_BYTES = 2 ** 20;
/** What is kept of a pipe, so that it can be sent again. */
const PIPE_PART_BYTES = 8 * 2 ** 20;

/** The digest of a prefix that grows. */
class PrefixDigest {
  readonly #hash: Hash = createHash('sha256');
  #end = 0;

  get end(): number {
    return this.#end;
  }

  /** Adds bytes that begin at an offset, as far as they are new. */
  add(offset: number, bytes: Uint8Array): void {
    const fresh = bytes.subarray(Math.max(this.#end - offset, 0));
    this.#hash.update(fresh);
    this.#end += fresh.length;
  }

  value(): string {
    return this.#hash.copy().digest('hex');
  }
}

/** A file. Bytes that an earlier process sent are read once more, for the digest alone. */
export class FileSource implements UploadSource {
  readonly size: number;
  readonly #path: string;
  readonly #digest = new PrefixDigest();

  constructor(path: string, size: number) {
    this.#path = path;
    this.size = size;
  }

  async from(offset: number, progress: (upTo: number) => void): Promise<SourceBytes> {
    return { length: this.size - offset, body: Readable.from(this.#bytes(offset, progress), { objectMode: false }) };
  }

  async digest(): Promise<string> {
    for await (const [at, chunk] of this.#read(this.#digest.end, this.size)) this.#digest.add(at, chunk);
    return this.#digest.value();
  }

  async *#bytes(offset: number, progress: (upTo: number) => void): AsyncGenerator<Buffer, void> {
    for await (const [at, chunk] of this.#read(this.#digest.end, offset)) this.#digest.add(at, chunk);
    for await (const [at, chunk] of this.#read(offset, this.size)) {
      this.#digest.add(at, chunk);
      yield chunk;
      progress(at + chunk.length);
    }
  }

  async *#read(from: number, to: number): AsyncGenerator<[at: number, chunk: Buffer], void> {
    if (from >= to) return;
    let at = from;
    const stream = createReadStream(this.#path, { start: from, end: to - 1, highWaterMark: READ_BYTES });
    for await (const chunk of readable(stream)) {
      yield [at, chunk];
      at += chunk.length;
    }
    if (at < to) {
      throw new CommandFailure('failed', `${this.#path} is shorter than it was`, 'Upload it once it does not change.');
    }
  }
}

/** A fault of the disk is none of the network, which would be tried again. */
async function* readable(stream: ReadStream): AsyncGenerator<Buffer, void> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  try {
    for (;;) {
      const next: IteratorResult<Buffer, undefined> = await chunks.next().catch((error: unknown) => {
        throw new CommandFailure('failed', error instanceof Error ? error.message : String(error), null, error);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    stream.destroy();
  }
}

/** A pipe, which is read once: a part is kept until the next one is asked for. */
export class PipeSource implements UploadSource {
  readonly size: number;
  readonly #input: AsyncIterator<Buffer, undefined>;
  readonly #digest = new PrefixDigest();
  #part: Buffer = Buffer.alloc(0);
  #begin = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(input: AsyncIterable<Buffer>, size: number) {
    this.#input = input[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
    this.size = size;
  }

  async from(offset: number, progress: (upTo: number) => void): Promise<SourceBytes> {
    if (offset === this.#begin + this.#part.length && offset < this.size) await this.#next();
    const bytes = this.#part.subarray(Math.max(offset - this.#begin, 0));
    if (offset < this.#begin || offset > this.#begin + this.#part.length) {
      throw new CommandFailure('failed', 'the server lost bytes that cannot be read again', 'Start the upload again.');
    }
    progress(offset);
    return { length: bytes.length, body: Readable.from([bytes], { objectMode: false }) };
  }

  async digest(): Promise<string> {
    return this.#digest.value();
  }

  /** @throws failed when the input has fewer bytes or more than the size says */
  async #next(): Promise<void> {
    this.#begin += this.#part.length;
    const wanted = Math.min(PIPE_PART_BYTES, this.size - this.#begin);
    const isLast = this.#begin + wanted === this.size;
    // One byte more shows whether the input ends.
    const read = await this.#read(isLast ? wanted + 1 : wanted);
    if (read.length < wanted) {
      const received = this.#begin + read.length;
      throw new CommandFailure('failed', `standard input ended after ${received} of ${this.size} bytes`);
    }
    if (isLast && read.length > wanted) {
      throw new CommandFailure('failed', `standard input has more than ${this.size} bytes`, 'Say its exact --size.');
    }
    this.#part = read.subarray(0, wanted);
    this.#digest.add(this.#begin, this.#part);
  }

  async #read(count: number): Promise<Buffer> {
    const chunks = [this.#rest];
    for (let length = this.#rest.length; length < count;) {
      const next = await this.#input.next();
      if (next.done === true) break;
      chunks.push(next.value);
      length += next.value.length;
    }
    const read = Buffer.concat(chunks);
    this.#rest = read.subarray(count);
    return read.subarray(0, count);
  }
}
