import { createHash, randomUUID } from 'node:crypto';
import { noSuchKey, noSuchUpload, S3Failure } from './failure.ts';
import type { NamedPart } from './xml.ts';

const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PARTS = 10_000;

export interface StoredObject {
  readonly chunks: readonly Buffer[];
  readonly size: number;
  readonly tag: string;
}

interface Upload {
  readonly key: string;
  /** Whether each part needs its SHA-256, at upload and at completion. */
  readonly checksums: boolean;
  readonly parts: Map<number, Buffer>;
}

interface ListedPart {
  readonly number: number;
  readonly tag: string;
  readonly size: number;
  /** In base64; null if the upload has no checksums. */
  readonly sha256: string | null;
}

/** One page of a listing. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly truncated: boolean;
}

/** A bucket in memory. */
export class BucketStore {
  readonly #objects = new Map<string, StoredObject>();
  readonly #uploads = new Map<string, Upload>();

  put(key: string, body: Buffer, onlyNew: boolean): StoredObject {
    if (onlyNew && this.#objects.has(key)) throw new S3Failure(412, 'PreconditionFailed');
    const object = { chunks: [body], size: body.length, tag: `"${md5(body, 'hex')}"` };
    this.#objects.set(key, object);
    return object;
  }

  find(key: string): StoredObject {
    const found = this.#objects.get(key);
    if (found === undefined) throw noSuchKey();
    return found;
  }

  delete(key: string): void {
    this.#objects.delete(key);
  }

  begin(key: string, checksums: boolean): string {
    const id = randomUUID();
    this.#uploads.set(id, { key, checksums, parts: new Map() });
    return id;
  }

  putPart(key: string, id: string, number: number, body: Buffer, withChecksum: boolean): string {
    if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS) throw new S3Failure(400, 'InvalidArgument');
    const { parts, checksums } = this.#upload(key, id);
    if (checksums && !withChecksum) throw new S3Failure(400, 'InvalidRequest');
    parts.set(number, body);
    return tagOf(body);
  }

  complete(key: string, id: string, named: readonly NamedPart[]): StoredObject {
    const { parts, checksums } = this.#upload(key, id);
    if (named.length === 0) throw new S3Failure(400, 'MalformedXML');
    const chunks = named.map(({ number, tag, sha256: checksum }, at) => {
      const part = parts.get(number);
      if (part === undefined || tagOf(part) !== tag) throw new S3Failure(400, 'InvalidPart');
      if (checksums && checksum !== sha256(part)) throw new S3Failure(400, 'InvalidPart');
      if (at > 0 && number <= named[at - 1]!.number) throw new S3Failure(400, 'InvalidPartOrder');
      if (at < named.length - 1 && part.length < MIN_PART_BYTES) throw new S3Failure(400, 'EntityTooSmall');
      return part;
    });
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const tags = Buffer.concat(chunks.map((chunk) => createHash('md5').update(chunk).digest()));
    const object = { chunks, size, tag: `"${md5(tags, 'hex')}-${chunks.length}"` };
    this.#objects.set(key, object);
    this.#uploads.delete(id);
    return object;
  }

  parts(key: string, id: string, after: number, max: number): Listed<ListedPart> {
    const { parts, checksums } = this.#upload(key, id);
    const found = [...parts].filter(([number]) => number > after).sort(([one], [other]) => one - other);
    return {
      items: found.slice(0, max).map(([number, body]) => ({
        number,
        tag: tagOf(body),
        size: body.length,
        sha256: checksums ? sha256(body) : null,
      })),
      truncated: found.length > max,
    };
  }

  abort(key: string, id: string): void {
    this.#upload(key, id);
    this.#uploads.delete(id);
  }

  keys(prefix: string, after: string, max: number): Listed<string> {
    return page(
      [...this.#objects.keys()].filter((key) => key.startsWith(prefix) && key > after),
      max,
    );
  }

  uploads(prefix: string, keyMarker: string, idMarker: string, max: number): Listed<{ key: string; id: string }> {
    const open = [...this.#uploads].map(([id, { key }]) => `${key}\0${id}`);
    const after = idMarker === '' ? `${keyMarker}\u0001` : `${keyMarker}\0${idMarker}`;
    const { items, truncated } = page(
      open.filter((entry) => entry.startsWith(prefix) && (keyMarker === '' || entry > after)),
      max,
    );
    return { items: items.map((entry) => ({ key: entry.split('\0')[0]!, id: entry.split('\0')[1]! })), truncated };
  }

  #upload(key: string, id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload?.key !== key) throw noSuchUpload();
    return upload;
  }
}

export function md5(body: Buffer, encoding: 'hex' | 'base64'): string {
  return createHash('md5').update(body).digest(encoding);
}

/** Returns the digest in base64. */
export function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64');
}

function tagOf(part: Buffer): string {
  return `"${md5(part, 'hex')}"`;
}

function page(all: readonly string[], max: number): Listed<string> {
  const sorted = [...all].sort();
  return { items: sorted.slice(0, max), truncated: sorted.length > max };
}
