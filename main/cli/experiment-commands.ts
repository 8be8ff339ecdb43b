import type { CommandGroup } from './command'

export const experimentCommands: CommandGroup = {
  place: 4.5,
  nouns: { experiment: 'list experiments and compare runs' },
  add(add) {
    add(
      'experiment list',
      'list the experiments, each with its question and how many runs were tried',
      (c) =>
        c
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .addHelpText('after', '\nExample:\n  drydock experiment list -w lab --json'),
      async () => (await import('./experiment-work')).listExperiments
    )
    add(
      'experiment compare',
      'compare runs row by row where they were judged on the same rows',
      (c) =>
        c
          .argument('<run...>', 'two runs or more, by id, its beginning, or name')
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--baseline <run>', 'what the others are held against; by default a registered one, else the one started first')
          .addHelpText(
            'after',
            '\nExamples:\n  drydock experiment compare -w lab 1f2e3d4c 5a6b7c8d\n  drydock experiment compare -w lab "first try" "more trees" --json'
          ),
      async () => (await import('./experiment-work')).compareRuns
    )
  }
}
