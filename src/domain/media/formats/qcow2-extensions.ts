import { MAX_BYTES } from '../../shared/bytes.ts';
import { headerAt } from './fields.ts';
import { refuse, type Image, type Span } from './image.ts';

const END = 0;
/** There are six types, each at most once. */
const MAX_EXTENSIONS = 64;
const PREFIX = 8;

const ENCRYPTION = 0x0537be77;
const ENCRYPTION_LENGTH = 16;

/** Extensions that name other files. Unknown extensions can be ignored, as the format defines. */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [0xe2792aca, 'the qcow2 image names the format of a backing file'],
  [0x44415441, 'the qcow2 image names an external file for its content'],
]);

/**
 * Reads the header extensions, which lie between the header and the end of the first cluster
 * (“Header extensions” of the “Qcow2 Image File Format”). Returns the span of the encryption header
 * that they name, or null.
 *
 * @throws DomainError `format-refused` when an extension names another file, or they do not end
 *   within the head
 */
export function requireHarmlessExtensions(
  image: Image,
  headerLength: number,
  clusterSize: number,
): { readonly encryption: Span | null } {
  let encryption: Span | null = null;
  let at = headerLength;
  for (let seen = 0; at + PREFIX <= clusterSize; seen++) {
    if (seen === MAX_EXTENSIONS) refuse('the qcow2 header has too many extensions');
    const prefix = headerAt(image, at, PREFIX, 'qcow2 header');
    const kind = prefix.getUint32(0);
    const length = prefix.getUint32(4);
    if (kind === END) break;
    const refusal = REFUSED.get(kind);
    if (refusal !== undefined) refuse(refusal);
    if (kind === ENCRYPTION) {
      // Readers differ in which of two they use.
      if (encryption !== null) refuse('the qcow2 image says twice how it is encrypted');
      encryption = encryptionAt(image, at + PREFIX, length);
    }
    at += PREFIX + Math.ceil(length / 8) * 8;
    if (at > clusterSize) refuse('an extension of the qcow2 header has an invalid length');
  }
  return { encryption };
}

/** “Full disk encryption header pointer”. */
function encryptionAt(image: Image, at: number, length: number): Span {
  if (length !== ENCRYPTION_LENGTH) refuse('an extension of the qcow2 header has an invalid length');
  const pointer = headerAt(image, at, ENCRYPTION_LENGTH, 'qcow2 header');
  const [offset, size] = [pointer.getBigUint64(0), pointer.getBigUint64(8)];
  if (offset > BigInt(MAX_BYTES) || size > BigInt(MAX_BYTES)) {
    refuse('the qcow2 image is encrypted and has its keys at an invalid offset');
  }
  return { at: Number(offset), length: Number(size) };
}
