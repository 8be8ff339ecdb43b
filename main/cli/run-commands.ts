import type { CommandGroup } from './command'

export const runCommands: CommandGroup = {
  place: 4,
  add(add) {
    add(
      'run',
      'run a pipeline file, or a saved pipeline by name',
      (c) =>
        c
          .argument('<pipeline>', 'PIPELINE.yaml or the name of a saved pipeline')
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--param <name=value...>', 'a parameter of the pipeline')
          .option('--secret <name=source...>', 'a secret of the pipeline: name=env:VARIABLE, name=file:PATH, or name=- for standard input')
          .option('--target <step>', 'run only what this step needs')
          .option('--from <step>', 'run this step and all that depends on it anew; what comes before is taken over, or the run is refused')
          .option('--reuse <run>', 'with --from: take over what this run made, where it did the same work; else the cache has it')
          .option('--register', 'register also where --param differs from the default: such a variant registers nothing else')
          .option('--force', 'ignore the cache')
          .option('--dry-run', 'say what would run, what would come from the cache, and why; nothing is run, nothing changes')
          .addHelpText(
            'after',
            '\nExamples:\n  drydock run -w lab loans.yaml --param leaves=4\n  drydock run -w lab loans --dry-run\n  drydock run -w lab loans --from train --reuse 1f2e3d4c'
          ),
      async () => (await import('./run-pipeline')).run
    )
    add(
      'runs',
      'list runs',
      (c) =>
        c
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--filter <expression>', "such as: metrics.auc > 0.8 and params.algorithm = 'gradient-boosting'")
          .option('--sort <column>', 'such as metrics.auc', 'startedAt')
          .option('--ascending', 'smallest first'),
      async () => (await import('./run-list')).listRuns
    )
  }
}
