/** Quotes a word for a shell where it needs it. */
const quoted = (word: string): string => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : `"${word}"`)

/**
 * What starts this very program from any folder, so that a command it prints can be copied: the launcher that started
 * it, else Node with the program's file. Never a bare name, which may be another program's on this machine or in a registry.
 */
export function ownCommand(env: NodeJS.ProcessEnv = process.env, [node, program]: readonly string[] = process.argv): string {
  return env.DRYDOCK_COMMAND ? quoted(env.DRYDOCK_COMMAND) : `${quoted(node)} ${quoted(program)}`
}
