import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { swapInstance } from '../../../src/adapters/data-directory/instance-file.ts';

describe('swapInstance', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'platter-instance-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  it('knows of nobody on a new directory, and then of each one before', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    expect(await swapInstance(folder, first)).toBeNull();
    expect(await swapInstance(folder, second)).toBe(first);
    expect(await swapInstance(folder, randomUUID())).toBe(second);
  });

  it('takes what is no id for nobody, and goes on', async () => {
    await writeFile(join(folder, 'instance'), "'; drop table media; --");
    const id = randomUUID();
    expect(await swapInstance(folder, id)).toBeNull();
    expect(await readFile(join(folder, 'instance'), 'utf8')).toBe(`${id}\n`);
  });
});
