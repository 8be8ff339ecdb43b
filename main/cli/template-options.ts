import type { Command } from 'commander'

/** What a new workspace can be filled after. */
export const templates = ['tabular']

/** Adds what `init` fills a workspace by. */
export const withTemplateOptions = (command: Command): Command =>
  command
    .option('--template <name>', `fill it from a file: ${templates.join(', ')}`)
    .option('--data <file>', 'with --template: the file to import')
    .option('--target <column>', 'with --template: the column to predict')
    .option('--event <value>', 'with --template: the value of the target that is the event, where that is not plain')
    .addHelpText('after', '\nExamples:\n  drydock init lab\n  drydock init lab --template tabular --data churn.csv --target churned')
