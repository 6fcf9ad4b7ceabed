import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import type { Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';

/** Lets exactly the promised number of bytes through, counting and hashing them. Fails with `body-too-short` or `body-too-long`. */
export class Metered extends Transform {
  readonly #promised: Bytes;
  readonly #hash = createHash('sha256');
  #received = 0;

  constructor(promised: Bytes) {
    super();
    this.#promised = promised;
  }

  /** SHA-256 of all that came through, in lower-case hex. To be asked once, after the end. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#received += chunk.length;
    if (this.#received > this.#promised) {
      done(new DomainError('body-too-long', { promised: this.#promised }));
      return;
    }
    this.#hash.update(chunk);
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    const missing = this.#received < this.#promised;
    done(
      missing
        ? new DomainError('body-too-short', { promised: this.#promised, received: this.#received as Bytes })
        : null,
    );
  }
}
