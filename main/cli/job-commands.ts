import type { CommandGroup } from './command'

export const jobCommands: CommandGroup = {
  place: 4.4,
  nouns: { job: 'look at what runs, its logs, and end it' },
  add(add) {
    add(
      'job list',
      'list what runs and what waits: pipeline runs, imports, exports, checks',
      (c) =>
        c
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--all', 'also what has ended')
          .option('--limit <n>', 'at most so many, the newest; else 100, with --json 10000')
          .addHelpText('after', '\nExamples:\n  drydock job list -w lab\n  drydock job list -w lab --all --limit 20 --json'),
      async () => (await import('./job-work')).printJobs
    )
    add(
      'job logs',
      'print what a job, or one step of a run, has written; with -f until it ends',
      (c) =>
        c
          .argument('<job>', 'the beginning of its id, its title, the name of the pipeline, or a run that it made')
          .argument('[step]', 'only this step of a pipeline run')
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('-f, --follow', 'go on until it ends; Ctrl+C ends the following, not the job')
          .addHelpText('after', '\nExamples:\n  drydock job logs -w lab 1f2e3d4c\n  drydock job logs -w lab loans train -f'),
      async () => (await import('./job-work')).printLogs
    )
    add(
      'job cancel',
      'end a job that runs or waits, wherever it runs; exit code 1 when there was nothing to end',
      (c) =>
        c
          .argument('<job>', 'the beginning of its id, its title, the name of the pipeline, or a run that it made')
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .addHelpText('after', '\nExample:\n  drydock job cancel -w lab 1f2e3d4c'),
      async () => (await import('./job-work')).cancelJob
    )
  }
}
