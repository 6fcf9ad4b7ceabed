import { SETTINGS } from '../../src/infrastructure/config/settings.ts';

/** Returns the value of a setting, or the first of its faults. */
function valueOf(name: 'HOSTS' | 'PORTS' | 'NETWORKS' | 'DNS', text: string): unknown {
  const parsed = SETTINGS[`PLATTER_IMPORT_${name}`].schema.safeParse(text);
  return parsed.success ? parsed.data : parsed.error.issues[0]?.message.split(',')[0];
}

describe('The settings of imports', () => {
  it.each([
    ['HOSTS', '', []],
    ['HOSTS', ' Example.org ,*.example.org,, my_mirror ', ['example.org', '*.example.org', 'my_mirror']],
    ['HOSTS', 'xn--bcher-kva.example, 10.0.0.7, fd00::7', ['xn--bcher-kva.example', '10.0.0.7', 'fd00::7']],
    ['PORTS', '', []],
    ['PORTS', '8080, 8443', [8080, 8443]],
    ['NETWORKS', '10.0.0.0/8, fd00::7', ['10.0.0.0/8', 'fd00::7']],
    ['DNS', '10.0.0.2, 10.0.0.3:5353, fd00::2, [fd00::2]:53', ['10.0.0.2', '10.0.0.3:5353', 'fd00::2', '[fd00::2]:53']],
  ] as const)('read %s %j', (name, text, value) => {
    expect(valueOf(name, text)).toEqual(value);
  });

  it.each([
    'http://example.org',
    'example.org/',
    'example.org:80',
    '*',
    '*.',
    'a.*.org',
    '.example.org',
    'example.org.',
    'bücher.example',
    '10.7',
    '0x7f.1',
    '010.0.0.7',
    '*.10.0.0.7/8',
    'FD00:0::7',
    '[fd00::7]',
    '10.0.0.0/8',
  ])('refuse the host %j, which no URL would match', (host) => {
    expect(valueOf('HOSTS', host)).toBe('must be names or addresses of hosts');
  });

  it.each([
    ['PORTS', '-1', 'must be ports'],
    ['PORTS', '80-90', 'must be ports'],
    ['PORTS', '0', 'must be from 1 to 65535'],
    ['PORTS', '65536', 'must be from 1 to 65535'],
    ['NETWORKS', '10.0.0.0/33', 'must be addresses or networks'],
    ['NETWORKS', 'mirror.example', 'must be addresses or networks'],
    ['NETWORKS', 'fe80::1%eth0', 'must not have zones'],
    ['DNS', 'dns.example', 'must be addresses'],
    ['DNS', '10.0.0.2:0', 'must be addresses'],
    ['DNS', '10.0.0.2:65536', 'must be addresses'],
    ['DNS', '10.0.0.2:', 'must be addresses'],
    ['DNS', '[10.0.0.2]:53', 'must be addresses'],
    ['DNS', '[fd00::2', 'must be addresses'],
  ] as const)('refuse %s %j', (name, text, fault) => {
    expect(valueOf(name, text)).toBe(fault);
  });
});
