import { importableTasks, modelStages, riskTiers } from '../model/choice-words'
import type { AddCommand, CommandGroup } from './command'
import { withDocumentPlaces } from './document-options'
import { descriptionParts } from './description-parts'
import { many } from './import-options'
import { ofVerify, withTrust } from './trust-options'
import { withExplainOptions } from './explain-options'

/** `model list`, and `models`, as it was called before models had verbs. */
const addList = (add: AddCommand, spec: 'model list' | 'models'): void =>
  add(
    spec,
    spec === 'models' ? 'list the versions of registered models, as "model list" does' : 'list the versions of registered models',
    (c) =>
      c
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .option('--stage <stage>', `only those of a stage: ${modelStages.join(', ')}`)
        .addHelpText('after', `\nExamples:\n  drydock ${spec} -w lab\n  drydock ${spec} -w lab --stage released --json`),
    async () => (await import('./model-work')).listModels
  )

const addShow = (add: AddCommand): void =>
  add(
    'model show',
    'show a version of a model: run, gate, description, stages, and what is missing for an export',
    (c) =>
      c
        .argument('<model>', 'NAME@VERSION, or NAME for the newest')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .addHelpText('after', '\nExamples:\n  drydock model show -w lab tabular\n  drydock model show -w lab tabular@1 --json'),
    async () => (await import('./model-work')).showModel
  )

const addRegister = (add: AddCommand): void =>
  add(
    'model register',
    'keep the model of a run as the next version of a name',
    (c) =>
      c
        .argument('<name>', 'of the model')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .requiredOption('--run <run>', 'id of the run, its beginning, or its name')
        .option('--without-gate', 'as a draft without gate, where none passed; it is marked as one and cannot be approved')
        .addHelpText(
          'after',
          '\nExamples:\n  drydock model register -w lab tabular --run 1f2e3d4c\n  drydock model register -w lab trial --run "first try" --without-gate --as Ada'
        ),
    async () => (await import('./model-changes')).registerModel
  )

const addImport = (add: AddCommand): void =>
  add(
    'model import',
    'take in an ONNX model that was made elsewhere: draft its signature, adapt it and run it on rows; it registers nothing',
    (c) =>
      c
        .argument('<file>', 'the ONNX file')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .requiredOption('--data <data>', 'rows with the target: a dataset of the workspace, or a file that is imported as one')
        .requiredOption('--target <column>', 'the column that the model predicts')
        .option('--task <task>', `${importableTasks.join(', ')}; else as the outputs tell`)
        .addOption(many('--columns <names>', 'columns in the order of the inputs, with commas between'))
        .addOption(many('--classes <values>', 'values of the target in the order of the outputs, with commas between'))
        .option('--event <value>', 'of two classes the one whose probability is the score')
        .option('--output <name>', 'the output with the scores, where there are several')
        .option('--logits', 'the scores are logits, not probabilities')
        .option('--learned', 'the rows are those that the model learned from')
        .option('--predictions <file>', 'what the original predicted for the rows: CSV, Arrow or Parquet')
        .option('--name <name>', 'of the pipeline that takes it in, which must be new; a free one where it is left out')
        .addHelpText(
          'after',
          '\nExamples:\n  drydock model import -w lab loans.onnx --data loans --target defaulted --columns income,age,debt\n  drydock model import -w lab loans.onnx --data train.csv --target defaulted --learned --predictions predictions.csv'
        ),
    async () => (await import('./import-model')).importModelFile
  )

const addDescribe = (add: AddCommand): void =>
  add(
    'model describe',
    'say what a version is for, until it is approved; with nothing to say it prints the document',
    (c) => {
      c.argument('<model>', 'NAME@VERSION, or NAME for the newest')
        .argument('[file]', 'a YAML document (schema: drydock.model-description)')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
      for (const [part, { flags, meaning }] of Object.entries(descriptionParts))
        c.option(flags, part === 'riskTier' ? riskTiers.join(', ') : `${meaning[0].toLowerCase()}${meaning.slice(1, -1)}`)
      return c.addHelpText(
        'after',
        '\nExamples:\n  drydock model describe -w lab tabular@1 > tabular-description.yaml\n  drydock model describe -w lab tabular@1 tabular-description.yaml\n  drydock model describe -w lab tabular@1 --purpose "Ranks loans for a person to look at." --owner "Ada Lovelace"'
      )
    },
    async () => (await import('./model-description')).describeModel
  )

