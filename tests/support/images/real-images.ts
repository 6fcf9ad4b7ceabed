import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { temporaryFolder } from '../files/temporary-folder.ts';

const run = promisify(execFile);
const FOLDER = join(import.meta.dirname, '../../fixtures/images');

interface Fixture {
  readonly size: number;
  readonly parts: readonly { readonly at: number; readonly deflated: string }[];
}

/**
 * An image that another program made (the fixture says which): its headers as they were, zeros
 * where its content was. Small enough to be held as a whole.
 */
export function realImage(name: string): Uint8Array {
  const { size, parts } = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Fixture;
  const image = new Uint8Array(size);
  for (const { at, deflated } of parts) image.set(inflateSync(Buffer.from(deflated, 'base64')), at);
  return image;
}

/** An image that qemu-img makes, with these options before and after its file name. */
export async function madeByQemu(options: readonly string[], after: readonly string[]): Promise<Uint8Array> {
  const file = join(await temporaryFolder(), 'image');
  await run('qemu-img', [...options, file, ...after]);
  return readFile(file);
}
