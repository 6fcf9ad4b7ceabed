import { harmless, unjudgeable } from './by-signature.ts';
import type { FormatReader } from './image.ts';
import { iso } from './iso9660.ts';
import { luks } from './luks.ts';
import { parallels } from './parallels.ts';
import { qcow2 } from './qcow2.ts';
import { qed } from './qed.ts';
import { vdi } from './vdi.ts';
import { vhd } from './vhd.ts';
import { vhdx } from './vhdx.ts';
import { vmdkText } from './vmdk-text.ts';
import { vmdk } from './vmdk.ts';

/**
 * All formats that an image is compared with. Partition tables (MBR, GPT, Apple) are not among
 * them: they are part of a raw disk, and of an ISO that also boots from a USB stick.
 */
export const FORMATS: readonly FormatReader[] = [
  qcow2,
  vmdk,
  vmdkText,
  iso,
  vhd,
  vhdx,
  vdi,
  qed,
  parallels,
  luks,
  ...harmless,
  ...unjudgeable,
];
