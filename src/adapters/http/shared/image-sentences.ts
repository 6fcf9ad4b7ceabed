import type { FailureDetails } from '../../../domain/shared/domain-error.ts';

/**
 * What is said where a writable thin image may outgrow its quota. `left` and `growsTo` are known.
 */
export function growthSentence({
  needed,
  left,
  limitedBy,
  growsTo,
}: Required<
  Pick<
    Extract<FailureDetails['quota-exceeded'], { readonly needed: unknown }>,
    'needed' | 'left' | 'limitedBy' | 'growsTo'
  >
>): string {
  return (
    `a writable image may grow to its virtual size, ${growsTo} bytes: by ${needed} bytes, where the quota of the ${limitedBy} ` +
    `has ${left} bytes left; make it read-only, convert it to raw, or ask for a larger quota`
  );
}

/**
 * What is said where `what`, an item or a drive, holds an image that says itself how large its disk
 * is.
 */
export function notGrowable(what: string, format: string): string {
  return (
    `the ${what} holds a ${format} image, whose header says how large its disk is, so that more room behind it changes nothing for a guest: ` +
    `download it, enlarge its disk with "qemu-img resize" (formats that this cannot resize have to be converted with "qemu-img convert -O raw" first), and upload it again`
  );
}
