import type { CommandGroup } from './command'

/** What is installed here, and what support asks for. */
export const programCommands: CommandGroup = {
  place: 9.7,
  nouns: { program: 'what is installed on this computer, and how it is set up' },
  add(add) {
    add(
      'program show',
      'show version, folders, logs, machine settings and release keys',
      (command) => command,
      async () => (await import('./program-work')).showProgram
    )
    add(
      'program diagnose',
      'show what support asks for, without data, names or keys; with --out also write it as a ZIP file',
      (command) => command.option('--out <file.zip>', 'the file to write; it is shown first'),
      async () => (await import('./program-work')).diagnoseProgram
    )
  }
}
