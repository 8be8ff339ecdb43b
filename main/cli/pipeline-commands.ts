import type { CommandGroup } from './command'

export const pipelineCommands: CommandGroup = {
  place: 4.2,
  nouns: { pipeline: 'check, save and look at pipelines' },
  add(add) {
    add(
      'pipeline list',
      'list the pipelines of a workspace',
      (c) =>
        c
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--trashed', 'those in the trash')
          .addHelpText('after', '\nExample:\n  drydock pipeline list -w lab --json'),
      async () => (await import('./pipeline-work')).listPipelines
    )
    add(
      'pipeline check',
      'check a pipeline file: every problem with its line and column; exit code 1 when it cannot run',
      (c) =>
        c
          .argument('<file>', 'PIPELINE.yaml')
          .option(
            '-w, --workspace <dir>',
            'also look for its datasets, columns and policies in this workspace; without one nothing is looked up'
          )
          .addHelpText('after', '\nExamples:\n  drydock pipeline check loans.yaml\n  drydock pipeline check loans.yaml -w lab --json'),
      async () => (await import('./pipeline-work')).checkPipeline
    )
    add(
      'pipeline save',
      'save a pipeline file in the workspace as the newest version of its name; nothing is run',
      (c) =>
        c
          .argument('<file>', 'PIPELINE.yaml')
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .addHelpText('after', '\nExample:\n  drydock pipeline save -w lab loans.yaml'),
      async () => (await import('./pipeline-work')).savePipeline
    )
    add(
      'pipeline show',
      'print the text of a saved pipeline',
      (c) =>
        c
          .argument('<name>', 'its name, or name@version by the beginning of the version')
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--draft', 'the draft that somebody is writing in the window, where there is one')
          .addHelpText(
            'after',
            '\nExamples:\n  drydock pipeline show -w lab loans > loans.yaml\n  drydock pipeline show -w lab loans@1f2e3d4c --json'
          ),
      async () => (await import('./pipeline-work')).showPipeline
    )
  }
}
