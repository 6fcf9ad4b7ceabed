import type { Api, Item } from '../api/api.ts';
import { CommandFailure } from '../command-failure.ts';
import { printable } from '../values/printable.ts';

const ROOT_USER = 0;
const ROOT_GROUP = 0;

export type Group = Item<'/v1/groups'>;

/** The groups that the caller sees, by their paths. */
export class Groups {
  readonly #groups: ReadonlyMap<number, Group>;

  constructor(groups: readonly Group[]) {
    this.#groups = new Map(groups.map((group) => [group.id, group]));
  }

  /** Asks the server for all of them. */
  static async of(api: Api): Promise<Groups> {
    return new Groups(await api.all('/v1/groups'));
  }

  /** Returns the path of a group below the root, such as `lab/build`; `/` for the root itself. */
  pathOf(id: number): string {
    const group = this.#groups.get(id);
    if (group === undefined) return `#${id}`;
    if (group.parent === group.id) return '/';
    return this.#namesOf(group).join('/');
  }

  /** Returns the names from below the root to the group. */
  #namesOf({ path }: Group): readonly string[] {
    return path.slice(1).map((one) => this.#groups.get(one)?.name ?? `#${one}`);
  }

  /** Returns the groups below a group and the group itself, by their paths. */
  below(root: number): readonly Group[] {
    return this.sorted().filter(({ path }) => path.includes(root));
  }

  /** Returns all groups by their paths, each after its parent. */
  sorted(): readonly Group[] {
    const keys = new Map([...this.#groups.values()].map((group) => [group.id, this.#namesOf(group).join('\0')]));
    const keyOf = ({ id }: Group): string => keys.get(id) ?? '';
    return [...this.#groups.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  }

  /**
   * Finds a group by its number, its path from the root, or the end of a path that only one group
   * has.
   *
   * @throws notFound without such a group; usage with several, which the message lists
   */
  find(text: string): Group {
    const found = this.matching(text);
    const [group] = found;
    if (group === undefined) {
      throw new CommandFailure('notFound', `there is no group "${printable(text)}"`, 'Run "platter group ls".');
    }
    if (found.length === 1) return group;
    const candidates = found.map(({ id }) => `  ${printable(this.pathOf(id))} (${id})`).join('\n');
    throw new CommandFailure(
      'usage',
      `"${printable(text)}" is the name of several groups:\n${candidates}`,
      'Use a whole path or a number.',
    );
  }

  /** Returns all groups that a text may mean. A number and a whole path mean one. */
  matching(text: string): readonly Group[] {
    const byNumber = /^#?\d+$/.test(text) ? this.#groups.get(Number(text.replace('#', ''))) : undefined;
    if (byNumber !== undefined) return [byNumber];
    const all = [...this.#groups.values()];
    if (text === '/') return all.filter(({ id, parent }) => id === parent);
    const path = text.replace(/^\/|\/$/g, '');
    const whole = all.filter(({ id }) => this.pathOf(id) === path);
    if (whole.length > 0 || text.startsWith('/')) return whole;
    return all.filter(({ id, name }) => name === path || this.pathOf(id).endsWith(`/${path}`));
  }
}

/**
 * Returns the home group of the caller, or group 0 for the user root.
 *
 * @throws usage for another user without one
 */
export async function homeGroup(api: Api): Promise<number> {
  const { id, home } = await api.call('get', '/v1/session');
  if (home !== null) return home;
  if (id === ROOT_USER) return ROOT_GROUP;
  throw new CommandFailure('usage', 'you have no home group', 'Say which group with --group.');
}
