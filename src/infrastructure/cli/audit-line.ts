import type { AuditEntry, Named } from '../../domain/audit/audit-entry.ts';

const SUBJECTS = ['user', 'group', 'pool', 'media', 'server', 'tag'] as const;

/** Returns an entry as JSON on one line, for programs. */
export function entryDocument(entry: AuditEntry): string {
  return escapeControls(JSON.stringify(entry));
}

/** Returns an entry on one line, for people. */
export function entryLine(entry: AuditEntry): string {
  const { at, action, result, by, channel, address, request, details } = entry;
  const subjects = SUBJECTS.flatMap((kind) => {
    const subject: Named<number | string> | null = entry[kind];
    return subject === null ? [] : [`${kind} ${named(subject)}`];
  });
  const words = [
    at,
    action,
    result,
    by === null ? [] : by.id === null ? `by unknown ${quoted(by.name)}` : `by user ${named(by)}`,
    `via ${channel}`,
    address === null ? [] : `from ${address}`,
    request === null ? [] : `request ${request}`,
  ].flat();
  const rest = [subjects.join(', '), Object.keys(details).length === 0 ? '' : escapeControls(JSON.stringify(details))];
  const what = rest.filter((part) => part !== '').join(' ');
  return what === '' ? words.join(' ') : `${words.join(' ')}: ${what}`;
}

function named({ id, name }: Named<number | string | null>): string {
  return name === null ? String(id) : `${String(id)} ${quoted(name)}`;
}

function quoted(name: string | null): string {
  return escapeControls(JSON.stringify(name));
}

/**
 * Escapes control, format and separator characters in JSON, since users choose the names: a
 * terminal could execute them, or show the line reordered or not at all. The value stays the same.
 */
function escapeControls(json: string): string {
  return json.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
