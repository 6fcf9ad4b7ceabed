import { hasAt, headerAt } from './fields.ts';
import { refuse, type FormatReader, type Image, type ImageContent } from './image.ts';

/*
 * “LUKS On-Disk Format Specification”, versions 1.2.3 and 2: a signature, then the version,
 * big-endian. Neither version names a device or a file: a header says where in its own device the
 * content lies. The tokens of version 2 say where a person's tools may find a passphrase; no
 * hypervisor follows them, and whoever unlocks the disk by them is its owner.
 */
const VERSION_AT = 6;
const VERSIONS = [1, 2];

/** A disk encrypted by LUKS. A guest that unlocks it itself sees all of its bytes. */
export const luks: FormatReader = {
  format: 'luks',
  matches: ({ head }) => hasAt(head, 0, 'LUKS\xba\xbe'),
  read: readLuks,
};

function readLuks(image: Image): ImageContent {
  const version = headerAt(image, VERSION_AT, 2, 'LUKS header').getUint16(0);
  if (!VERSIONS.includes(version)) refuse('only versions 1 and 2 of LUKS are known');
  return { virtualSize: image.size, label: null, encrypted: true };
}
