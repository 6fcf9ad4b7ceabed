import { readdirSync } from 'node:fs';
import { FIXTURES, FOLDER, recordedRequest, recordedResponse, shapeOf } from '../acceptance/cloudsigma/dumps.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.http'))
  .map((file) => file.replace(/\.http$/, ''));

/** Reads a recorded request or response by name. */
function exchanged(name: string, folder: string): { readonly body: unknown } {
  return name.startsWith('request_') ? recordedRequest(name, folder) : recordedResponse(name, folder);
}

/**
 * Returns the texts of a body that identify one service: texts of more than three words, and UUIDs.
 */
function sentences(body: unknown): readonly string[] {
  const texts = JSON.stringify(body ?? null).match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  const own = texts.filter((text) => text.split(' ').length > 3 && !text.includes('No default'));
  return [...own, ...texts.join().matchAll(UUID)].map(String);
}

describe('The fixtures', () => {
  it('are compared with recordings, not with themselves', () => {
    expect(FOLDER).not.toBe(FIXTURES);
    expect(names.length).toBeGreaterThan(20);
  });

  it.each(names)('have the shape of %s, and none of its texts', (name) => {
    const [recorded, ours] = [exchanged(name, FOLDER), exchanged(name, FIXTURES)];
    const { body: _theirs, ...head } = recorded;
    const { body: _own, ...ownHead } = ours;
    expect(withoutUuids(ownHead)).toEqual(withoutUuids(head));
    expect(shapeOf(ours.body)).toEqual(shapeOf(recorded.body));
    expect(sentences(ours.body).filter((text) => sentences(recorded.body).includes(text))).toEqual([]);
  });
});

function withoutUuids(head: object): unknown {
  return JSON.parse(JSON.stringify(head).replace(UUID, '<uuid>'));
}
