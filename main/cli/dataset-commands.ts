import type { Command } from 'commander'
import { flagOf, metadataOptions } from './column-options'
import type { CommandGroup } from './command'
import { many } from './import-options'

const ofOne = (command: Command): Command =>
  command.argument('<dataset>', 'its name, or name@sha').requiredOption('-w, --workspace <dir>', 'the workspace')

export const datasetCommands: CommandGroup = {
  place: 3,
  nouns: { dataset: 'look at the datasets of a workspace' },
  add(add) {
    add(
      'dataset list',
      'list the datasets',
      (command) =>
        command
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--trashed', 'those in the trash')
          .addHelpText('after', '\nExample:\n  drydock dataset list -w lab --json'),
      async () => (await import('./dataset-work')).listDatasets
    )
    add(
      'dataset show',
      'show the columns of a dataset, what was decided when it was imported, and what was noticed',
      (command) =>
        ofOne(command).addHelpText(
          'after',
          '\nExamples:\n  drydock dataset show -w lab results\n  drydock dataset show -w lab results@1f2e3d4c --json'
        ),
      async () => (await import('./dataset-work')).showDataset
    )
    add(
      'dataset misfits',
      'list the cells that did not fit when a dataset was imported, and the rows that were left out: line, text and reason',
      (command) =>
        ofOne(command)
          .option('--column <name>', 'only those of this column')
          .option('--limit <n>', 'at most so many; else 100, with --json 10000')
          .addHelpText('after', '\nExample:\n  drydock dataset misfits -w lab results --column glucose --limit 20'),
      async () => (await import('./dataset-work')).listMisfits
    )
    add(
      'dataset columns',
      'say what columns are: role, when known, unit; nothing that was made before changes',
      (command) => {
        ofOne(command)
        for (const { name, placeholder, description } of metadataOptions)
          command.addOption(many(`${flagOf(name)} <column=${placeholder}>`, description))
        return command.addHelpText(
          'after',
          '\nExample:\n  drydock dataset columns -w lab loans --role account=identifier --role fee=ignored --known fee=after --unit amount=EUR'
        )
      },
      async () => (await import('./dataset-work')).setColumns
    )
  }
}
