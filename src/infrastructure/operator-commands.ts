/** The commands of the operator, which run beside the service: words, and a line for the help. */
export const OPERATOR_COMMANDS: readonly (readonly [words: string, description: string])[] = [
  ['serve', 'run the service'],
  ['migrate', 'run the pending migrations of the database'],
  ['user password <name>', 'set the password of a user, and revoke its authkeys'],
  ['doctor', 'compare the database with the bytes in the pools'],
  ['audit', 'print audit events, newest first'],
  ['backup <file>', 'copy the embedded database into a tar archive'],
  ['restored', 'reconcile a database that was restored from a backup'],
  ['scrub', 'read stored bytes again, and mark damaged media'],
  ['pool move <id>', 'move the bytes of a pool to its moving_to'],
  ['library sync', 'apply the library file'],
  ['library add <file>', 'publish a file'],
  ['library list', 'print the drives of the library'],
];

/**
 * Returns whether these words of a command line are a command of the operator. `user` and `library`
 * are commands of users too; `user password` is one of the operator with a name behind it.
 */
export function isOperatorCommand(words: readonly string[]): boolean {
  const [first, second, third] = words;
  if (first === 'user') return second === 'password' && third !== undefined && !third.startsWith('-');
  const fitting = OPERATOR_COMMANDS.map(([text]) => text.split(' ')).filter(([word]) => word === first);
  return first === 'library' ? fitting.some(([, word]) => word === second) : fitting.length > 0;
}
