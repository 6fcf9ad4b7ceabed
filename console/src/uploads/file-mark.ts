const MIB = 1024 ** 2;
const PREFIX = 'platter-upload:';

/** What tells one file from another of the same name, without reading all of it. */
export interface FileMark {
  readonly size: number;
  readonly modified: number;
  /** Of the first and the last MiB; null where the browser offers no digests. */
  readonly digest: string | null;
}

/** Reads at most 2 MiB of the file. */
export async function markOf(file: File): Promise<FileMark> {
  return { size: file.size, modified: file.lastModified, digest: await digestOf(file) };
}

/** Keeps the mark of the file of an upload until the upload ends. */
export function keepMark(upload: string, mark: FileMark): void {
  localStorage.setItem(PREFIX + upload, JSON.stringify(mark));
}

export function forgetMark(upload: string): void {
  localStorage.removeItem(PREFIX + upload);
}

/** Returns the mark that this browser keeps of an upload; null if it began elsewhere. */
export function keptMark(upload: string): FileMark | null {
  const text = localStorage.getItem(PREFIX + upload);
  return text === null ? null : (JSON.parse(text) as FileMark);
}

/** True if the file is the one that an upload began with, as far as the mark tells. */
export function isSameFile(kept: FileMark, chosen: FileMark): boolean {
  if (kept.size !== chosen.size) return false;
  if (kept.digest === null || chosen.digest === null) return kept.modified === chosen.modified;
  return kept.digest === chosen.digest;
}

/** Browsers offer digests to pages over TLS and of this machine only. */
async function digestOf(file: File): Promise<string | null> {
  if (!isSecureContext) return null;
  const ends = new Blob([file.slice(0, MIB), file.slice(-MIB)]);
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await ends.arrayBuffer()));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
