import type { Command } from 'commander'

/**
 * `help NOUN VERB` and `NOUN help VERB` as `NOUN VERB --help`, at any depth. Asked about a command that there is not, the question is left
 * out: commander then names what was perhaps meant and ends with an error, where it would show the page above it.
 */
export function asHelpOption(program: Command, argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  const given = end < 0 ? argv : argv.slice(0, end)
  const hasVerbs = program.commands.some((command) => command.name() === given[0] && command.commands.length > 0)
  const byWord = given[0] === 'help' || (given[1] === 'help' && hasVerbs)
  if (!byWord && !given.includes('--help') && !given.includes('-h')) return [...argv]
  const path: string[] = []
  let command = program
  for (const word of given) {
    if (word.startsWith('-') || word === 'help') continue
    if (command.commands.length === 0) break
    path.push(word)
    const found = command.commands.find((each) => each.name() === word)
    if (!found) return path
    command = found
  }
  return byWord ? [...path, '--help'] : [...argv]
}
