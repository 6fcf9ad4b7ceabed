import { charactersOf } from './fields.ts';
import { refuse } from './image.ts';

/*
 * “The Descriptor File” of VMware's “Virtual Disk Format 1.1”. Only known lines pass: OSSA-2023-002
 * is about descriptors that name a file of the host.
 */
const ONE_FILE = ['monolithicsparse', 'streamoptimized'];
const NO_PARENT = 'ffffffff';
const HEADER_KEYS = ['version', 'encoding', 'cid', 'parentcid', 'isnativesnapshot', 'createtype'];
/** Entries that name files: a parent, changed block tracking, the sidecars of filters. */
const NAMING_FILES = /parentfilenamehint|changetrackpath|nativeparenthint|ddb\.sidecars/i;
/**
 * QEMU replaces a content id of eight digits by a shorter one without clearing the rest of the old
 * text.
 */
const MAX_LEFT_OVER_BYTES = 7;
/** Tab, line feed, carriage return. */
const TEXT_CONTROLS = [0x09, 0x0a, 0x0d];
const EXTENT = /^(?:rw|rdonly) +([0-9]{1,18}) +sparse +"([^"]*)"$/i;
const ENTRY = /^([a-z0-9_.-]+) *= *(.*)$/i;

/**
 * Returns the number of sectors that a descriptor declares.
 *
 * @throws DomainError `format-refused` unless it describes a disk that is entirely in the file of
 *   the descriptor
 */
export function requireOwnDescriptor(area: Uint8Array): { readonly sectors: bigint } {
  const lines = linesOf(area);
  const extents = lines.filter((line) => !ENTRY.test(line));
  requireEntries(lines.filter((line) => ENTRY.test(line)));
  if (extents.length !== 1) refuse('the VMDK is a disk in several files');
  const extent = EXTENT.exec(extents[0] ?? '');
  if (extent === null) refuse('the descriptor of the VMDK has a line that is not known');
  const [, sectors = '', name = ''] = extent;
  // The file may have been renamed, but its own name was never a path or a URL.
  if (/[/\\:]/.test(name) || name === '.' || name === '..') refuse('the VMDK names another file');
  return { sectors: BigInt(sectors) };
}

/**
 * The lines without comments. Comments are searched for names of files, since QEMU finds them even
 * there.
 */
function linesOf(area: Uint8Array): readonly string[] {
  const end = area.indexOf(0);
  // Readers read up to the terminator; without one they would read bytes that were not checked
  // here.
  if (end === -1) refuse('the descriptor of the VMDK does not end');
  if (area.subarray(end + MAX_LEFT_OVER_BYTES).some((byte) => byte !== 0)) {
    refuse('the descriptor of the VMDK goes on after its end');
  }
  const text = charactersOf(area.subarray(0, end));
  if (NAMING_FILES.test(text)) refuse('the VMDK names another file');
  const lines = text.split(/\r?\n/).map((line) => line.replaceAll('\t', ' ').trim());
  if (area.subarray(0, end).some(isControl) || lines.some((line) => line.includes('\r'))) {
    refuse('the descriptor of the VMDK is not text');
  }
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

/** Bytes from 0x80 are letters, in any encoding. */
function isControl(byte: number): boolean {
  return (byte < 0x20 && !TEXT_CONTROLS.includes(byte)) || byte === 0x7f;
}

/** “The Header” and “The Disk Database”. The descriptor is not case-sensitive. */
function requireEntries(lines: readonly string[]): void {
  const header = new Map<string, string>();
  for (const line of lines) {
    const [, key = '', value = ''] = ENTRY.exec(line.toLowerCase()) ?? [];
    if (key.startsWith('ddb.')) continue;
    // Readers differ in which of two they use.
    if (header.has(key)) refuse('the descriptor of the VMDK says the same thing twice');
    if (!HEADER_KEYS.includes(key)) refuse('the descriptor of the VMDK has a line that is not known');
    header.set(key, value.replace(/^"(.*)"$/, '$1'));
  }
  if (!ONE_FILE.includes(header.get('createtype') ?? '')) {
    refuse('only the VMDK types monolithicSparse and streamOptimized are supported');
  }
  if (header.get('parentcid') !== NO_PARENT || (header.get('isnativesnapshot') ?? 'no') !== 'no') {
    refuse('the VMDK has a parent');
  }
}
