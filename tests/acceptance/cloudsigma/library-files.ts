import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { sha256 } from '../../support/files/byte-sources.ts';
import { send } from '../../support/http/client.ts';
import { isoImage } from '../../support/images/iso-images.ts';
import type { Platter } from '../../support/program/platter.ts';
import { temporaryFolder } from '../../support/files/temporary-folder.ts';
import { until } from '../../support/waiting/until.ts';

/** The fields of a library drive in a library file, besides its source. */
export type Said = Readonly<Record<string, unknown>> & { readonly name: string };

/** Writes a library file with a small image for each library drive. Returns its path. */
export async function libraryFile(
  drives: readonly Said[],
  licences: readonly Readonly<Record<string, unknown>>[] = [],
): Promise<string> {
  const folder = await temporaryFolder();
  const entries = drives.map(async (said, at) => {
    const media = said.media ?? 'disk';
    const image = media === 'cdrom' ? isoImage({ label: `NUMBER_${at}` }) : Buffer.from(`the disk number ${at}`);
    await writeFile(join(folder, `${at}.img`), image);
    return { media, file: `${at}.img`, sha256: sha256(image), ...said };
  });
  const path = join(folder, 'library.yaml');
  await writeFile(path, stringify({ licences, drives: await Promise.all(entries) }));
  return path;
}

/** Resolves when a program is ready and has applied its library file. */
export async function untilReady({ url }: Pick<Platter, 'url'>): Promise<void> {
  await until('the library was gone through', async () => {
    const { status } = await send(url, { method: 'GET', path: '/readyz' });
    return status === 200;
  });
}
