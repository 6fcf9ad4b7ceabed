import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A document that a text refers to. */
export interface Citation {
  /** As it is written there. */
  readonly written: string;
  /** From the project's root. */
  readonly path: string;
  /** Of a heading, or null for the whole document. */
  readonly anchor: string | null;
}

const COMMENTS = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
const LINKS = /\]\(([^)\s]+)\)/g;
const ADDRESSES = /\bhttps?:\/\/\S+/g;
const DOCUMENTS = /(?<![\w/.-])[\w./-]*\w\.(?:md|http)(?:#[\w-]+)?(?![\w-])/g;

/** What the comments of a TypeScript file cite, always from the project's root. */
export function citationsInComments(text: string): readonly Citation[] {
  return [...text.matchAll(COMMENTS)].flatMap(([comment]) =>
    [...comment.replace(ADDRESSES, '…').matchAll(DOCUMENTS)].map(([written]) => cited(written, '.')),
  );
}

/**
 * What a Markdown file links to in this project, from its own folder, and which documents it names
 * in its text.
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

/** What is wrong with a citation, or null: its document, or the heading in it, is not there. */
export function faultOf({ written, path, anchor }: Citation): string | null {
  if (!existsSync(path)) return `${written}: there is no such file`;
  if (anchor === null) return null;
  return anchorsOf(readFileSync(path, 'utf8')).has(anchor) ? null : `${written}: there is no such heading`;
}

/** The anchors of the headings of a Markdown text, as GitHub makes them. */
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
