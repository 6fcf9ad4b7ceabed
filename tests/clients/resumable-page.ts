import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

const RESUMABLE = join(import.meta.dirname, '..', '..', 'node_modules', 'resumablejs', 'resumable.js');

/** What a page uploads with resumable.js. */
export interface PageUpload {
  readonly uuid: string;
  readonly authorization: string;
  readonly fileName: string;
  /** Options of resumable.js, beside the target and the headers. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Pauses after so many chunks, for good. */
  readonly pauseAfter?: number;
}

/** The functions of the page. */
interface PageWindow {
  readonly Resumable: new (options: object) => {
    on(event: string, listener: (file: unknown, message?: string) => void): void;
    addFile(file: File): void;
    upload(): void;
    pause(): void;
  };
  readonly XMLHttpRequest: { readonly prototype: PageRequest };
}

interface PageRequest {
  send: (this: PageRequest, body: unknown) => void;
  addEventListener(event: 'load', listener: () => void): void;
}

/** A page of the origin of the API that uploads with an unmodified resumable.js. */
export class ResumablePage {
  readonly page: Page;
  /** The numbers of the chunks that it sent. */
  readonly sent: number[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('request', (request) => {
      const number = /name="resumableChunkNumber"\r\n\r\n(\d+)/.exec(
        request.postDataBuffer()?.toString('latin1') ?? '',
      );
      if (number !== null) this.sent.push(Number(number[1]));
    });
  }

  static async open(browser: Browser, origin: string, content: Buffer): Promise<ResumablePage> {
    const page = await (await browser.newContext()).newPage();
    const html = '<!doctype html><title>Upload</title><script src="/test/resumable.js"></script>';
    await page.route('**/test/page', async (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await page.route('**/test/content', async (route) => route.fulfill({ body: content }));
    const script = await readFile(RESUMABLE, 'utf8');
    await page.route('**/test/resumable.js', async (route) =>
      route.fulfill({ contentType: 'text/javascript', body: script }),
    );
    await page.goto(`${origin}/test/page`);
    return new ResumablePage(page);
  }

  /** Resolves with `complete`, `paused`, or the error that the page hears of. */
  async upload(upload: PageUpload): Promise<string> {
    return this.page.evaluate(async ({ uuid, authorization, fileName, options, pauseAfter }) => {
      const { Resumable, XMLHttpRequest } = globalThis as unknown as PageWindow;
      const content = await (await fetch('/test/content')).blob();
      return new Promise<string>((resolve) => {
        const resumable = new Resumable({
          target: `/api/2.0/drives/${uuid}/upload/`,
          headers: { Authorization: authorization },
          chunkRetryInterval: 50,
          ...options,
        });
        let chunks = 0;
        resumable.on('fileError', (_file, message) => resolve(message ?? 'failed'));
        resumable.on('complete', () => resolve('complete'));
        resumable.on('fileAdded', () => resumable.upload());
        const { send } = XMLHttpRequest.prototype;
        XMLHttpRequest.prototype.send = function (body) {
          if (body instanceof FormData) {
            chunks += 1;
            this.addEventListener('load', () => {
              if (chunks < (pauseAfter ?? Infinity)) return;
              resumable.pause();
              resolve('paused');
            });
          }
          send.call(this, body);
        };
        resumable.addFile(new File([content], fileName));
      });
    }, upload);
  }
}
