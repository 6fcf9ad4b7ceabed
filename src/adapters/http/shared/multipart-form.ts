import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { Request, Response } from 'express';
import type { ByteSource } from '../../../application/ports/blob-store.ts';
import { isDomainError } from '../../../domain/shared/domain-error.ts';
import type { MinimumRateLimits } from './minimum-rate.ts';
import { RequestError } from './request-error.ts';
import { requireWholeBody } from './storable-body.ts';
import { uploadedBody } from './uploaded-body.ts';

/** The part with the bytes. */
const FILE = 'file';
const LIMITS = { fieldNameSize: 100, fieldSize: 1024, fields: 32, files: 32, parts: 64, headerPairs: 16 };

/** The fields that precede the file. */
export type FormFields = Readonly<Record<string, string>>;

/**
 * Reads a multipart form (RFC 7578) with small fields and then one file, whose bytes stream into
 * `use`. A field may have a filename. The file ends, for `use`, when the whole form has arrived.
 *
 * @throws RequestError `unsupported-content` or `malformed`; what `use` or the request threw
 */
export async function readForm(
  request: Request,
  response: Response,
  limits: MinimumRateLimits,
  use: (fields: FormFields, file: ByteSource) => Promise<void>,
): Promise<void> {
  requireWholeBody(request);
  const form = new MultipartForm(request);
  const stop = new AbortController();
  const read = pipeline(uploadedBody(request, response, limits, true), form.parser, { signal: stop.signal }).catch(
    (error: unknown) => {
      throw form.fault ?? reasonOf(error);
    },
  );
  // It ends after a form without a file, too.
  const begun = Promise.race([form.file, read.then(() => form.requireFile())]);
  read.catch(() => undefined);
  try {
    const file = await begun;
    await use(await form.fields(), bytesOf(file, read));
  } finally {
    stop.abort();
  }
}

class MultipartForm {
  readonly parser: busboy.Busboy;
  /** Resolves when the bytes of the file begin. */
  readonly file: Promise<Readable>;
  readonly #fields = new Map<string, string>();
  readonly #reading: Promise<unknown>[] = [];
  #hasFile = false;
  fault: RequestError | null = null;

  constructor(request: Request) {
    this.parser = parserOf(request);
    this.file = new Promise((resolve) => {
      this.parser.on('file', (name, stream) => {
        // The pipeline has the reason, and nothing may read the stream by then.
        stream.on('error', () => undefined);
        // The parser still finishes its chunk after it was destroyed.
        if (this.fault !== null) stream.resume();
        else if (name !== FILE) this.#readField(name, stream);
        else if (this.#hasFile) this.#refuse('the form has more than one file');
        else {
          this.#hasFile = true;
          resolve(stream);
        }
      });
    });
    this.parser.on('field', (name, value, { nameTruncated, valueTruncated }) => {
      if (nameTruncated || valueTruncated) this.#refuse('a field of the form is too long, or the file has no filename');
      else this.#fields.set(name, value);
    });
    for (const event of ['fieldsLimit', 'filesLimit', 'partsLimit'] as const) {
      this.parser.on(event, () => this.#refuse('the form has too many parts'));
    }
  }

  /** Resolves with the fields that came so far. */
  async fields(): Promise<FormFields> {
    await Promise.all(this.#reading);
    return Object.fromEntries(this.#fields);
  }

  requireFile(): never {
    throw (
      this.fault ?? new RequestError('malformed', [{ message: 'is required: send it as the last part', point: FILE }])
    );
  }

  /** A field with a filename. */
  #readField(name: string, stream: Readable): void {
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > LIMITS.fieldSize) this.#refuse('a field of the form is too long');
      else chunks.push(chunk);
    });
    stream.on('end', () => this.#fields.set(name, Buffer.concat(chunks).toString()));
    this.#reading.push(new Promise((resolve) => stream.once('close', resolve)));
  }

  #refuse(message: string): void {
    this.fault ??= new RequestError('malformed', message);
    this.parser.destroy(this.fault);
  }
}

function parserOf({ headers }: Request): busboy.Busboy {
  const { 'content-type': type = '' } = headers;
  if (!/^multipart\/form-data\b/i.test(type.trim())) {
    throw new RequestError('unsupported-content', 'send a form: content-type multipart/form-data');
  }
  try {
    return busboy({ headers: { 'content-type': type }, limits: LIMITS, defParamCharset: 'utf8' });
  } catch (cause) {
    throw new RequestError('malformed', 'content-type of a form needs a boundary', { cause });
  }
}

/** The reason why the file ended early is that of the whole request. */
async function* bytesOf(file: Readable, read: Promise<void>): ByteSource {
  read.catch(() => file.destroy());
  try {
    for await (const chunk of file) yield chunk as Uint8Array;
  } catch (error) {
    await read;
    throw error;
  }
  await read;
}

function reasonOf(error: unknown): unknown {
  if (isDomainError(error) || error instanceof RequestError) return error;
  return new RequestError('malformed', 'the form is incomplete or not valid', { cause: error });
}
