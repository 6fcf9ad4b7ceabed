import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../../src/infrastructure/config/config.ts';
import { libraryEntry } from '../../../src/infrastructure/config/library-entry.ts';
import { temporaryFolder } from '../../support/files/temporary-folder.ts';
import { documentText, sectionOf } from './document.ts';

const text = documentText('docs/library.md');
const section = sectionOf(text, '## The file');

describe('The documented library file', () => {
  it('is valid', async () => {
    const example = /```yaml\n(.*?)```/s.exec(section)?.[1] ?? '';
    const path = join(await temporaryFolder(), 'library.yaml');
    await writeFile(path, example);
    const { library } = await readConfig({ PLATTER_LIBRARY_FILE: path });
    expect(library).toMatchObject({
      licences: [{ name: 'ledger_core', number: null, type: 'instance', burstable: true, userMetric: 'smp' }],
      entries: [
        {
          id: null,
          type: 'DISK',
          facts: { name: 'Harbour Linux 3.1 Server', arch: '64', version: '3.1', imageType: 'preinst', url: '' },
          licences: [{ licence: 'ledger_core', amount: 2 }],
        },
      ],
    });
  });

  it('may have URLs instead of files', async () => {
    const example = /```yaml\n(.*?)```/s.exec(sectionOf(text, '## Images from URLs'))?.[1] ?? '';
    const path = join(await temporaryFolder(), 'library.yaml');
    await writeFile(path, example);
    const { library } = await readConfig({ PLATTER_LIBRARY_FILE: path });
    expect(library?.entries).toMatchObject([
      {
        source: { kind: 'url', url: 'https://images.example/3.1/harbour-3.1-cloud.img' },
        facts: { name: 'Harbour Linux 3.1 cloud image', url: '' },
      },
    ]);
  });

  it('lists every key of a library drive, and no other', () => {
    const [keys = ''] = section.split('Of a licence:');
    const documented = [...keys.matchAll(/^- (`[^(:]*)/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, key]) => key),
    );
    expect(new Set(documented)).toEqual(new Set([...Object.keys(libraryEntry.shape), 'file', 'copy_of']));
  });
});
