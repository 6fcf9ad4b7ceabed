import { join } from 'node:path';
import { startScript } from '../../support/program/script.ts';

describe('openLog', () => {
  let lines: Record<string, unknown>[];
  let text: string;
  beforeAll(async () => {
    const script = startScript(join(import.meta.dirname, 'write-lines.ts'));
    text = '';
    lines = [];
    for (let line = 0; line < 5; line += 1) {
      const written = await script.line();
      text += written;
      lines.push(JSON.parse(written) as Record<string, unknown>);
    }
    await expect(script.line()).rejects.toThrow('The script ended');
  });

  it('writes one JSON object per line, with the name of its level and the time in UTC', () => {
    const { time, ...written } = lines[0]!;
    expect(written).toEqual({ level: 'info', request: 'one', msg: 'a line' });
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(lines.map(({ level }) => level)).toEqual(['info', 'warn', 'error', 'error', 'error']);
  });

  it('writes an error with its code and the chain of its causes', () => {
    const { stack, ...written } = lines[1]!.err as { stack: string };
    expect(stack).toContain('write-lines');
    expect(written).toMatchObject({
      type: 'DomainError',
      code: 'body-too-long',
      detail: { promised: 3 },
      cause: { code: '23505', cause: { message: 'permission denied', code: 'EACCES' } },
    });
    expect(lines[2]!.err).toEqual({ message: 'only words' });
  });

  it('bounds the size of an error, whatever it contains', () => {
    expect(JSON.stringify(lines[3]).length).toBeGreaterThan(2048);
    for (const line of lines) expect(JSON.stringify(line).length).toBeLessThan(40 * 1024);
    expect(JSON.stringify(lines[4]).match(/"cause"/g)).toHaveLength(7);
  });

  it('leaves out the bindings of a query', () => {
    expect(text).not.toContain('secret');
  });
});