const addCard = (add: AddCommand): void =>
  add(
    'model card',
    'write the model card of a version as it would be exported now, as a page, as a PDF or as both',
    (c) =>
      withDocumentPlaces(
        c.argument('<model>', 'NAME@VERSION, or NAME for the newest').requiredOption('-w, --workspace <dir>', 'the workspace')
      ).addHelpText('after', '\nExamples:\n  drydock model card -w lab tabular@1 --pdf card.pdf --html card.html'),
    async () => (await import('./write-card')).writeCard
  )

const addReproduce = (add: AddCommand): void =>
  add(
    'model reproduce',
    'do the run of a model again from its record, or from that in a bundle, and say what is another',
    (c) =>
      withTrust(
        c
          .argument('<run|model|bundle>', 'with -w the id of a run, its beginning, or its name; or NAME@VERSION, NAME@STAGE; else a bundle')
          .option('-w, --workspace <dir>', 'the workspace of the run')
          .addOption(
            many('--data <file>', 'the file that a dataset of the run was imported from, to be held against it; for a bundle one for each')
          )
          .option('--run-programs', 'run the programs that the steps of a bundle start')
          .optionsGroup('Whom to trust as the author of a bundle:'),
        ofVerify
      ).addHelpText(
        'after',
        '\nA fresh run in a place of its own is held against the record: model, metrics, the score of each judged row. Time and memory are\nleft out. Exit code 1 where anything differs. A bundle is verified first, and needs no workspace.\n\nExamples:\n  drydock model reproduce -w lab tabular@1\n  drydock model reproduce -w lab 1f2e3d4c --data march.csv --json\n  drydock model reproduce tabular-1.drydock --data march.csv --key author.pub.pem'
      ),
    async () => (await import('./reproduce-work')).reproduce
  )

const addEvaluate = (add: AddCommand): void =>
  add(
    'model evaluate',
    'judge a registered model on other rows with known outcomes, and hold what comes of it against its first test',
    (c) =>
      c
        .argument('<model>', 'NAME@VERSION, NAME@STAGE, or NAME for the newest')
        .argument('<data>', 'rows with the target: a dataset of the workspace, or a file that is imported as one')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .option('--group <column>', 'a column whose groups are compared for fairness')
        .addHelpText(
          'after',
          '\nOn the rows of the first test the two are compared row by row; on others each difference is that of two samples. A run keeps what\nwas found, and "model show" lists it.\n\nExamples:\n  drydock model evaluate -w lab tabular@1 april.csv\n  drydock model evaluate -w lab tabular@released april --json'
        ),
    async () => (await import('./evaluate-model')).evaluateModel
  )

const addExplain = (add: AddCommand): void =>
  add(
    'model explain',
    'say why rows of a file get their scores: what each column adds to each answer, by the exported ONNX file',
    withExplainOptions,
    async () => (await import('./explain-work')).explainModel
  )

const addStage = (add: AddCommand): void =>
  add(
    'model stage',
    'move a version to another stage; approving and releasing take an approver with a key, and are signed',
    (c) =>
      c
        .argument('<model>', 'NAME@VERSION, or NAME for the newest')
        .argument('<stage>', 'draft, in-review, approved, released or retired')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .requiredOption('--reason <text>', 'why; part of the record')
        .addHelpText(
          'after',
          '\nExamples:\n  drydock model stage -w lab tabular@1 in-review --reason "Ready to be looked at."\n  drydock model stage -w lab tabular@1 approved --reason "It holds." --as Grace'
        ),
    async () => (await import('./model-changes')).stageModel
  )

export const modelCommands: CommandGroup = {
  place: 4.7,
  nouns: { model: 'register, describe and move versions of models' },
  add(add) {
    addList(add, 'models')
    addList(add, 'model list')
    for (const addVerb of [addShow, addRegister, addImport, addDescribe, addCard, addReproduce, addEvaluate, addExplain, addStage])
      addVerb(add)
  }
}
