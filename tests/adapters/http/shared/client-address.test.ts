import { normaliseAddress, trustedProxies } from '../../../../src/adapters/http/shared/client-address.ts';

describe('An address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    [' 192.0.2.1\t', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:A', '2001:db8::a'],
    ['[2001:DB8::A]', '2001:db8::a'],
    ['[2001:db8::a]:4711', '2001:db8::a'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:C000:201', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:4711', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:1', 'fe80::1'],
  ])('that is written as %j is %j', (text, address) => {
    expect(normaliseAddress(text)).toBe(address);
  });

  it.each(['', 'unknown', '_hidden', '192.0.2.1:', '192.0.2', '192.0.2.01', '256.0.0.1', '[]', '[192.0.2.1', 'a b'])(
    'is not %j',
    (text) => {
      expect(normaliseAddress(text)).toBeNull();
    },
  );
});

describe('A trusted proxy', () => {
  const trusts = trustedProxies(['10.0.0.0/8', '::ffff:192.0.2.0/120', '2001:DB8::/32', '::ffff:198.51.100.7']);

  it.each(['10.1.2.3', '::ffff:10.1.2.3', '10.1.2.3:80', '192.0.2.200', '[2001:db8::1]:80', '198.51.100.7'])(
    'is %j',
    (address) => expect(trusts(address)).toBe(true),
  );

  it.each(['11.1.2.3', '192.0.3.1', '2001:db9::1', '198.51.100.8', 'garbage', ''])('is not %j', (address) =>
    expect(trusts(address)).toBe(false),
  );
});
