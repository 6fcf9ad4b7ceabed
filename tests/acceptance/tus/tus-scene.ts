import { freshName, type Answer } from '../../support/http/client.ts';
import { head } from '../../support/http/raw-http.ts';
import type { PlatterOptions } from '../../support/program/platter.ts';
import { makeAssignedGroup, mediaOf, openScene, type Scene } from '../velocity/scene.ts';
import { APPENDED, TUS, TusRequests, type Metadata } from './tus-requests.ts';

/** A running program, and a fresh group and a fresh name in each test. */
export class TusScene {
  readonly scene: Scene;
  root: TusRequests;
  gid = 0;
  name = '';

  private constructor(scene: Scene) {
    this.scene = scene;
    this.root = TusRequests.by(scene.root);
  }

  static async open(options?: PlatterOptions): Promise<TusScene> {
    return new TusScene(await openScene(options));
  }

  async refresh(): Promise<void> {
    this.gid = await makeAssignedGroup(this.scene);
    this.name = freshName('upload');
  }

  /** The metadata of an upload of this test. */
  metadata(more: Metadata = {}): Metadata {
    return { filename: this.name, group: String(this.gid), ...more };
  }

  /** Fails unless the answer to a last request names an item with these bytes. */
  async expectFinished(answer: Answer, bytes: Uint8Array): Promise<void> {
    expect([answer.status, answer.text]).toEqual([answer.status < 300 ? answer.status : 204, '']);
    const mid = String(answer.headers['platter-media']);
    expect(answer.headers['upload-offset']).toBe(String(bytes.length));
    const [item] = await mediaOf(this.scene, this.gid);
    expect(item).toMatchObject({ mid, name: this.name, size: bytes.length });
    expect((await this.scene.root.read(mid)).bytes.equals(bytes)).toBe(true);
  }

  /** The head of a PATCH, to be sent on a raw connection. */
  patchHead(location: string, offset: number, length: number, headers: Readonly<Record<string, string>> = {}): string {
    return head(`PATCH ${location}`, {
      ...TUS,
      authorization: this.root.authorization,
      'content-type': APPENDED,
      'content-length': length,
      'upload-offset': offset,
      ...headers,
    });
  }
}
