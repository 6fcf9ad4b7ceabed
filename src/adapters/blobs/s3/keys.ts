import { isUuid, type BlobId } from '../../../domain/shared/ids.ts';

/** Returns the key of a blob. All keys of blobs come from here, and only from our own ids. */
export function keyOf(prefix: string, id: BlobId): string {
  if (!isUuid(id)) throw new Error('a blob id must be a UUID');
  return prefix + id;
}

/** Bytes of a part that is not full yet, in an object of its own. */
export interface TailName {
  /** From 1. */
  readonly part: number;
  /** Where its first byte lies in the blob. */
  readonly at: number;
  /** In bytes. */
  readonly length: number;
}

/** All tails of a blob begin with this. */
export function tailPrefixOf(key: string): string {
  return `${key}.tail-`;
}

/** Sorts behind all tails of a blob. */
export function tailsEndOf(key: string): string {
  return `${tailPrefixOf(key)}~`;
}

/** Returns the key of a tail: a tail with other bytes has another key. */
export function tailKeyOf(key: string, { part, at, length }: TailName): string {
  return `${tailPrefixOf(key)}${part}-${at}-${length}`;
}

/** Returns the tail of the blob `key` that `tail` is the key of, or null for a foreign key. */
export function tailNamed(key: string, tail: string): TailName | null {
  if (!tail.startsWith(tailPrefixOf(key))) return null;
  const [, part, at, length] = /^(\d{1,5})-(\d{1,13})-(\d{1,13})$/.exec(tail.slice(tailPrefixOf(key).length)) ?? [];
  return length === undefined ? null : { part: Number(part), at: Number(at), length: Number(length) };
}

/** Returns the key of the object that names the upload which several processes send parts to. */
export function uploadNameOf(key: string): string {
  return `${tailPrefixOf(key)}upload`;
}

/** Returns whether a key belongs to the incomplete write of a blob. */
export function isOfPartial(key: string, other: string): boolean {
  return other === uploadNameOf(key) || tailNamed(key, other) !== null;
}

/** Returns the blob whose incomplete write a key belongs to, or null for another key. */
export function blobOfPartial(prefix: string, other: string): BlobId | null {
  const key = other.slice(0, other.lastIndexOf('.'));
  return isOfPartial(key, other) ? blobNamed(prefix, key) : null;
}

/** Returns the blob that a key belongs to, or null for a foreign key. */
export function blobNamed(prefix: string, key: string): BlobId | null {
  const id = key.slice(prefix.length);
  return key.startsWith(prefix) && isUuid(id) ? (id as BlobId) : null;
}
