import type { ImageFormat } from '../media/formats/image-format.ts';
import type { Bytes } from './bytes.ts';
import type { GroupId, MediaId, PoolId } from './ids.ts';

/**
 * All failures, with the details that a dialect needs to describe them. A closed set: each dialect
 * has one table from these codes to its own numbers and messages, and the compiler verifies that
 * the table is complete.
 */
export interface FailureDetails {
  'not-authenticated': undefined;
  'wrong-credentials': undefined;
  'too-many-logins': { readonly retryAfterSeconds: number };
  'authkey-unknown': undefined;
  'authkey-expired': undefined;
  'token-not-found': undefined;
  /** The API token is not meant for this. */
  'scope-missing': { readonly scope: string };
  'permission-missing': { readonly permission: string };
  'permission-above-own': { readonly permission: string };
  protected: undefined;
  /** The caller has no home group for new drives. */
  'home-group-missing': undefined;
  /** The user cannot have a home group in which it may not create items. */
  'home-group-forbidden': undefined;
  /** The root group has `write` and `manage` on every pool; an assignment cannot change that. */
  'root-rights-fixed': undefined;
  'user-not-found': undefined;
  'group-not-found': undefined;
  'pool-not-found': undefined;
  'media-not-found': undefined;
  'job-not-found': undefined;
  /** The job cannot be cancelled any more. */
  'job-ended': undefined;
  'link-not-found': undefined;
  /** The idempotency key belongs to another request. */
  'idempotency-key-reused': undefined;
  /** The first request with the idempotency key is under way. */
  'idempotency-key-busy': undefined;
  'server-not-found': undefined;
  'tag-not-found': undefined;
  /** A tag to be put on a resource does not exist. */
  'named-tag-not-found': undefined;
  /** A resource to put a tag on does not exist. */
  'resource-not-found': undefined;
  'permission-not-found': undefined;
  'user-name-taken': undefined;
  'group-name-taken': undefined;
  'media-name-taken': undefined;
  'name-invalid': { readonly reason: string };
  'password-invalid': { readonly reason: string };
  'groups-too-deep': { readonly max: number };
  /** The user has the maximum number of objects of this kind. */
  'too-many-possessions': { readonly of: string; readonly max: number };
  /** The definitions of the user would exceed the maximum, in bytes of JSON. */
  'definitions-too-large': { readonly max: number };
  'not-manager': undefined;
  'not-writer': undefined;
  'quota-exceeded':
    | {
        readonly needed: Bytes;
        /** Null if only the backend knows. */
        readonly left: Bytes | null;
        readonly limitedBy: 'group' | 'pool' | 'backend';
        /** The pool of a refused charge. */
        readonly pool?: PoolId;
        /** The group whose limit refused a charge. */
        readonly group?: GroupId;
        /** The setting for the operator to raise, if a setting limits the backend. */
        readonly setting?: string;
        /**
         * The size that a writable image may grow to in use. `needed` is then the growth, which is
         * not charged.
         */
        readonly growsTo?: Bytes;
      }
    /** The group, or an ancestor, has the maximum number of items in the pool. */
    | { readonly limitedBy: 'items'; readonly max: number };
  'media-in-use': {
    /** The number of servers that have the item; 0 for a library drive. */
    readonly servers: number;
    /** Some of them, each with its name and its owner, for users who may know them. */
    readonly named: readonly string[];
  };
  /** The item refuses to be deleted until it is no longer protected. */
  'media-protected': undefined;
  /** Items below the group refuse to be deleted. */
  'group-protected': {
    /** Their number. */
    readonly count: number;
    /** Some of them, oldest first. */
    readonly items: readonly { readonly id: MediaId; readonly name: string }[];
  };
  /** The item is being written or read by a job: wait. */
  'media-busy': undefined;
  /** The item is a library drive, which only the operator changes. */
  'media-published': undefined;
  /** A disk of the library must be cloned before it is attached. */
  'library-disk': undefined;
  /** An item to be attached does not exist. */
  'attachment-not-found': undefined;
  /** Another server has the item. */
  'attached-elsewhere': undefined;
  'attached-twice': undefined;
  /** Slots do not exist or are used twice; the reasons are for people. */
  'slots-invalid': { readonly reasons: readonly string[] };
  'media-not-empty': undefined;
  /**
   * The image declares the size of its disk, so that a guest would not see more space behind it.
   */
  'image-not-growable': { readonly format: ImageFormat };
  /** A clone must be at least as large as its source. */
  'clone-too-small': { readonly min: Bytes };
  'body-too-short': { readonly promised: Bytes; readonly received: Bytes };
  'body-too-long': { readonly promised: Bytes };
  'body-cut-off': undefined;
  /** The bytes are not an image without references to other files; the reason is for people. */
  'format-refused': { readonly reason: string };
  'body-too-slow': undefined;
  'digest-mismatch': undefined;
  /** No upload of this id that the caller may see. */
  'unknown-upload': undefined;
  /** The upload ended without an item: it expired, was aborted or its image was refused. */
  'upload-gone': undefined;
  /** A request appends at another offset than the upload has. */
  'upload-offset-mismatch': { readonly offset: Bytes };
  /** Another request has the upload and does not give it up in time. */
  'upload-locked': { readonly retryAfterSeconds: number };
  /** All bytes are there; the item is not finished yet. */
  'upload-verifying': { readonly retryAfterSeconds: number };
  /** The bytes of one request do not have the checksum that it names. */
  'checksum-mismatch': undefined;
  /** The upload has no such chunk, or none of this size; the reason is for people. */
  'chunk-refused': { readonly reason: string };
  /** Some bytes of the chunk are missing. */
  'chunk-not-found': undefined;
  /** All bytes of the chunk are there. */
  'chunk-stored': { readonly number: number };
  /** The link to a chunk is forged, or its time is over. */
  'chunk-link-refused': undefined;
  /** The operator has switched imports off. */
  'imports-off': undefined;
  /** The URL cannot be imported from, whatever lies there; the reason is for people. */
  'url-invalid': { readonly reason: string };
  /**
   * No connection to the host of the URL: refused, closed and filtered ones are the same to
   * clients.
   */
  'source-unreachable': undefined;
  /** The source answered with something else than the bytes. */
  'source-refused': {
    readonly status: number;
    /** The fault of the response, if its status is none. */
    readonly fault?: 'encoded' | 'endless' | 'malformed' | 'redirects' | 'insecure-redirect' | undefined;
  };
  /** The bytes at the URL are others than at the beginning of the import. */
  'source-changed': undefined;
  /** The source does not tell how many bytes it has, and the order names no limit. */
  'length-required': undefined;
  /** The source has more bytes than the order allows. */
  'source-too-large': { readonly max: Bytes };
  /** The source ended before its end, again and again. */
  'source-cut-off': {
    readonly received: Bytes;
    /** Null if the source did not tell it. */
    readonly length: Bytes | null;
  };
  'checksum-differs': { readonly expected: string; readonly actual: string };
  /** The file of checksums has none for the file of the URL, or two that differ. */
  'checksum-not-found': { readonly reason: 'missing' | 'ambiguous' | 'unreadable' };
  /** The import took too long. */
  'import-expired': { readonly maxSeconds: number };
  /** The storage of the pool cannot continue an upload in another request. */
  'bytes-missing': undefined;
  /** The bytes differ from the received ones, or the disk cannot read them. */
  'bytes-damaged': undefined;
  'no-space': undefined;
  /** The database query took too long. */
  'search-too-broad': { readonly retryAfterSeconds: number };
  unavailable: {
    readonly retryAfterSeconds: number;
    /** The service that cannot be reached, if known. */
    readonly lacking?: 'database';
  };
}

export type FailureCode = keyof FailureDetails;

type Rest<Code extends FailureCode> = FailureDetails[Code] extends undefined
  ? [detail?: undefined, options?: ErrorOptions]
  : [detail: FailureDetails[Code], options?: ErrorOptions];

/** A failure, by its code. It has no status and no message: those belong to the dialects. */
export class DomainError<Code extends FailureCode = FailureCode> extends Error {
  override readonly name = 'DomainError';
  readonly code: Code;
  readonly detail: FailureDetails[Code];

  constructor(code: Code, ...[detail, options]: Rest<Code>) {
    super(code, options);
    this.code = code;
    this.detail = detail as FailureDetails[Code];
  }
}

/** Returns whether `error` is a `DomainError`. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError;
}

/** Returns whether `error` is a `DomainError` with this code, and narrows its detail. */
export function isFailure<Code extends FailureCode>(error: unknown, code: Code): error is DomainError<Code> {
  return error instanceof DomainError && error.code === code;
}
