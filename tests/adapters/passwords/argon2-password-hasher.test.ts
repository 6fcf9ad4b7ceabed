import { Argon2PasswordHasher } from '../../../src/adapters/passwords/argon2-password-hasher.ts';

describe('Argon2PasswordHasher', () => {
  const hasher = new Argon2PasswordHasher();

  it('hashes with Argon2id and a fresh salt each time', async () => {
    const first = await hasher.hash('correct horse');
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await hasher.hash('correct horse')).not.toBe(first);
  });

  it.each(['correct horse', 'ünïcödé 🐎', ' ', 'a'.repeat(1024)])(
    'knows the password %j again, and no other',
    async (password) => {
      const hash = await hasher.hash(password);
      expect(await hasher.verify(hash, password)).toBe(true);
      expect(await hasher.verify(hash, `${password} `)).toBe(false);
      expect(await hasher.verify(hash, '')).toBe(false);
    },
  );

  it('finds no password right for nobody', async () => {
    expect(await hasher.verify(null, 'correct horse')).toBe(false);
    expect(await hasher.verify(null, '')).toBe(false);
  });

  it('works once for identical questions, and turns away what the queue has no room for', async () => {
    const hash = await hasher.hash('correct horse');
    const narrow = new Argon2PasswordHasher({ atOnce: 1, waiting: 0, retryAfterSeconds: 1 });
    const identical = Array.from({ length: 20 }, async () => narrow.verify(hash, 'correct horse'));
    const unknown = narrow.verify(null, 'correct horse');
    const other = narrow.verify(hash, 'other');
    const hashed = narrow.hash('correct horse');
    for (const turnedAway of await Promise.allSettled([unknown, other, hashed])) {
      expect(turnedAway).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    }
    expect(new Set(await Promise.all(identical))).toEqual(new Set([true]));
    expect(await narrow.verify(hash, 'other')).toBe(false);
  });

  it('fails for what is no hash', async () => {
    await expect(hasher.verify('not a hash', 'password')).rejects.toThrow();
  });
});
