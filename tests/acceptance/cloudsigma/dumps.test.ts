import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER } from './dumps.ts';

describe('Every recorded exchange', () => {
  it('is compared with an answer by a test', () => {
    const tests = readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
      .join('\n');
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.http'));
    const names = [...new Set(files.map((file) => file.replace(/^(?:request|response)_|\.http$/g, '')))];
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !new RegExp(`[_']${name}'`).test(tests))).toEqual([]);
  });
});
