import { HEAD_BYTES, inspectImage, TAIL_BYTES } from '../../../../src/domain/media/formats/inspect-image.ts';
import type { ImageFacts } from '../../../../src/domain/media/formats/inspect-image.ts';
import { bytes } from '../../../../src/domain/shared/bytes.ts';
import { isFailure } from '../../../../src/domain/shared/domain-error.ts';

/** Inspects an image that is all there, as whoever takes it in would: by its first and its last bytes. */
export function inspect(image: Uint8Array): ImageFacts {
  const tail = image.subarray(Math.max(0, image.length - TAIL_BYTES));
  return inspectImage(image.subarray(0, HEAD_BYTES), tail, bytes(image.length));
}

/** Why an image is refused, or null where it is taken. Anything that is thrown and is no refusal is passed on. */
export function refusalOf(image: Uint8Array): string | null {
  try {
    inspect(image);
    return null;
  } catch (error) {
    if (isFailure(error, 'format-refused')) return error.detail.reason;
    throw error;
  }
}

/** Text as the bytes of a file. */
export function textImage(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
