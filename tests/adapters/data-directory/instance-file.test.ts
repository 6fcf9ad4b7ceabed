import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInstance, writeInstance } from '../../../src/adapters/data-directory/instance-file.ts';

describe('The instance file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'platter-instance-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  it('is null on a new directory, and then the id of the previous process', async () => {
    expect(await readInstance(folder)).toBeNull();
    for (const id of [randomUUID(), randomUUID()]) {
      await writeInstance(folder, id);
      expect(await readInstance(folder)).toBe(id);
    }
  });

  it('is null when the file holds no id', async () => {
    await writeFile(join(folder, 'instance'), "'; drop table media; --");
    expect(await readInstance(folder)).toBeNull();
    const id = randomUUID();
    await writeInstance(folder, id);
    expect(await readFile(join(folder, 'instance'), 'utf8')).toBe(`${id}\n`);
  });
});
