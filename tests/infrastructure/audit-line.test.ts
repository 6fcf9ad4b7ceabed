import type { AuditEntry } from '../../src/domain/audit/audit-entry.ts';
import type { GroupId, MediaId, UserId } from '../../src/domain/shared/ids.ts';
import { entryDocument, entryLine } from '../../src/infrastructure/cli/audit-line.ts';

const ENTRY: AuditEntry = {
  id: '7',
  at: '2026-03-01T09:31:07.120844Z',
  action: 'media.remove',
  result: 'done',
  channel: 'velocity',
  address: '192.0.2.17',
  request: 'a request',
  by: { id: 7 as UserId, name: 'ann' },
  user: null,
  group: { id: 3 as GroupId, name: null },
  pool: null,
  media: { id: 'an id' as MediaId, name: 'debian.iso' },
  server: null,
  tag: null,
  details: { size: 4096 },
};
const NOTHING = { group: null, media: null, details: {}, address: null, request: null };

describe('entryLine', () => {
  it('has the actor, the action, the subject and the address', () => {
    expect(entryLine(ENTRY)).toBe(
      '2026-03-01T09:31:07.120844Z media.remove done by user 7 "ann" via velocity from 192.0.2.17 request a request: group 3, media an id "debian.iso" {"size":4096}',
    );
    expect(entryLine({ ...ENTRY, ...NOTHING, by: null, channel: 'system' })).toBe(
      '2026-03-01T09:31:07.120844Z media.remove done via system',
    );
    expect(entryLine({ ...ENTRY, ...NOTHING, by: { id: null, name: 'eve' } })).toMatch(
      / done by unknown "eve" via velocity$/,
    );
  });

  it.each([
    ['a name on a line of its own', 'a\nb', '"a\\nb"'],
    ['what a terminal obeys', '\u001b[2J\u009b1m\u007f', '"\\u001b[2J\\u009b1m\\u007f"'],
    ['what turns the direction of the rest', 'gnp\u202eexe\u2066', '"gnp\\u202eexe\\u2066"'],
    ['what nobody sees', 'a\u200b\ufeff\u{e0041}', '"a\\u200b\\ufeff\\udb40\\udc41"'],
    ['other ends of lines', 'a\u2028b\u0085', '"a\\u2028b\\u0085"'],
    ['quotes that are not its own', 'x" by user 0 "root', '"x\\" by user 0 \\"root"'],
    ['nothing that people write', 'Ågnes 山田 🦊', '"Ågnes 山田 🦊"'],
  ])('escapes %s', (_what, name, printed) => {
    const entry = { ...ENTRY, by: { id: 7 as UserId, name }, details: { note: name } };
    expect(entryLine(entry)).toContain(` by user 7 ${printed} via`);
    expect(entryDocument(entry)).toContain(`"by":{"id":7,"name":${printed}}`);
    for (const line of [entryLine(entry), entryDocument(entry)])
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(entryDocument(entry))).toEqual(entry);
  });
});
