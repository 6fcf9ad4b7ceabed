import type { ImageFormat } from '../media/formats/image-format.ts';
import type { Bytes } from './bytes.ts';

/**
 * Everything that can be refused or can fail, with what a dialect needs to say about it. A closed
 * set: each dialect has one table from these codes to its own numbers and sentences, and the
 * compiler sees to it that the table is complete.
 */
export interface FailureDetails {
  'not-authenticated': undefined;
  'wrong-credentials': undefined;
  'too-many-logins': { readonly retryAfterSeconds: number };
  'authkey-unknown': undefined;
  'authkey-expired': undefined;
  'permission-missing': { readonly permission: string };
  'permission-above-own': { readonly permission: string };
  protected: undefined;
  /** The caller has no home group where new drives could go. */
  'home-group-missing': undefined;
  /** A user who may not create media in a group does not have it as home. */
  'home-group-forbidden': undefined;
  /**
   * The root group has `write` and `manage` on every pool, and an assignment cannot say otherwise.
   */
  'root-rights-fixed': undefined;
  'user-not-found': undefined;
  'group-not-found': undefined;
  'pool-not-found': undefined;
  'media-not-found': undefined;
  'job-not-found': undefined;
  'server-not-found': undefined;
  'tag-not-found': undefined;
  /** A tag that is to be put on something. */
  'named-tag-not-found': undefined;
  /** What a tag is to be put on. */
  'resource-not-found': undefined;
  'permission-not-found': undefined;
  'user-name-taken': undefined;
  'group-name-taken': undefined;
  'media-name-taken': undefined;
  'name-invalid': { readonly reason: string };
  'password-invalid': { readonly reason: string };
  'groups-too-deep': { readonly max: number };
  /** A user has as many of them as it may have. */
  'too-many-possessions': { readonly of: string; readonly max: number };
  /** The definitions of a user take as many bytes of JSON as they may. */
  'definitions-too-large': { readonly max: number };
  'not-manager': undefined;
  'not-writer': undefined;
  'quota-exceeded':
    | {
        readonly needed: Bytes;
        /** Null where only the backend knows. */
        readonly left: Bytes | null;
        readonly limitedBy: 'group' | 'pool' | 'backend';
        /** What the operator would have to raise, where it is a setting that limits the backend. */
        readonly setting?: string;
        /**
         * Of a writable image, how large it may grow while it is in use: `needed` is by how much,
         * and is not charged.
         */
        readonly growsTo?: Bytes;
      }
    /** The group, or one above it, holds as many items in the pool as a group may. */
    | { readonly limitedBy: 'items'; readonly max: number };
  'media-in-use': {
    /** How many servers have the item; 0 for one of the library. */
    readonly servers: number;
    /** Some of them, for people who may know: each with its name and its owner. */
    readonly named: readonly string[];
  };
  /** What is asked has to wait: the media are on their way, or are being read. */
  'media-busy': undefined;
  /** They belong to the library, which only the operator changes. */
  'media-published': undefined;
  /** Whoever wants to attach a disk of the library has to clone it first. */
  'library-disk': undefined;
  /** What is to be attached. */
  'attachment-not-found': undefined;
  /** Another server has it. */
  'attached-elsewhere': undefined;
  'attached-twice': undefined;
  /**
   * Attachments want places that there are not, or that others have; the reasons are for people.
   */
  'slots-invalid': { readonly reasons: readonly string[] };
  'media-not-empty': undefined;
  /**
   * The image says itself how large its disk is, so that more room behind its bytes is of no use to
   * a guest.
   */
  'image-not-growable': { readonly format: ImageFormat };
  /** A clone holds at least what its source does. */
  'clone-too-small': { readonly min: Bytes };
  'body-too-short': { readonly promised: Bytes; readonly received: Bytes };
  'body-too-long': { readonly promised: Bytes };
  'body-cut-off': undefined;
  /** What came in is no image that stands alone; the reason is for people. */
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
  /** The storage of the pool cannot continue an upload in another request. */
  'pool-not-resumable': undefined;
  'bytes-missing': undefined;
  /** They are known not to be those that came in, or what keeps them can't give them any more. */
  'bytes-damaged': undefined;
  'no-space': undefined;
  /** It took the database too long. */
  'search-too-broad': { readonly retryAfterSeconds: number };
  unavailable: {
    readonly retryAfterSeconds: number;
    /** What is not there, where that is known. */
    readonly lacking?: 'database';
  };
}

export type FailureCode = keyof FailureDetails;

type Rest<Code extends FailureCode> = FailureDetails[Code] extends undefined
  ? [detail?: undefined, options?: ErrorOptions]
  : [detail: FailureDetails[Code], options?: ErrorOptions];

/**
 * A refusal or failure by its code. It carries no status and no prose: those belong to the
 * dialects.
 */
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

/** Whether `error` is one of ours, whichever. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError;
}

/** Whether `error` is the failure `code`; narrows its detail. */
export function isFailure<Code extends FailureCode>(error: unknown, code: Code): error is DomainError<Code> {
  return error instanceof DomainError && error.code === code;
}
