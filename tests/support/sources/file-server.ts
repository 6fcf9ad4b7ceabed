import { once } from 'node:events';
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const BLOCK_BYTES = 64 * 1024;

/** Bytes of any length without a buffer of that length: one block, over and over, each numbered. */
export class LongContent {
  readonly size: number;
  readonly #block = randomBytes(BLOCK_BYTES);

  constructor(size: number) {
    this.size = size;
  }

  /** Yields the bytes from `from`, in blocks. */
  *from(from: number): Generator<Buffer> {
    for (let at = from; at < this.size;) {
      const number = Math.floor(at / BLOCK_BYTES);
      const block = Buffer.from(this.#block);
      block.writeUInt32BE(number);
      const end = Math.min(BLOCK_BYTES, this.size - number * BLOCK_BYTES);
      yield block.subarray(at - number * BLOCK_BYTES, end);
      at = number * BLOCK_BYTES + end;
    }
  }

  /** Returns a digest of all bytes in hex. */
  digest(algorithm: 'sha256' | 'sha512' = 'sha256'): string {
    const hash = createHash(algorithm);
    for (const block of this.from(0)) hash.update(block);
    return hash.digest('hex');
  }

  /** Returns all bytes. */
  whole(): Buffer {
    return Buffer.concat([...this.from(0)]);
  }
}

/** A file of a source, and how it is served. */
export interface ServedFile {
  content: LongContent;
  /** Null for none. */
  etag: string | null;
  tellsLength?: boolean;
  /** Breaks each connection at the next multiple of this. */
  breaksEvery?: number;
  /** Awaited before the byte at `at` is sent. */
  pause?: { readonly at: number; readonly until: () => Promise<unknown> };
  /** Awaited when a request arrives, before it is answered. */
  onRequest?: (range: string | null) => Promise<unknown>;
}

/** A server of files with ranges, which breaks connections and stalls as it is told. */
export class FileServer {
  readonly files = new Map<string, ServedFile>();
  /** The requests with their ranges, in order. */
  readonly requests: { readonly path: string; readonly range: string | null }[] = [];
  /** How many bytes of bodies were sent. */
  sent = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async open(port = 0): Promise<FileServer> {
    const source = new FileServer();
    source.#server.listen(port, '127.0.0.1');
    await once(source.#server, 'listening');
    return source;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The settings with which Platter may import from it. */
  get settings(): Readonly<Record<string, string>> {
    return { PLATTER_IMPORT_NETWORKS: '127.0.0.0/8', PLATTER_IMPORT_PORTS: String(this.port) };
  }

  /** Serves a file, and returns its URL. */
  serve(path: string, content: LongContent, terms: Partial<ServedFile> = {}): string {
    this.files.set(path, { content, etag: `"${content.digest()}"`, ...terms });
    return `http://127.0.0.1:${this.port}${encodeURI(path)}`;
  }

  /** Idempotent. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent((request.url ?? '').split('?')[0]!);
    const range = request.headers.range ?? null;
    this.requests.push({ path, range });
    const file = this.files.get(path);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    await file.onRequest?.(range);
    const { content, etag, tellsLength = true } = file;
    const isSame = etag !== null && request.headers['if-range'] === etag;
    const from = isSame && range !== null ? Number(/^bytes=(\d+)-$/.exec(range)![1]) : 0;
    response.writeHead(isSame ? 206 : 200, {
      ...(etag === null ? {} : { etag }),
      ...(tellsLength ? { 'content-length': content.size - from } : {}),
      ...(isSame ? { 'content-range': `bytes ${from}-${content.size - 1}/${tellsLength ? content.size : '*'}` } : {}),
    });
    await this.#send(file, from, response);
  }

  async #send(file: ServedFile, from: number, response: ServerResponse): Promise<void> {
    const { content, breaksEvery = Infinity, pause } = file;
    const end = Math.min(content.size, (Math.floor(from / breaksEvery) + 1) * breaksEvery);
    let at = from;
    const closed = once(response, 'close');
    for (const block of content.from(from)) {
      const isPaused = pause !== undefined && at <= pause.at && pause.at < at + block.length;
      if (isPaused) await pause.until();
      const part = block.subarray(0, Math.min(block.length, end - at));
      if (response.destroyed) return;
      const written = new Promise((resolve) => response.write(part, resolve));
      await Promise.race([written, closed]);
      at += part.length;
      this.sent += part.length;
      if (at === end) break;
    }
    if (at < content.size) response.destroy();
    else response.end();
  }
}
