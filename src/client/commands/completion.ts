import { Argument, type Command } from 'commander';
import type { OperatorCommand } from '../operator-command.ts';
import type { Shell } from '../shell.ts';

type Script = (words: Completions) => string;

/** The next words after a command: path of the command → words. */
type Completions = ReadonlyMap<string, readonly string[]>;

const SCRIPTS: Readonly<Record<string, Script>> = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Adds `platter completion`. */
export function addCompletion(program: Command, shell: Shell, operatorCommands: readonly OperatorCommand[]): void {
  program
    .command('completion')
    .description('print a script that completes commands and options')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', '\nExample:\n  platter completion bash > ~/.local/share/bash-completion/completions/platter')
    .action((name: string) => shell.print(SCRIPTS[name]?.(completionsOf(program, operatorCommands)) ?? ''));
}

function completionsOf(program: Command, operatorCommands: readonly OperatorCommand[]): Completions {
  const words = new Map<string, string[]>();
  const add = (command: Command, path: string): void => {
    const options = command.options.flatMap(({ long, hidden }) => (hidden || long == null ? [] : [long]));
    words.set(path, [...command.commands.map((one) => one.name()), ...options, '--help']);
    for (const one of command.commands) add(one, `${path} ${one.name()}`.trim());
  };
  add(program, '');
  for (const [text] of operatorCommands) {
    const parts = text.split(' ').filter((part) => /^[a-z]+$/.test(part));
    for (const [at, part] of parts.entries()) {
      const path = parts.slice(0, at).join(' ');
      const known = words.get(path) ?? [];
      if (!known.includes(part)) words.set(path, [part, ...known]);
    }
  }
  return words;
}

/** Words that begin with a dash are options: they do not lead to another command. */
function bashScript(words: Completions): string {
  const cases = [...words].map(([path, next]) => `    '${path}') words='${next.join(' ')}' ;;`);
  return `# bash completion of platter
_platter() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) case " $(_platter_words "$path") " in *" $word "*) path="\${path:+$path }$word" ;; esac ;; esac
  done
  words="$(_platter_words "$path")"
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ \${#COMPREPLY[@]} == 0 ]]; then mapfile -t COMPREPLY < <(compgen -f -- "$current"); fi
}
_platter_words() {
  local words=''
  case "$1" in
${cases.join('\n')}
  esac
  printf '%s' "$words"
}
complete -o filenames -F _platter platter`;
}

function zshScript(words: Completions): string {
  const cases = [...words].map(([path, next]) => `    '${path}') reply=(${next.join(' ')}) ;;`);
  return `#compdef platter
_platter_words() {
  reply=()
  case "$1" in
${cases.join('\n')}
  esac
}
_platter() {
  local -a reply
  local command='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    _platter_words "$command"
    if [[ $word != -* && -n "\${reply[(r)$word]}" ]]; then command="\${command:+$command }$word"; fi
  done
  _platter_words "$command"
  compadd -- $reply
  _files
}
if [[ \${funcstack[1]} == _platter ]]; then _platter "$@"; else compdef _platter platter; fi`;
}

function fishScript(words: Completions): string {
  const lines = [...words].flatMap(([path, next]) => {
    const condition = `__platter_at ${path === '' ? "''" : `'${path}'`}`;
    return next.map((word) =>
      word.startsWith('--')
        ? `complete -c platter -n "${condition}" -l ${word.slice(2)}`
        : `complete -c platter -n "${condition}" -f -a ${word}`,
    );
  });
  return `# fish completion of platter
function __platter_at
  set -l words (commandline -opc | string match -v -- '-*')
  set -e words[1]
  set -l wanted (string split -n ' ' -- $argv[1])
  test (count $wanted) = 0; and test (count $words) = 0; and return 0
  test (count $wanted) = 0; and return 1
  test (count $words) -ge (count $wanted); and test "$words[1..(count $wanted)]" = "$argv[1]"
end
${lines.join('\n')}`;
}
