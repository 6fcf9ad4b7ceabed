import { join } from 'node:path';
import { readConfig } from '../../../src/infrastructure/config/config.ts';
import { SETTINGS } from '../../../src/infrastructure/config/settings.ts';
import { documentText, sectionOf } from './document.ts';

const text = documentText('docs/configuration.md');

describe('The documented configuration', () => {
  it('lists every setting with its default, and no other', () => {
    const entries = sectionOf(text, '## Settings').matchAll(/^- `(\w+)` \((?:default `(.+?)`|no default)\): /gm);
    const documented = [...entries].map(([, name, fallback]) => [name, fallback ?? '']);
    expect(documented).toEqual(Object.entries(SETTINGS).map(([name, { fallback }]) => [name, fallback ?? '']));
  });

  it('shows the pools file of the examples', () => {
    const block = /```yaml\n(.*?)```/s.exec(text)?.[1];
    const example = documentText('examples/pools.yaml');
    expect(block).toBe(example.replace(/^#.*\n/, ''));
  });

  it('shows a valid pools file', async () => {
    const { pools } = await readConfig({ PLATTER_POOLS_FILE: 'examples/pools.yaml' });
    expect(pools).toEqual([
      {
        id: 1,
        name: 'fast',
        path: '/srv/platter/fast',
        capacity: 500 * 2 ** 30,
        storageType: 'dssd',
        isDefault: true,
        location: 0,
        movingTo: null,
      },
      {
        id: 2,
        name: 'archive',
        path: join(process.cwd(), 'examples', 'archive'),
        capacity: 12e12,
        storageType: 'hdd',
        isDefault: false,
        location: 0,
        movingTo: null,
      },
    ]);
  });
});
