import {
  HEAD_BYTES,
  inspectImage,
  nextPart,
  TAIL_BYTES,
  type ImageFacts,
} from '../../../../src/domain/media/formats/inspect-image.ts';
import type { Part } from '../../../../src/domain/media/formats/image.ts';
import { bytes } from '../../../../src/domain/shared/bytes.ts';
import { isFailure } from '../../../../src/domain/shared/domain-error.ts';

/**
 * Inspects a complete image as an upload is inspected: by its head, its tail, and the parts that
 * its format requests.
 */
export function inspect(image: Uint8Array): ImageFacts {
  const tail = image.subarray(Math.max(0, image.length - TAIL_BYTES));
  return inspectImage(image.subarray(0, HEAD_BYTES), tail, bytes(image.length), partsOf(image));
}

/** Inspects an image whose tail has not arrived. */
export function inspectBeginning(image: Uint8Array): ImageFacts {
  return inspectImage(image.subarray(0, HEAD_BYTES), null, bytes(image.length), partsOf(image));
}

/** The parts that the format of an image requests. */
export function partsOf(image: Uint8Array): readonly Part[] {
  const parts: Part[] = [];
  let end = HEAD_BYTES;
  for (;;) {
    const next = nextPart(image.subarray(0, HEAD_BYTES), bytes(image.length), parts);
    if (next === null) return parts;
    expect(next.at).toBeGreaterThanOrEqual(end);
    end = next.at + next.length;
    expect(end).toBeLessThanOrEqual(image.length);
    parts.push({ at: next.at, content: image.subarray(next.at, end) });
  }
}

/**
 * Returns the reason why an image is refused, or null if it is accepted.
 *
 * @throws any other error
 */
export function refusalReason(image: Uint8Array, look: (image: Uint8Array) => ImageFacts = inspect): string | null {
  try {
    look(image);
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
