/** Sections of a help that list no commands of users. */
const OTHERS = new Set(['Options', 'Arguments', 'Commands of the operator, on the machine of the service']);

/** Returns the names of the commands that a help lists, whatever their topics. */
export function commandsIn(help: string): readonly string[] {
  return help.split('\n\n').flatMap((part) => {
    const [, topic = '', lines = ''] = /^\n?([A-Z][^\n]*):\n((?: {2}.*\n?)+)$/.exec(part) ?? [];
    if (OTHERS.has(topic) || /^Examples?$/.test(topic)) return [];
    return [...lines.matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name]) => name!);
  });
}
