import { Argon2PasswordHasher } from '../../../src/adapters/passwords/argon2-password-hasher.ts';

describe('Argon2PasswordHasher', () => {
  const hasher = new Argon2PasswordHasher();
  const turn = { name: 'test', isKnown: false };

  async function verify(passwordHash: string | null, password: string, using = hasher, name = 'ann'): Promise<boolean> {
    return using.verify({ name, password, passwordHash }, turn);
  }

  it('hashes with Argon2id and a fresh salt each time', async () => {
    const first = await hasher.hash('correct horse', turn);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await hasher.hash('correct horse', turn)).not.toBe(first);
  });

  it.each(['correct horse', 'ünïcödé 🐎', ' ', 'a'.repeat(1024)])(
    'knows the password %j again, and no other',
    async (password) => {
      const hash = await hasher.hash(password, turn);
      expect(await verify(hash, password)).toBe(true);
      expect(await verify(hash, `${password} `)).toBe(false);
      expect(await verify(hash, '')).toBe(false);
    },
  );

  it('accepts no password for an unknown user', async () => {
    expect(await verify(null, 'correct horse')).toBe(false);
    expect(await verify(null, '')).toBe(false);
  });

  it('accepts a password in NFC and as it was hashed', async () => {
    const [composed, apart] = ['Zo\u00eb', 'Zoe\u0308'];
    expect(await verify(await hasher.hash(composed, turn), apart)).toBe(true);
    expect(await verify(await hasher.hash(apart, turn), apart)).toBe(true);
    expect(await verify(await hasher.hash(apart, turn), 'Zoe')).toBe(false);
  });

  it('runs identical verifications once, and refuses what exceeds the queue, for known and unknown users', async () => {
    const hash = await hasher.hash('correct horse', turn);
    const narrow = new Argon2PasswordHasher({ maxRunning: 1, maxWaiting: 0, retryAfterSeconds: 1 });
    const identical = Array.from({ length: 20 }, async () => verify(hash, 'correct horse', narrow));
    const unknown = ['ben', 'cid'].map(async (name) => verify(null, 'correct horse', narrow, name));
    const other = verify(hash, 'other', narrow);
    const hashed = narrow.hash('correct horse', turn);
    for (const turnedAway of await Promise.allSettled([...unknown, other, hashed])) {
      expect(turnedAway).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    }
    expect(new Set(await Promise.all(identical))).toEqual(new Set([true]));
    expect(await verify(hash, 'other', narrow)).toBe(false);
  });

  it('runs one verification for each unknown name, as for users', async () => {
    const narrow = new Argon2PasswordHasher({ maxRunning: 1, maxWaiting: 0, retryAfterSeconds: 1 });
    const guesses = ['ben', 'ben', 'cid'].map(async (name) => verify(null, 'a guess', narrow, name));
    const [first, same, other] = await Promise.allSettled(guesses);
    expect([first, same]).toEqual([first, first]);
    expect(first).toMatchObject({ status: 'fulfilled', value: false });
    expect(other).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
  });

  it('rejects an invalid hash', async () => {
    await expect(verify('not a hash', 'password')).rejects.toThrow();
  });
});
