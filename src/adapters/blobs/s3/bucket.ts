import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ByteRange } from '../../../application/ports/blob-store.ts';
import { openClients, serverTime, type S3Clients } from './clients.ts';
import { codeOf, isMissing, translate } from './failures.ts';
import type { S3Location, S3Terms } from './s3-location.ts';

/** A page of a listing, by ascending key. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly isLast: boolean;
}

/** An object, as a listing shows it. */
export interface ListedObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
}

/** An upload that was begun and neither finished nor aborted. */
export interface OpenUpload {
  readonly key: string;
  readonly uploadId: string;
}

/** A part that the server has taken. */
export interface SentPart {
  readonly tag: string;
  /** In lower-case hex. */
  readonly sha256: string;
}

const CONTENT_TYPE = 'application/octet-stream';
/** How long an address holds that was given away. Seconds. */
export const LINK_LIFETIME_SECONDS = 300;

/**
 * The calls that we make, on one bucket. Each is tried again a few times, with growing pauses,
 * where that can help. They fail with `no-space` or `unavailable`, or with the signal's reason
 * where they have a signal; the cause is what the server said. Those that move no bytes and begin
 * nothing are given up after the terms' `callTimeoutSeconds`: carried out later all the same, they do no
 * harm.
 */
export class Bucket {
  readonly name: string;
  readonly prefix: string;
  readonly #clients: S3Clients;
  readonly #callTimeoutMs: number;
  /** Whether the server is to keep checksums beside what it stores. */
  readonly #storesChecksums: boolean;

  constructor(location: S3Location, terms: S3Terms) {
    this.name = location.bucket;
    this.prefix = location.prefix;
    this.#clients = openClients(location, terms);
    this.#callTimeoutMs = terms.callTimeoutSeconds * 1000;
    this.#storesChecksums = terms.checksums === 'WHEN_SUPPORTED';
  }

  /**
   * Begins an upload. `once` is false where the server may have begun more than this one, since an
   * answer was lost.
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
    if (UploadId === undefined) throw translate(new Error('the server began an upload without an id'));
    return { uploadId: UploadId, once: $metadata.attempts === 1 };
  }

  /**
   * Sends one part, numbered from 1. The server takes it only if `sha256`, in lower-case hex, is
   * its hash: the signature names it. `once` is false where it took more than one attempt.
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
    signPayload(command, sha256);
    const { ETag, $metadata } = await translateErrors(
      this.#clients.calls.send(command, { abortSignal: signal }),
      signal,
    );
    if (ETag === undefined) throw translate(new Error('the server took a part without tagging it'));
    return { tag: ETag, sha256, once: $metadata.attempts === 1 };
  }

  /** Makes the object of these parts, the first of them number 1. */
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

  /** Ends an upload and drops its parts; one that is gone already is fine. */
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

  /** Stores a small object; false where `onlyNew` and there is one already. */
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

  /** Deletes an object; one that is gone already is fine. */
  async delete(key: string): Promise<void> {
    await translateErrors(
      this.#clients.calls.send(new DeleteObjectCommand({ Bucket: this.name, Key: key }), this.#withTimeout()),
    );
  }

  /** How many bytes an object has, or null where there is none. */
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

  /** The whole text of a small object, or null where there is none. */
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
   * A part of an object; null where there is no such object or it has none of these bytes. `length`
   * is what the server will send.
   */
  async open(
    key: string,
    { from, to }: ByteRange,
    signal: AbortSignal,
  ): Promise<{ readonly body: Readable; readonly length: number } | null> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#callTimeoutMs);
    try {
      const { Body, ContentLength } = await this.#clients.reads.send(
        new GetObjectCommand({ Bucket: this.name, Key: key, Range: `bytes=${from}-${to - 1}` }),
        { abortSignal: AbortSignal.any([signal, late.signal]) },
      );
      return { body: Body as Readable, length: ContentLength ?? 0 };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (isMissing(error, 'NoSuchKey') || codeOf(error) === 'InvalidRange') return null;
      throw translate(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The objects whose keys begin with `prefix`, after `after`. */
  async objects(prefix: string, after: string): Promise<Page<ListedObject>> {
    const { Contents = [], IsTruncated } = await translateErrors(
      this.#clients.calls.send(
        new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix, StartAfter: after }),
        this.#withTimeout(),
      ),
    );
    return {
      items: Contents.map(({ Key = '', Size = 0 }) => ({ key: Key, size: Size })),
      isLast: IsTruncated !== true,
    };
  }

  /** The open uploads of keys that begin with `prefix`, after `after`. */
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

  /**
   * An address from which anybody can GET the object for some minutes, to be kept under this name.
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

/**
 * Signs a request for a body of this hash, which the SDK would otherwise hash itself, on the event
 * loop.
 */
function signPayload({ middlewareStack }: UploadPartCommand, sha256: string): void {
  middlewareStack.add(
    (next) => async (args) => {
      (args.request as { readonly headers: Record<string, string> }).headers['x-amz-content-sha256'] = sha256;
      return next(args);
    },
    { step: 'build', name: 'signPayload' },
  );
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
