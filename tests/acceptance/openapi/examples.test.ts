import { send, type Answer, type Request } from '../../support/http/client.ts';
import { document, type MediaType, type Operation, type Parameter } from '../../support/openapi/document.ts';
import { libraryFile, untilReady } from '../cloudsigma/library-files.ts';
import { openScene, type Scene } from '../velocity/scene.ts';
import { COPY_RATE, StandIns } from './stand-ins.ts';

const LIBRARY_DRIVE = '9a1f0e44-0000-4000-8000-000000000031';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  /** The example of the body; null without one. */
  readonly example: string | null;
  /** Whether optional parameters are sent. */
  readonly inFull: boolean;
}

/** Every example request of the document. */
const EXAMPLES: readonly (readonly [name: string, asked: Asked])[] = Object.entries(document().paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).flatMap(([key, operation]) => {
      const method = key.toUpperCase();
      const names = [...contentsOf(operation)].flatMap(([, { examples = {} }]) => Object.keys(examples));
      const mayBeFuller = (operation.parameters ?? []).some(
        ({ required, example }) => !required && example !== undefined,
      );
      return (names.length === 0 ? [null] : names).flatMap((example) =>
        (mayBeFuller ? [false, true] : [false]).map((inFull): [string, Asked] => [
          `${method} ${path}${example === null ? '' : `, ${example}`}${inFull ? ', in full' : ''}`,
          { method, path, operation, example, inFull },
        ]),
      );
    }),
);

let scene: Scene;
let standIns: StandIns;
beforeAll(async () => {
  const PLATTER_LIBRARY_FILE = await libraryFile([{ name: 'a disk', uuid: LIBRARY_DRIVE, os: 'linux', arch: 64 }]);
  scene = await openScene({ env: { PLATTER_LIBRARY_FILE, PLATTER_COPY_RATE: String(COPY_RATE) } });
  await untilReady(scene.platter);
  standIns = new StandIns(scene, LIBRARY_DRIVE);
  await scene.root.ask('PUT /u/user', { name: 'ada', password: 'correct horse' });
});

describe('An example of the document', () => {
  it.each(EXAMPLES)('succeeds: %s', async (_name, asked) => {
    const { status, text } = await ask(asked);
    expect([successesOf(asked).includes(status), text]).toEqual([true, text]);
    await standIns.endUploads();
  });

  it('exists for every call with a body', () => {
    const without = EXAMPLES.filter(
      ([, { operation, example }]) => operation.requestBody !== undefined && example === null,
    );
    expect(without.map(([name]) => name)).toEqual([]);
  });
});

/** Sends the request; `send` compares the answer with the document. */
async function ask(asked: Asked): Promise<Answer> {
  const { method, operation, example } = asked;
  const { type, body } = await bodyOf(operation, example);
  const parameters = (operation.parameters ?? []).filter(({ required }) => required || asked.inFull);
  const request: Request = {
    method,
    path: await pathOf(asked, parameters),
    headers: headersOf(asked, parameters, type),
  };
  return send(scene.platter.url, body === null ? request : { ...request, body });
}

async function bodyOf(
  operation: Operation,
  example: string | null,
): Promise<{ type: string | null; body: string | null }> {
  for (const [type, { examples = {} }] of contentsOf(operation)) {
    const documented = example === null ? undefined : examples[example];
    if (documented === undefined) continue;
    const isJson = type === 'application/json';
    return { type, body: isJson ? JSON.stringify(await standIns.inBody(documented.value)) : String(documented.value) };
  }
  return { type: null, body: null };
}

async function pathOf({ method, path, example }: Asked, parameters: readonly Parameter[]): Promise<string> {
  let filled = path;
  const query = new URLSearchParams();
  for (const parameter of parameters) {
    const value = valueOf(parameter, example);
    if (parameter.in === 'path') {
      const standIn = (await standIns.inPath(`${method} ${path}`, parameter.name, example)) ?? value ?? '';
      filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(standIn));
    }
    if (parameter.in === 'query' && value !== null) query.append(parameter.name, value);
  }
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}

function headersOf(
  { path, operation, example }: Asked,
  parameters: readonly Parameter[],
  type: string | null,
): Request['headers'] & object {
  const authorization = standIns.authorization(
    path,
    operation.security.flatMap((channel) => Object.keys(channel)),
  );
  const said = parameters
    .filter((parameter) => parameter.in === 'header')
    .flatMap((parameter) => {
      const value = valueOf(parameter, example);
      return value === null ? [] : [[parameter.name, value]];
    });
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(type === null ? {} : { 'content-type': type }),
    ...(Object.fromEntries(said) as Record<string, string>),
  };
}

/**
 * Returns the example with the name of the example of the body, or the first, or the only one; null
 * without any.
 */
function valueOf({ example, examples }: Parameter, name: string | null): string | null {
  const [first] = Object.values(examples ?? {});
  const value = (name === null ? first : examples?.[name])?.value ?? example;
  return value === undefined ? null : String(value);
}

function contentsOf({ requestBody }: Operation): [string, MediaType][] {
  return Object.entries(requestBody?.content ?? {});
}

/**
 * Returns the statuses of success of a call: that of a range for one, and for a call that is not
 * implemented, that status.
 */
function successesOf(asked: Asked): readonly number[] {
  const { operation } = asked;
  if (operation.parameters?.some(isRange(asked)) === true) return [206];
  const successes = Object.keys(operation.responses)
    .map(Number)
    .filter((status) => status < 400 && status !== 206);
  return successes.length > 0 ? successes : [501];
}

function isRange({ inFull }: Asked): (parameter: Parameter) => boolean {
  return ({ name, example }) => inFull && name === 'range' && example !== undefined;
}
