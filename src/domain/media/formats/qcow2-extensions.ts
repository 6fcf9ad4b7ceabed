import { headerAt } from './fields.ts';
import { refuse, type Image } from './image.ts';

const END = 0;
/** There are six kinds, each at most once. */
const MOST_EXTENSIONS = 64;
const PREFIX = 8;

/** Kinds that make no sense in an image that stands alone, unencrypted. Unknown kinds can be ignored safely, as the format says. */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [0xe2792aca, 'the qcow2 image names the format of a backing file'],
  [0x44415441, 'the qcow2 image names an external file for its content'],
  [0x0537be77, 'the qcow2 image is encrypted'],
]);

/**
 * Walks the header extensions, which lie between the header and the end of the first cluster (“Header extensions” of the “Qcow2
 * Image File Format”).
 *
 * @throws DomainError `format-refused` for one that names another file, or where they do not end within what is seen
 */
export function requireHarmlessExtensions(image: Image, headerLength: number, clusterSize: number): void {
  let at = headerLength;
  for (let seen = 0; at + PREFIX <= clusterSize; seen++) {
    if (seen === MOST_EXTENSIONS) refuse('the qcow2 header has too many extensions');
    const prefix = headerAt(image, at, PREFIX, 'qcow2 header');
    const kind = prefix.getUint32(0);
    const length = prefix.getUint32(4);
    if (kind === END) return;
    const refusal = REFUSED.get(kind);
    if (refusal !== undefined) refuse(refusal);
    at += PREFIX + Math.ceil(length / 8) * 8;
    if (at > clusterSize) refuse('an extension of the qcow2 header has an absurd length');
  }
}
