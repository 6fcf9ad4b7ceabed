/** A boundary has at most 70 characters (RFC 2046, section 5.1.1). */
const ENVELOPE = /^--[^\r\n]{1,70}\r\ncontent-disposition: *form-data/i;
/** More than the longest match. */
const INSPECTED_BYTES = 160;

/**
 * Detects a `multipart/form-data` form at the beginning of a body that is stored as it is. Two web
 * interfaces send a form and declare it as bytes, so that the stored item is not an image.
 */
export class FormEnvelope {
  #beginning = Buffer.alloc(0);

  /**
   * Takes the next bytes of the body. Returns true once, when they complete the beginning of a
   * form.
   */
  isFoundIn(chunk: Uint8Array): boolean {
    if (this.#beginning.length >= INSPECTED_BYTES) return false;
    const before = ENVELOPE.test(this.#beginning.toString('latin1'));
    this.#beginning = Buffer.concat([this.#beginning, chunk.subarray(0, INSPECTED_BYTES)]);
    return !before && ENVELOPE.test(this.#beginning.toString('latin1'));
  }
}
