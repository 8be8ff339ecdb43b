import { paperHelp } from './document-options'
import type { CommandGroup } from './command'
import { addImportOptions, many } from './import-options'

const importExamples = `
Examples:
  drydock import -w lab results.csv --preview
  drydock import -w lab results.csv --name results --type "sample id=text" --role outcome=target --drop notes
  drydock import -w lab umsatz.csv --delimiter semicolon --decimal comma --format Datum=%d.%m.%Y --encoding windows-1252
  drydock import -w lab export.txt --no-header --skip 2 --null "" --null -9
  drydock import -w lab march.csv --options february.yaml`

const profileExamples = `
Examples:
  drydock profile results.csv --target outcome --event died --json
  drydock profile results.csv --type "sample id=text" --out quality.html --pdf quality.pdf
  drydock profile -w lab results --out quality.json`

export const dataCommands: CommandGroup = {
  place: 2,
  add(add) {
    add(
      'import',
      'import a CSV, TSV, Parquet, JSON lines or Arrow file as a dataset version',
      (command) =>
        addImportOptions(
          command
            .argument('<file>', 'the file')
            .requiredOption('-w, --workspace <dir>', 'the workspace')
            .option('--name <name>', 'name of the dataset; else the name of the file')
            .option('--preview', 'only show what the import would do')
        ).addHelpText('after', importExamples),
      async () => (await import('./import-command')).importData
    )
    add(
      'sql',
      'query datasets by name, and runs, metrics and models as ledger.runs, ledger.run_metrics, ledger.models',
      (c) =>
        c
          .argument('<query>', 'such as: SELECT count(*) FROM strikes')
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--limit <n>', 'at most so many rows', '1000'),
      async () => (await import('./sql-query')).querySql
    )
    add(
      'profile',
      'make the quality report of a file, or with -w of a dataset',
      (command) =>
        addImportOptions(
          command
            .argument('<file|dataset>', 'a data file; with -w the name of a dataset, or name@sha')
            .option('-w, --workspace <dir>', 'the workspace of the dataset')
            .option('--target <column>', 'the outcome that a model would predict; else the column of this role')
            .addOption(many('--event <value>', 'a value of the target that is the event'))
            .option('--out <file>', 'FILE.html or FILE.json; an older file of that name is replaced')
            .option('--pdf <file>', 'the same page as FILE.pdf')
            .option('--paper <size>', paperHelp)
        ).addHelpText('after', profileExamples),
      async () => (await import('./profile-command')).profileData
    )
  }
}
