import type { OutgoingHttpHeaders } from 'node:http';
import { freshName, send, type Answer, type Body } from '../../support/http/client.ts';
import { ROOT_PASSWORD, type PlatterOptions } from '../../support/program/platter.ts';
import { assign, give, makeGroup, openScene, type Scene, type Terms } from '../velocity/scene.ts';

/** A client with a name and a password, which it sends with each call. */
export class Cloud {
  readonly url: string;
  readonly name: string;
  readonly password: string;

  constructor(url: string, name: string, password: string) {
    this.url = url;
    this.name = name;
    this.password = password;
  }

  get authorization(): string {
    return `Basic ${Buffer.from(`${this.name}:${this.password}`).toString('base64')}`;
  }

  /** Returns a client of another user for the same program. */
  as(name: string, password: string): Cloud {
    return new Cloud(this.url, name, password);
  }

  /** Sends a call such as `GET /drives/?limit=0`, with a JSON body unless it is undefined. */
  async call(operation: string, body?: unknown, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    return this.send(operation, body === undefined ? '' : JSON.stringify(body), {
      'content-type': 'application/json',
      ...headers,
    });
  }

  /** As `call`, with a raw body. */
  async send(operation: string, body: Body = '', headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    const [method = '', path = ''] = operation.split(' ');
    return send(this.url, {
      method,
      path: `/api/2.0${path}`,
      headers: { authorization: this.authorization, ...headers },
      body,
    });
  }

  /** As `call`, for the set-up of a test: throws unless it succeeds. */
  async ask<T>(operation: string, body?: unknown): Promise<T> {
    const answer = await this.call(operation, body);
    if (answer.status >= 300) throw new Error(`${operation}: ${answer.status} ${answer.text}`);
    return answer.body as T;
  }

  /** Creates a drive and resolves when it is ready. */
  async make(fields: Readonly<Record<string, unknown>> = {}): Promise<Drive> {
    const { objects } = await this.ask<Listed>('POST /drives/', { ...drive(), ...fields });
    return objects[0]!;
  }

  async get(uuid: string): Promise<Drive> {
    return this.ask<Drive>(`GET /drives/${uuid}/`);
  }
}

export interface Drive {
  readonly uuid: string;
  readonly name: string;
  readonly size: number;
  readonly status: string;
  readonly media: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly storage_type: string | null;
  readonly owner: { readonly uuid: string } | null;
}

export interface Listed<T = Drive> {
  readonly meta: { readonly limit: number; readonly offset: number; readonly total_count: number };
  readonly objects: readonly T[];
}

/** Returns the fields of a drive with a unique name. */
export function drive(): { readonly name: string; readonly size: number; readonly media: string } {
  return { name: freshName('drive'), size: 4096, media: 'disk' };
}

/** A running program, and a client of root. */
export type CloudScene = Scene & { readonly boss: Cloud };

export async function openCloud(options?: PlatterOptions): Promise<CloudScene> {
  const scene = await openScene(options);
  return { ...scene, boss: new Cloud(scene.platter.url, 'root', ROOT_PASSWORD) };
}

export const EVERYTHING = ['velocity.media.list', 'velocity.media.create', 'velocity.media.remove'] as const;

/** Creates a user in a new group with pool 1, with these permissions there. */
export async function createUser(
  scene: Scene,
  permissions: readonly string[] = EVERYTHING,
  terms: Terms | null = {},
): Promise<{ readonly cloud: Cloud; readonly gid: number; readonly uid: number }> {
  const gid = await makeGroup(scene);
  if (terms !== null) await assign(scene, gid, terms);
  return { ...(await createColleague(scene, gid, permissions)), gid };
}

/** Creates a user with these permissions on a group. */
export async function createColleague(
  scene: Scene,
  gid: number,
  permissions: readonly string[] = EVERYTHING,
): Promise<{ readonly cloud: Cloud; readonly uid: number }> {
  const name = freshName('user');
  const { uid } = await scene.root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
  for (const permission of permissions) await give(scene, uid, gid, permission);
  return { cloud: new Cloud(scene.platter.url, name, name), uid };
}

/** Fails unless an answer is an error of this type. Returns the fields at fault. */
export function expectFault(answer: Answer, status: number, type: string): readonly (string | null)[] {
  const faults = answer.body as { error_type: string; error_message: string; error_point: string | null }[];
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(`"error_type":"${type}"`)]);
  for (const fault of faults) {
    expect(fault).toEqual({
      error_type: type,
      error_message: expect.stringMatching(/./) as string,
      error_point: fault.error_point === null ? null : (expect.any(String) as string),
    });
  }
  expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  return faults.map(({ error_point }) => error_point);
}
