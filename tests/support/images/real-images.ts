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
 * Returns an image of another program (the fixture names it): its original headers, with zeros for
 * its content.
 */
export function realImage(name: string): Uint8Array {
  const { size, parts } = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Fixture;
  const image = new Uint8Array(size);
  for (const { at, deflated } of parts) image.set(inflateSync(Buffer.from(deflated, 'base64')), at);
  return image;
}

/** Creates an image with qemu-img, with these options before and after its file name. */
export async function qemuImage(options: readonly string[], after: readonly string[]): Promise<Uint8Array> {
  const file = join(await temporaryFolder(), 'image');
  await run('qemu-img', [...options, file, ...after]);
  return readFile(file);
}
