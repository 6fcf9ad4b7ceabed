import { sourceTarget, type SourceRules } from '../../../src/domain/imports/source-target.ts';
import { isFailure } from '../../../src/domain/shared/domain-error.ts';

const ANY: SourceRules = { hosts: [], ports: [] };

function hostOf(url: string): string | null {
  try {
    return sourceTarget(new URL(url), ANY).host;
  } catch (error) {
    if (!isFailure(error, 'url-invalid')) throw error;
    return null;
  }
}

function reasonOf(url: string, rules = ANY): string | null {
  try {
    sourceTarget(new URL(url), rules);
    return null;
  } catch (error) {
    return isFailure(error, 'url-invalid') ? error.detail.reason : String(error);
  }
}

describe('sourceTarget', () => {
  it('has the host, the port and the protocol', () => {
    expect(sourceTarget(new URL('https://Images.Example.org/a.iso?b#c'), ANY)).toMatchObject({
      host: 'images.example.org',
      port: 443,
      isSecure: true,
    });
    expect(sourceTarget(new URL('http://example.org:443/'), ANY)).toMatchObject({ port: 443, isSecure: false });
    expect(sourceTarget(new URL('http://[2606:4700::1]/'), ANY)).toMatchObject({ host: '2606:4700::1', port: 80 });
  });

  it.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0X7F.0x0.0.1/',
    'http://127.1/',
    'http://127.0.1/',
    'http://0177.0.0.1/',
    'http://0177.0.0.0x1/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://127。0。0。1/',
    'http://①②⑦.⓪.⓪.①/',
    'http://１２７.0.0.1/',
    'http://%31%32%37.0.0.1/',
    'http:127.0.0.1/',
    'http:\\\\127.0.0.1\\',
    'http:////127.0.0.1/',
    'http://127.0.\t0.1/',
    ' http://127.0.0.1/ ',
  ])('reads %j as an address, which is never resolved', (url) => {
    expect(hostOf(url)).toBe('127.0.0.1');
  });

  it.each([
    ['http://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
    ['http://[0:0:0:0:0:0:0:1]/', '::1'],
    ['http://[::]/', '::'],
    ['http://0/', '0.0.0.0'],
  ])('reads %s as the address %s', (url, address) => {
    expect(hostOf(url)).toBe(address);
  });

  it.each([
    ['http://example.org./', 'example.org'],
    ['http://EXAMPLE.org/', 'example.org'],
    ['http://ex%61mple.org/', 'example.org'],
    ['http://ｅｘａｍｐｌｅ.org/', 'example.org'],
    ['http://exam\u00adple.org/', 'example.org'],
    ['http://bücher.example/', 'xn--bcher-kva.example'],
    ['http://faß.example/', 'xn--fa-hia.example'],
    ['http://localhost/', 'localhost'],
    ['http://my_mirror.example/', 'my_mirror.example'],
  ])('reads %s as the name %s', (url, name) => {
    expect(hostOf(url)).toBe(name);
  });

  it.each(['http://example.org../', 'http://./', 'http://a..b/', "http://a'b.org/", 'http://a;b.org/', 'http://*.b/'])(
    'refuses %j: the host is no host name',
    (url) => {
      expect(reasonOf(url)).toBe('the host of the URL is no host name');
    },
  );

  it('refuses names that are too long for DNS', () => {
    expect(reasonOf(`http://${'a'.repeat(64)}.org/`)).toBe('the host of the URL is no host name');
    expect(reasonOf(`http://${'a.'.repeat(126)}org/`)).toBe('the host of the URL is no host name');
  });

  it.each(['ftp://example.org/', 'file:///etc/passwd', 'gopher://127.0.0.1/', 'data:,a', 'blob:http://a/b', 'ws://a/'])(
    'refuses %s: only http and https',
    (url) => {
      expect(reasonOf(url)).toBe('only http and https URLs can be imported');
    },
  );

  it.each(['http://user@example.org/', 'http://user:secret@example.org/', 'http://:secret@example.org/'])(
    'refuses %s: it names a user or a password',
    (url) => {
      expect(reasonOf(url)).toBe('a URL must not have a user name or a password');
    },
  );

  it('permits ports 80 and 443, and listed ones', () => {
    const rules = { hosts: [], ports: [8080] };
    expect(reasonOf('http://example.org:8080/', rules)).toBeNull();
    expect(reasonOf('https://example.org:80/', rules)).toBeNull();
    expect(reasonOf('http://example.org:22/', rules)).toBe('port 22 is not permitted for imports');
    expect(reasonOf('http://example.org:0/', rules)).toBe('port 0 is not permitted for imports');
    expect(reasonOf('http://example.org:8080/')).toBe('port 8080 is not permitted for imports');
  });

  it.each([
    [
      'example.org',
      ['http://example.org/', 'http://EXAMPLE.org./'],
      ['http://a.example.org/', 'http://example.org.b/'],
    ],
    [
      '*.example.org',
      ['http://a.example.org/', 'http://a.b.example.org/'],
      ['http://example.org/', 'http://aexample.org/'],
    ],
    ['10.0.0.7', ['http://10.0.0.7/', 'http://10.7/'], ['http://10.0.0.8/', 'http://10.0.0.7.org/']],
    ['fd00::7', ['http://[fd00:0::7]/'], ['http://[fd00::8]/']],
  ])('permits with the pattern %s only hosts that match', (pattern, permitted, refused) => {
    const rules = { hosts: [pattern], ports: [] };
    expect(permitted.map((url) => reasonOf(url, rules))).toEqual(permitted.map(() => null));
    expect(refused.map((url) => reasonOf(url, rules))).toEqual(
      refused.map(() => 'the operator does not permit imports from this host'),
    );
  });
});
