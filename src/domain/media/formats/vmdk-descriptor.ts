import { charactersOf } from './fields.ts';
import { refuse } from './image.ts';

/*
 * “The Descriptor File” of VMware's “Virtual Disk Format 1.1”, read so that only what is understood
 * passes: OSSA-2023-002 is about descriptors that name a file of the host.
 */
const ONE_FILE = ['monolithicsparse', 'streamoptimized'];
const NO_PARENT = 'ffffffff';
const HEADER_KEYS = ['version', 'encoding', 'cid', 'parentcid', 'isnativesnapshot', 'createtype'];
/**
 * Entries that name files: a parent, the blocks that changed, what filters of the hypervisor keep
 * beside the disk.
 */
const NAMING_FILES = /parentfilenamehint|changetrackpath|nativeparenthint|ddb\.sidecars/i;
/**
 * QEMU rewrites a content id of eight digits by a shorter one without clearing the end of the old
 * text.
 */
const MAX_LEFT_OVER_BYTES = 7;
/** Tab, line feed, carriage return. */
const TEXT_CONTROLS = [0x09, 0x0a, 0x0d];
const EXTENT = /^(?:rw|rdonly) +([0-9]{1,18}) +sparse +"([^"]*)"$/i;
const ENTRY = /^([a-z0-9_.-]+) *= *(.*)$/i;

/**
 * How many sectors a descriptor says that the disk has.
 *
 * @throws DomainError `format-refused` unless it describes a disk that is whole in the file that it
 *   stands in
 */
export function requireOwnDescriptor(area: Uint8Array): { readonly sectors: bigint } {
  const lines = linesOf(area);
  const extents = lines.filter((line) => !ENTRY.test(line));
  requireEntries(lines.filter((line) => ENTRY.test(line)));
  if (extents.length !== 1) refuse('the VMDK is a disk in several files');
  const extent = EXTENT.exec(extents[0] ?? '');
  if (extent === null) refuse('the descriptor of the VMDK has a line that is not known');
  const [, sectors = '', name = ''] = extent;
  // The file may have got any name since; but a path, or the name of another protocol, was never
  // its own.
  if (/[/\\:]/.test(name) || name === '.' || name === '..') refuse('the VMDK names another file');
  return { sectors: BigInt(sectors) };
}

/**
 * The lines that say something. Comments say nothing, but are searched for what QEMU finds even
 * there.
 */
function linesOf(area: Uint8Array): readonly string[] {
  const end = area.indexOf(0);
  // Readers take the text up to its terminator; without one they would read on, past what is judged
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

/** Bytes above are letters, in whatever encoding the descriptor has. */
function isControl(byte: number): boolean {
  return (byte < 0x20 && !TEXT_CONTROLS.includes(byte)) || byte === 0x7f;
}

/** “The Header” and “The Disk Database”. The descriptor does not care about the case of letters. */
function requireEntries(lines: readonly string[]): void {
  const header = new Map<string, string>();
  for (const line of lines) {
    const [, key = '', value = ''] = ENTRY.exec(line.toLowerCase()) ?? [];
    if (key.startsWith('ddb.')) continue;
    // Readers differ in which of two they believe.
    if (header.has(key)) refuse('the descriptor of the VMDK says the same thing twice');
    if (!HEADER_KEYS.includes(key)) refuse('the descriptor of the VMDK has a line that is not known');
    header.set(key, value.replace(/^"(.*)"$/, '$1'));
  }
  if (!ONE_FILE.includes(header.get('createtype') ?? '')) {
    refuse('only the VMDK types monolithicSparse and streamOptimized are taken');
  }
  if (header.get('parentcid') !== NO_PARENT || (header.get('isnativesnapshot') ?? 'no') !== 'no') {
    refuse('the VMDK has a parent');
  }
}
