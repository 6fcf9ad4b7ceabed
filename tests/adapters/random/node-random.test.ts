import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { isUuid } from '../../../src/domain/shared/ids.ts';

describe('NodeRandom', () => {
  const random = new NodeRandom();

  it('creates different UUIDs, authkeys and passwords each time', () => {
    expect(isUuid(random.uuid())).toBe(true);
    expect(random.authkey()).toMatch(/^[\w-]{43}$/);
    expect(random.password()).toMatch(/^[\w-]{32}$/);
    const made = Array.from({ length: 100 }, () => [random.uuid(), random.authkey(), random.password()]).flat();
    expect(new Set(made).size).toBe(made.length);
  });

  it('returns the SHA-256 of a key', () => {
    expect(random.hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
