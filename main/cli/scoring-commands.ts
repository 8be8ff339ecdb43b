import type { CommandGroup } from './command'
import { addImportOptions, many } from './import-options'
import { ofVerify, withTrust } from './trust-options'

const closing = `
The scores have a row for each row of the file, in its order: "row", counted from 1; "score", the probability of the event or the predicted
amount; "decision", 1 from the threshold of the model's evaluation on; for several classes "label" and a "score_CLASS" for each; "lower" and "upper", or "set", where the model has
intervals. Before the
model of a bundle is run, the bundle is verified as "drydock verify" does it, and one that does not hold is refused.

Examples:
  drydock score -w lab tabular@1 march.csv --out scores.csv
  drydock score -w lab tabular@released march.parquet --out scores.parquet --keep id --report report.json
  drydock score model.drydock march.csv --key author.pub.pem --out scores.csv --strict`

export const scoringCommands: CommandGroup = {
  place: 4.8,
  add(add) {
    add(
      'score',
      'score each row of a file with a registered model or with the model of a bundle',
      (command) =>
        withTrust(
          addImportOptions(
            command
              .argument(
                '<model|bundle>',
                'with -w NAME@VERSION, NAME@STAGE for the newest of a stage, or NAME for the newest; else a bundle'
              )
              .argument('<file>', 'a CSV, TSV, Parquet, JSON lines or Arrow file')
              .option('-w, --workspace <dir>', 'the workspace of the model')
              .requiredOption('--out <file>', 'FILE.csv, .parquet, .arrow or .jsonl for the scores; an older file of that name is replaced')
              .option('--report <file>', 'FILE.json for what was found in columns and rows, or FILE.csv for the rows alone')
              .addOption(many('--keep <column>', 'a column of the file that goes with the scores, such as its key'))
              .option('--explain <n>', 'the n largest contributions to each answer as columns "reason_1", "contribution_1" and so on')
              .option('--run-program', 'start the program of a model without ONNX form; only where you trust it')
              .option('--strict', 'refuse the file where a value was not known to training: out of range, another text, missing')
          ).optionsGroup('Whom to trust as the author of a bundle:'),
          ofVerify
        ).addHelpText('after', closing),
      async () => (await import('./score-work')).score
    )
  }
}
