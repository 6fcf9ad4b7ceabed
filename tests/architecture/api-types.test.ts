import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

it('The types of the command line are those of the OpenAPI document; else run "npm run types"', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', './tests/support/typescript.mjs', 'api-types.mjs', '--print'],
    { maxBuffer: 16 * 2 ** 20 },
  );
  const fresh = stdout.split('\n');
  const kept = readFileSync('src/client/api/v1.d.ts', 'utf8').split('\n');
  // A whole comparison of thousands of lines says less than the first that differs.
  const differing = fresh.findIndex((line, at) => line !== kept[at]);
  expect([differing, kept[differing] ?? null, kept.length]).toEqual([-1, null, fresh.length]);
});
