import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A reference to a document. */
export interface Citation {
  /** As written. */
  readonly written: string;
  /** From the project's root. */
  readonly path: string;
  /** The anchor of a heading, or null for the whole document. */
  readonly anchor: string | null;
}

const COMMENTS = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
const LINKS = /\]\(([^)\s]+)\)/g;
const ADDRESSES = /\bhttps?:\/\/\S+/g;
const DOCUMENTS = /(?<![\w/.-])[\w./-]*\w\.(?:md|http)(?:#[\w-]+)?(?![\w-])/g;

/**
 * Returns the citations in the comments of a TypeScript file, with paths from the project's root.
 */
export function citationsInComments(text: string): readonly Citation[] {
  return [...text.matchAll(COMMENTS)].flatMap(([comment]) =>
    [...comment.replace(ADDRESSES, '…').matchAll(DOCUMENTS)].map(([written]) => cited(written, '.')),
  );
}

/**
 * Returns the links of a Markdown file within this project, relative to its folder, and the
 * documents that its text names.
 */
export function citationsInMarkdown(path: string, text: string): readonly Citation[] {
  const links = [...text.matchAll(LINKS)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => (target.startsWith('#') ? { ...cited(target, '.'), path } : cited(target, dirname(path))));
  const named = [...text.replace(LINKS, '](…)').replace(ADDRESSES, '…').matchAll(DOCUMENTS)].map(([written]) =>
    cited(written, '.'),
  );
  return [...links, ...named.filter((one) => one.path.includes('/') || one.anchor !== null)];
}

/** Returns the fault of a citation, a missing document or heading, or null. */
export function faultOf({ written, path, anchor }: Citation): string | null {
  if (!existsSync(path)) return `${written}: there is no such file`;
  if (anchor === null) return null;
  return anchorsOf(readFileSync(path, 'utf8')).has(anchor) ? null : `${written}: there is no such heading`;
}

/** Returns the anchors of the headings of a Markdown text, as GitHub computes them. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.replace(/^```.*?^```$/gms, '').matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let [anchor, copy] = [plain, 0];
    while (anchors.has(anchor)) anchor = `${plain}-${++copy}`;
    anchors.add(anchor);
  }
  return anchors;
}

function cited(written: string, folder: string): Citation {
  const [path = '', anchor = null] = written.split('#');
  return { written, path: normalize(join(folder, path)), anchor };
}
