import { charactersOf, hasAt } from './fields.ts';
import { refuse, type FormatReader } from './image.ts';

/**
 * What QEMU, VirtualBox or VMware recognise as a separate descriptor. When QEMU guesses, it needs
 * only a first line with a version; when the format is given, it needs a type anywhere in the text
 * before the first NUL.
 */
const SIGNS: readonly RegExp[] = [
  /^[ \t]*#[ \t]*disk[ \t]*descriptor[ \t]*file/im,
  /createType[^]{1,4}(?:monolithic|streamOptimized|twoGb|2Gb|vmfs|seSparse|custom|fullDevice|partitionedDevice)/i,
  /^[ \t]*(?:rw|rdonly|noaccess)[ \t]+[0-9]+[ \t]+(?:flat|sparse|zero|vmfs|sesparse)/im,
];
/**
 * Exactly what `vmdk_probe` of QEMU accepts: `version = 2` is a line of many other texts, and not
 * VMDK.
 */
const VERSION = /^version=[123]$/;
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/** A separate VMDK descriptor: it only names other files (OSSA-2023-002, OSSA-2024-002). */
export const vmdkText: FormatReader = {
  format: 'vmdk',
  matches: ({ head }) => isDescriptor(leadingText(head)),
  read: () => refuse('a VMDK descriptor has no content of its own'),
};

function leadingText(head: Uint8Array): string {
  const start = hasAt(head, 0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const end = head.indexOf(0, start);
  return charactersOf(end === -1 ? head.subarray(start) : head.subarray(start, end));
}

function isDescriptor(text: string): boolean {
  const first = text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#'));
  return (first !== undefined && VERSION.test(first)) || SIGNS.some((sign) => sign.test(text));
}
