import { hasAt, headerAt } from './fields.ts';
import { refuse, type FormatReader, type Image, type ImageContent } from './image.ts';

/*
 * “LUKS On-Disk Format Specification”, versions 1.2.3 and 2: a signature, then the version,
 * big-endian. Neither version names a device or a file: the offsets in a header are within its own
 * device. The tokens of version 2 tell the tools of a user where to find a passphrase; no
 * hypervisor follows them.
 */
const VERSION_AT = 6;
const VERSIONS = [1, 2];

/** A disk encrypted by LUKS. A guest sees all of its bytes and unlocks it. */
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
