import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ByteRange } from '../../../application/ports/blob-store.ts';
import { openClients, serverTime, type S3Clients } from './clients.ts';
import { codeOf, isMissing, translate } from './failures.ts';
import type { ListedPart, OpenUpload, SentPart } from './open-upload.ts';
import type { S3Location, S3Terms } from './s3-location.ts';
import { BEFORE_SIGNING, signPayload } from './sign-payload.ts';

/** A page of a listing, by ascending key. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly isLast: boolean;
}

/** An object in a listing. */
export interface ListedObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** Its ETag. */
  readonly tag: string;
}

const CONTENT_TYPE = 'application/octet-stream';
/** Codes of objects without the bytes that were asked for. */
const OTHER_BYTES = new Set(['InvalidRange', 'PreconditionFailed']);
/** Lifetime of a presigned URL. */
export const LINK_LIFETIME_SECONDS = 300;

/**
 * Makes the calls to one bucket. Retries each a few times, with growing pauses, when that can help.
 * A call that transfers no bytes and creates nothing is given up after `callTimeoutSeconds`; if the
 * server carries it out later, it does no harm.
 *
 * @throws no-space, unavailable or the reason of the signal; the cause is the server's error
 */
export class Bucket {
  readonly name: string;
  readonly prefix: string;
  readonly #clients: S3Clients;
  readonly #callTimeoutMs: number;
  /** Whether the server stores checksums. */
  readonly #storesChecksums: boolean;

  constructor(location: S3Location, terms: S3Terms) {
    this.name = location.bucket;
    this.prefix = location.prefix;
    this.#clients = openClients(location, terms);
    this.#callTimeoutMs = terms.callTimeoutSeconds * 1000;
    this.#storesChecksums = terms.checksums === 'WHEN_SUPPORTED';
  }

  /**
   * Creates a multipart upload. `once` is false when a response was lost, so that the server may
   * have created more than one.
   */
  async begin(key: string): Promise<{ readonly uploadId: string; readonly once: boolean }> {
    const { UploadId, $metadata } = await translateErrors(
      this.#clients.calls.send(
        new CreateMultipartUploadCommand({
          Bucket: this.name,
          Key: key,
          ContentType: CONTENT_TYPE,
          ...(this.#storesChecksums ? { ChecksumAlgorithm: 'SHA256' as const } : {}),
        }),
      ),
    );
    if (UploadId === undefined) throw translate(new Error('the server created an upload without an id'));
    return { uploadId: UploadId, once: $metadata.attempts === 1 };
  }

  /**
   * Sends one part, numbered from 1. The signature contains `sha256`, in lower-case hex, so that
   * the server refuses other bytes. `once` is false after a retry.
   */
  async sendPart(
    { key, uploadId }: OpenUpload,
    number: number,
    part: Buffer,
    sha256: string,
    signal: AbortSignal,
  ): Promise<SentPart & { readonly once: boolean }> {
    const command = new UploadPartCommand({
      Bucket: this.name,
      Key: key,
      UploadId: uploadId,
      PartNumber: number,
      Body: part,
      ContentLength: part.length,
      ...this.#checksum(sha256),
    });
    command.middlewareStack.add(signPayload(sha256), BEFORE_SIGNING);
    const { ETag, $metadata } = await translateErrors(
      this.#clients.calls.send(command, { abortSignal: signal }),
      signal,
    );
    if (ETag === undefined) throw translate(new Error('the server stored a part without an ETag'));
    return { tag: ETag, sha256, once: $metadata.attempts === 1 };
  }

  /** Completes the upload with these parts, numbered from 1. */
  async complete({ key, uploadId }: OpenUpload, parts: readonly SentPart[]): Promise<void> {
    const Parts = parts.map(({ tag, sha256 }, at) => ({ ETag: tag, PartNumber: at + 1, ...this.#checksum(sha256) }));
    await translateErrors(
      this.#clients.calls.send(
        new CompleteMultipartUploadCommand({
          Bucket: this.name,
          Key: key,
          UploadId: uploadId,
          MultipartUpload: { Parts },
        }),
      ),
    );
  }

  /** Aborts an upload and deletes its parts. Idempotent. */
  async abort({ key, uploadId }: OpenUpload): Promise<void> {
    try {
      await this.#clients.calls.send(
        new AbortMultipartUploadCommand({ Bucket: this.name, Key: key, UploadId: uploadId }),
        this.#withTimeout(),
      );
    } catch (error) {
      if (!isMissing(error, 'NoSuchUpload')) throw translate(error);
    }
  }

  /**
   * Stores an object whose `sha256`, in lower-case hex, is known. `once` is false after a retry.
   */
  async putHashed(
    key: string,
    body: Buffer,
    sha256: string,
    signal: AbortSignal,
  ): Promise<{ readonly tag: string; readonly once: boolean }> {
    const command = new PutObjectCommand({
      Bucket: this.name,
      Key: key,
      Body: body,
      ContentLength: body.length,
      ContentType: CONTENT_TYPE,
      ...this.#checksum(sha256),
    });
    command.middlewareStack.add(signPayload(sha256), BEFORE_SIGNING);
    const { ETag, $metadata } = await translateErrors(
      this.#clients.calls.send(command, { abortSignal: signal }),
      signal,
    );
    if (ETag === undefined) throw translate(new Error('the server stored an object without an ETag'));
    return { tag: ETag, once: $metadata.attempts === 1 };
  }

  /** Stores a small object. With `onlyNew`, returns false when the key exists. */
  async put(key: string, body: Uint8Array, onlyNew = false): Promise<boolean> {
    try {
      await this.#clients.calls.send(
        new PutObjectCommand({
          Bucket: this.name,
          Key: key,
          Body: body,
          ContentLength: body.length,
          ContentType: CONTENT_TYPE,
          ...(onlyNew ? { IfNoneMatch: '*' } : {}),
        }),
      );
      return true;
    } catch (error) {
      if (onlyNew && codeOf(error) === 'PreconditionFailed') return false;
      throw translate(error);
    }
  }

