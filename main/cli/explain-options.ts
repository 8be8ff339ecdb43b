import type { Command } from 'commander'
import { paperHelp } from './document-options'
import { ofVerify, withTrust } from './trust-options'

const closing = `
The contributions have a line for each row: "row", "base" (the mean over the background), one for each column of the model, and "margin", to
which they add up below 1e-6; several classes have a line each, with "class". Figures are in log-odds, or in the amount; a file that is
neither trees nor a sum is explained by its answers. The background is the training rows where the workspace has them, else the given file.

Examples:
  drydock model explain -w lab tabular@1 march.csv --out why.csv
  drydock model explain -w lab tabular@1 march.csv --row 17 --sheet row-17.html
  drydock model explain -w lab tabular@1 march.csv --row 17 --counterfactuals 3 --immutable age,sex --range income=0..90000
  drydock model explain -w lab tabular@1 march.csv --dependence curves.json --curves age,income
  drydock model explain model.drydock march.csv --key author.pub.pem --out why.arrow`

/** Arguments and options of `model explain`. */
export const withExplainOptions = (command: Command): Command =>
  withTrust(
    command
      .argument('<model|bundle>', 'with -w NAME@VERSION, or NAME for the newest; else a bundle')
      .argument('<file>', 'a CSV, TSV, Parquet, JSON lines or Arrow file with rows to explain')
      .option('-w, --workspace <dir>', 'the workspace of the model')
      .option('--out <file>', 'FILE.csv or FILE.arrow for the contributions; an older file of that name is replaced')
      .option('--rows <count>', 'how many rows, from the first; 1000, and 20 of a black box, where it is not said')
      .option('--row <number>', 'the row, from 1, that is told and that the sheet is of')
      .option('--sheet <file>', 'FILE.html, one page on why the row got its score; an older file is replaced')
      .option('--pdf <file>', 'the same page as FILE.pdf')
      .option('--paper <size>', paperHelp)
      .option('--background <file>', 'a file with rows that stand for what is usual')
      .option('--method <method>', 'auto, interventional, path-dependent or kernel', 'auto')
      .option('--reasons <file>', 'a YAML document of reason codes (schema: drydock.reason-codes); else reason-codes.yaml of the workspace')
      .option('--dependence <file>', 'FILE.json for partial dependence, lines of single rows and accumulated effects')
      .option('--curves <columns>', 'columns of the curves, apart by commas; else the eight that move the answers most')
      .optionsGroup('The nearest rows with another answer than that of --row:')
      .option('--counterfactuals <count>', 'how many ways to another answer, each by other columns')
      .option('--want <answer...>', '">=0.7", "<100" or a class; of a yes or no by default the other decision')
      .option('--immutable <columns>', 'columns that keep their values, apart by commas')
      .option('--rising <columns>', 'columns that may only rise')
      .option('--falling <columns>', 'columns that may only fall')
      .option('--range <ranges...>', 'COLUMN=MIN..MAX, the values that a column of numbers may get')
      .optionsGroup('Whom to trust as the author of a bundle:'),
    ofVerify
  ).addHelpText('after', closing)
