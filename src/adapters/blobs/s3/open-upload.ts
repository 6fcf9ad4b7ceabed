/** An upload that was neither completed nor aborted. */
export interface OpenUpload {
  readonly key: string;
  readonly uploadId: string;
}

/** A part that the server has stored. */
export interface SentPart {
  readonly tag: string;
  /** In lower-case hex; empty where the server stores none. */
  readonly sha256: string;
}

/** A part in the list of an open upload. */
export interface ListedPart extends SentPart {
  /** From 1. */
  readonly number: number;
  /** In bytes. */
  readonly size: number;
}