  /** Deletes an object. Idempotent. */
  async delete(key: string): Promise<void> {
    await translateErrors(
      this.#clients.calls.send(new DeleteObjectCommand({ Bucket: this.name, Key: key }), this.#withTimeout()),
    );
  }

  /** Returns the size of an object in bytes, or null when there is none. */
  async sizeOf(key: string): Promise<number | null> {
    try {
      const { ContentLength } = await this.#clients.calls.send(
        new HeadObjectCommand({ Bucket: this.name, Key: key }),
        this.#withTimeout(),
      );
      return ContentLength ?? 0;
    } catch (error) {
      if (isMissing(error, 'NoSuchKey')) return null;
      throw translate(error);
    }
  }

  /** Returns the text of a small object, or null when there is none. */
  async text(key: string, signal?: AbortSignal): Promise<string | null> {
    try {
      const { Body } = await this.#clients.calls.send(
        new GetObjectCommand({ Bucket: this.name, Key: key }),
        this.#withTimeout(signal),
      );
      return (await Body?.transformToString()) ?? '';
    } catch (error) {
      if (isMissing(error, 'NoSuchKey')) return null;
      throw translate(error);
    }
  }

  /**
   * Opens a range of an object, or returns null when there is no such object, it has none of these
   * bytes, or another ETag than `tag`. `length` is the number of bytes that the server will send.
   */
  async open(
    key: string,
    { from, to }: ByteRange,
    signal: AbortSignal,
    tag?: string,
  ): Promise<{ readonly body: Readable; readonly length: number } | null> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#callTimeoutMs);
    try {
      const { Body, ContentLength } = await this.#clients.reads.send(
        new GetObjectCommand({
          Bucket: this.name,
          Key: key,
          Range: `bytes=${from}-${to - 1}`,
          ...(tag === undefined ? {} : { IfMatch: tag }),
        }),
        { abortSignal: AbortSignal.any([signal, late.signal]) },
      );
      return { body: Body as Readable, length: ContentLength ?? 0 };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (isMissing(error, 'NoSuchKey') || OTHER_BYTES.has(codeOf(error))) return null;
      throw translate(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Returns a page of the objects whose keys begin with `prefix`, after `after`. */
  async objects(prefix: string, after: string): Promise<Page<ListedObject>> {
    const { Contents = [], IsTruncated } = await translateErrors(
      this.#clients.calls.send(
        new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix, StartAfter: after }),
        this.#withTimeout(),
      ),
    );
    return {
      items: Contents.map(({ Key = '', Size = 0, ETag = '' }) => ({ key: Key, size: Size, tag: ETag })),
      isLast: IsTruncated !== true,
    };
  }

  /** Returns a page of the open uploads of keys that begin with `prefix`, after `after`. */
  async uploads(prefix: string, after: OpenUpload): Promise<Page<OpenUpload>> {
    const { Uploads = [], IsTruncated } = await translateErrors(
      this.#clients.calls.send(
        new ListMultipartUploadsCommand({
          Bucket: this.name,
          Prefix: prefix,
          ...(after.key === '' ? {} : { KeyMarker: after.key }),
          ...(after.uploadId === '' ? {} : { UploadIdMarker: after.uploadId }),
        }),
        this.#withTimeout(),
      ),
    );
    return {
      items: Uploads.map(({ Key = '', UploadId = '' }) => ({ key: Key, uploadId: UploadId })),
      isLast: IsTruncated !== true,
    };
  }

  /** Returns a page of the parts of an open upload, after the part `after`. */
  async parts({ key, uploadId }: OpenUpload, after: number): Promise<Page<ListedPart>> {
    const { Parts = [], IsTruncated } = await translateErrors(
      this.#clients.calls.send(
        new ListPartsCommand({
          Bucket: this.name,
          Key: key,
          UploadId: uploadId,
          PartNumberMarker: String(after),
        }),
        this.#withTimeout(),
      ),
    );
    return {
      items: Parts.map(({ PartNumber = 0, Size = 0, ETag = '', ChecksumSHA256 = '' }) => ({
        number: PartNumber,
        size: Size,
        tag: ETag,
        sha256: Buffer.from(ChecksumSHA256, 'base64').toString('hex'),
      })),
      isLast: IsTruncated !== true,
    };
  }

  /**
   * Returns a URL from which any client can GET the object for `LINK_LIFETIME_SECONDS`, to be saved
   * under `fileName`.
   */
  async link(key: string, fileName: string): Promise<string> {
    const command = new GetObjectCommand({
      Bucket: this.name,
      Key: key,
      ResponseContentType: CONTENT_TYPE,
      ResponseContentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/g, percent)}`,
    });
    const signingDate = serverTime(this.#clients.calls);
    return translateErrors(
      getSignedUrl(this.#clients.links, command, { expiresIn: LINK_LIFETIME_SECONDS, signingDate }),
    );
  }

  #withTimeout(signal?: AbortSignal): { readonly abortSignal: AbortSignal } {
    const late = AbortSignal.timeout(this.#callTimeoutMs);
    return { abortSignal: signal === undefined ? late : AbortSignal.any([signal, late]) };
  }

  #checksum(sha256: string): { ChecksumSHA256?: string } {
    return this.#storesChecksums ? { ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64') } : {};
  }
}

async function translateErrors<T>(sent: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await sent;
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw translate(error);
  }
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
