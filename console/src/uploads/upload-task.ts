/** What the user ordered for one file. */
export interface UploadOrder {
  readonly name: string;
  readonly group: number;
  readonly pool: number;
  readonly type: string;
}

export type UploadState = 'waiting' | 'sending' | 'paused' | 'done' | 'failed';

/** One upload of this page, as it is shown. */
export interface UploadTask {
  /** Of this page only; the id of the media item is known when the upload exists. */
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly state: UploadState;
  readonly sent: number;
  /** Bytes per second over the last moments; null until it is known. */
  readonly rate: number | null;
  /** Why it failed, in the words of the API. */
  readonly failure: string | null;
  readonly media: string | null;
}
