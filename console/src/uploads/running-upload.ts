import { DetailedError, Upload } from 'tus-js-client';
import { signInAgain } from '../session/signed-out.ts';
import { TEXTS } from '../texts.ts';
import { forgetMark, keepMark, markOf } from './file-mark.ts';
import type { UploadOrder, UploadTask } from './upload-task.ts';

/** Pauses between tries, in milliseconds; sent bytes start the list anew. */
const RETRY_DELAYS = [0, 500, 1_000, 2_000, 4_000, 8_000, ...Array<number>(30).fill(10_000)];
const UNAUTHORIZED = 401;
const RATE_WINDOW_MS = 3_000;

type Change = (changed: Partial<UploadTask>) => void;

/** An upload by tus that can be paused, continued and ended; tells of every change. */
export class RunningUpload {
  readonly #file: File;
  readonly #change: Change;
  readonly #upload: Upload;
  #measured: { readonly at: number; readonly sent: number } | undefined;

  /** With `url` it continues an upload that exists; otherwise it creates one. */
  constructor(file: File, order: UploadOrder | { readonly url: string }, change: Change) {
    this.#file = file;
    this.#change = change;
    this.#upload = new Upload(file, {
      ...('url' in order ? { uploadUrl: order.url } : { endpoint: '/uploads/', metadata: metadataOf(order) }),
      retryDelays: RETRY_DELAYS,
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => void this.#keepMark(),
      onProgress: (sent) => {
        this.#progress(sent);
      },
      onSuccess: () => {
        this.#end();
        change({ state: 'done', media: this.#id, sent: file.size, rate: null });
      },
      onError: (error) => void this.#failed(error),
    });
  }

  start(): void {
    this.#measured = undefined;
    this.#change({ state: 'sending', failure: null });
    this.#upload.start();
  }

  async pause(): Promise<void> {
    await this.#upload.abort();
    this.#change({ state: 'paused', rate: null });
  }

  /** Ends the upload on the server too: its name and its charge are free. */
  async cancel(): Promise<void> {
    this.#end();
    await this.#upload.abort(this.#upload.url !== null);
  }

  get #id(): string | null {
    return this.#upload.url?.split('/').at(-1) ?? null;
  }

  async #keepMark(): Promise<void> {
    const mark = await markOf(this.#file);
    if (this.#id !== null) keepMark(this.#id, mark);
  }

  #end(): void {
    if (this.#id !== null) forgetMark(this.#id);
  }

  #progress(sent: number): void {
    const now = performance.now();
    this.#measured ??= { at: now, sent };
    const { at, sent: before } = this.#measured;
    const isMeasured = now - at >= RATE_WINDOW_MS;
    this.#change({ sent, ...(isMeasured && { rate: ((sent - before) / (now - at)) * 1000 }) });
    if (isMeasured) this.#measured = { at: now, sent };
  }

  async #failed(error: Error): Promise<void> {
    const response = error instanceof DetailedError ? error.originalResponse : null;
    if (response?.getStatus() === UNAUTHORIZED) {
      await signInAgain();
      this.start();
      return;
    }
    const detail = response === null ? TEXTS.errors.noAnswer : detailOf(response.getBody());
    this.#change({ state: 'failed', failure: detail, rate: null });
  }
}

function metadataOf({ name, group, pool, type }: UploadOrder): Record<string, string> {
  return { filename: name, group: String(group), pool: String(pool), type };
}

function detailOf(body: string): string {
  try {
    const { detail } = JSON.parse(body) as { readonly detail?: unknown };
    return typeof detail === 'string' ? detail : body;
  } catch {
    return body;
  }
}
