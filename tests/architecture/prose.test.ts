import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENTS = ['.', 'docs']
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.md'));

/** Words that replace a missing noun, or that have two spellings. */
const VAGUE =
  /\b(?:who(?:m|so)?ever|(?:some|no|any|every)body|by (?:it|them)sel(?:f|ves)|can(?: no|')t|pieces? of media)\b/gi;

/** Returns the vague words of a Markdown text, outside of code. */
function vagueWords(text: string): readonly string[] {
  const prose = text
    .replace(/^ *```.*?^ *```$/gms, '')
    .replace(/`[^`]*`/g, '')
    .replace(/\s+/g, ' ');
  return prose.match(VAGUE) ?? [];
}

it.each(DOCUMENTS)('%s has no vague words', (path) => {
  expect(vagueWords(readFileSync(path, 'utf8'))).toEqual([]);
});

it('The search for vague words covers prose, and not code', () => {
  const text = "Whoever asks can\nnot be told: it can't be seen by\nitself. A piece of media belongs to nobody.";
  expect(vagueWords(text)).toEqual(['Whoever', 'can not', "can't", 'by itself', 'piece of media', 'nobody']);
  expect(vagueWords("`nobody` cannot be seen\n\n```\nwhoever can't\n```\n")).toEqual([]);
});
