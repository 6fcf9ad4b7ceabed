/** A boundary has at most 70 characters (RFC 2046, section 5.1.1). */
const ENVELOPE = /^--[^\r\n]{1,70}\r\ncontent-disposition: *form-data/i;
/** What is looked at: more than the longest beginning that fits. Bytes. */
const INSPECTED_BYTES = 160;

/**
 * Looks at the first bytes of a body that is stored as it is, and says whether they are those of a
 * `multipart/form-data` form: two web interfaces send a form and call it bytes, so that what is
 * stored is no image.
 */
export class FormEnvelope {
  #beginning = Buffer.alloc(0);

  /**
   * Takes the next bytes of the body. Returns true once, when the beginning turns out to be that of
   * a form.
   */
  isFoundIn(chunk: Uint8Array): boolean {
    if (this.#beginning.length >= INSPECTED_BYTES) return false;
    const before = ENVELOPE.test(this.#beginning.toString('latin1'));
    this.#beginning = Buffer.concat([this.#beginning, chunk.subarray(0, INSPECTED_BYTES)]);
    return !before && ENVELOPE.test(this.#beginning.toString('latin1'));
  }
}
