import type { AskedNearest } from '../../../main/model/counterfactual'
import { marginWords, spaceWords, type ExplainedRow } from '../../../main/model/explanation'
import type { OpenPanel, PanelAnswer } from '../../../main/model/what-if'
import { WaterfallChart } from '../../charts'
import { useHostCommand } from '../../host'
import { Badge, classNames, Field, formatAuto, formatNumber, Panel, Select, Stat, StatusIcon } from '../../ui'
import { SaveMenu } from '../save-menu'
import { useSaveDocument } from '../save-document'
import { cellText, DECIDED } from './cell-words'
import { OtherAnswer } from './other-answer'
import { useNearest } from './use-nearest'
import { changedColumns, type Asked } from './use-panel'

/** Columns that the picture shows one by one. */
const drawn = 12

interface RowAnswerProps {
  panel: OpenPanel
  asked: Asked
  answer: PanelAnswer
  /** What the row got with the values that it began with, where some were changed. */
  before: PanelAnswer | null
  /** The answer is that to the values before, until the new one is there. */
  isStale: boolean
  output: string | undefined
  onOutput: (output: string | undefined) => void
  onTake: (values: Asked['values']) => void
}

/** What one row got: the answer, why in words and as a picture, and the sheet of it. */
export function RowAnswer({ panel, asked, answer, before, isStale, output, onOutput, onTake }: RowAnswerProps) {
  const { told, notes } = answer
  const search = useNearest(panel, asked)
  // A search that was refused would have the sheet refused too.
  const nearest = search.found.data ? search.current?.asked : undefined
  const coded = told.features.filter(({ code }) => code !== undefined).slice(0, 4)
  return (
    <section aria-label="Answer" aria-busy={isStale} className={classNames('flex flex-col gap-3 p-4', isStale && 'opacity-60')}>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <Figures panel={panel} answer={answer} before={before} />
        <div className="flex items-end gap-2">
          {panel.outputs.length > 1 && (
            <Field label="Explained class">
              <Select
                className="w-48"
                value={output ?? DECIDED}
                onChange={(next) => onOutput(next === DECIDED ? undefined : next)}
                choices={[
                  { value: DECIDED, label: decidedLabel(panel, output === undefined ? told.output : undefined) },
                  ...panel.outputs.map((name) => ({ value: name, label: name }))
                ]}
              />
            </Field>
          )}
          <SaveSheet panel={panel} asked={asked} output={output} nearest={nearest} />
        </div>
      </div>
      {notes.map((note) => (
        <p key={note} className="flex items-start gap-2 rounded-md bg-warn-soft p-2">
          <StatusIcon status="warn" className="mt-1" /> {note}
        </p>
      ))}
      <Panel title="In words">
        <div className="flex max-w-200 flex-col gap-1" data-selectable data-testid="row-narrative">
          {told.narrative.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      </Panel>
      {coded.length > 0 && <Reasons coded={coded} />}
      <Panel>
        <RowPicture panel={panel} told={told} />
        <p className="text-caption text-muted">
          The picture says what the model did with these values. It does not say that another value would change the outcome in the world.
        </p>
      </Panel>
      <OtherAnswer panel={panel} answer={answer} search={search} onTake={onTake} />
    </section>
  )
}

/** The class that is explained where none is chosen, as a list names it; `now` is what it is for this row. */
function decidedLabel({ byCosts }: OpenPanel, now: string | undefined): string {
  if (now === undefined) return byCosts ? 'What is decided for' : 'The likeliest'
  return `${byCosts ? 'Decided for' : 'Likeliest'}: ${now}`
}

function Figures({ panel, answer: { told, around }, before }: Pick<RowAnswerProps, 'panel' | 'answer' | 'before'>) {
  const isAmount = panel.space === 'amount' || panel.space === 'log-amount'
  const decides = panel.decidesFrom
  // Contributions add up to the answer itself: it is not told twice.
  const isItself = panel.space === 'amount' || panel.space === 'probability'
  const usual = `rows get ${formatAuto(told.base)} on average`
  const show = (score: number) => (isAmount ? formatAuto(score) : formatNumber(score, 4))
  const was = before && before.told.output === told.output ? before.told.score : undefined
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-2" data-testid="row-figures">
      <Stat
        label={
          isAmount
            ? panel.target
            : panel.outputs.length === 1
              ? `Probability that ${panel.target} is ${told.output}`
              : `Probability of ${told.output}`
        }
        value={show(told.score)}
        delta={was === undefined ? undefined : told.score - was}
        hint={[...(was === undefined ? [] : [`was ${show(was)}`]), ...(isItself ? [usual] : [])].join('; ') || undefined}
      />
      {around && (
        <Stat label={`${Math.round(100 * around.coverage)}% ${'set' in around ? 'set' : 'interval'}`} value={aroundText(around)} />
      )}
      {!isItself && (
        <Stat
          label={`In ${spaceWords[panel.space]}${panel.calibrated ? ', before the correction' : ''}`}
          value={formatAuto(told.margin)}
          hint={usual}
        />
      )}
      {decides !== null && panel.outputs.length === 1 && !isAmount && (
        <Stat
          label={`Decided for ${told.output}`}
          value={told.score >= decides ? 'yes' : 'no'}
          hint={`from a probability of ${formatAuto(decides)}`}
        />
      )}
      {panel.blackBox !== null && (
        <Badge status="info" tooltip={`The file ${panel.blackBox}. It is asked many times for each answer, so this takes longer.`}>
          explained by its answers
        </Badge>
      )}
    </div>
  )
}

function aroundText(around: NonNullable<PanelAnswer['around']>): string {
  if ('set' in around) return around.set.length === 0 ? 'none is likely enough' : around.set.join(', ')
  const { lower, upper } = around
  if (lower === null) return upper === null ? 'none' : `up to ${formatAuto(upper)}`
  return upper === null ? `from ${formatAuto(lower)}` : `${formatAuto(lower)} to ${formatAuto(upper)}`
}

function Reasons({ coded }: { coded: ExplainedRow['features'] }) {
  return (
    <Panel title="Reasons" hint="by the table of reason codes of this workspace">
      <ul className="flex flex-col gap-1" data-selectable>
        {coded.map(({ code, reason, feature }) => (
          <li key={feature}>
            <span className="font-mono text-caption">{code}</span> {reason} <span className="text-caption text-muted">({feature})</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function RowPicture({ panel, told }: { panel: OpenPanel; told: ExplainedRow }) {
  const kinds = new Map(panel.columns.map(({ name, kind }) => [name, kind]))
  const most = told.features.slice(0, drawn)
  const rest = told.features.slice(drawn)
  return (
    <WaterfallChart
      title={panel.outputs.length > 1 ? `What each column added to ${told.output}` : 'What each column added'}
      axis={marginWords(panel.space, panel.calibrated)}
      category="Column"
      start={{ label: 'rows on average', value: told.base }}
      steps={[
        ...most.map(({ feature, value, contribution }) => ({
          label: feature,
          value: contribution,
          detail: cellText(value, kinds.get(feature))
        })),
        ...(rest.length === 0
          ? []
          : [{ label: `${rest.length} other columns`, value: rest.reduce((sum, { contribution }) => sum + contribution, 0) }])
      ]}
      end={{ label: 'this row', value: told.margin }}
    />
  )
}

interface SaveSheetProps {
  panel: OpenPanel
  asked: Asked
  output: string | undefined
  /** Another answer that was looked for stands on it. */
  nearest: AskedNearest | undefined
}

/** One page for whoever answers for the decision or is told it. */
function SaveSheet({ panel, asked, output, nearest }: SaveSheetProps) {
  const save = useHostCommand('explain.saveSheet')
  const { entries } = useSaveDocument()
  const { row, values } = asked
  const called = row !== null && changedColumns(asked).length === 0 ? `row-${row}` : 'case'
  const sheet = {
    noun: 'decision sheet',
    stem: `decision-${panel.model.name.replaceAll(/[^\w.-]+/g, '-')}-${called}`,
    save: (places: object) => save.run({ panel: panel.panel, values, output, nearest, ...(row !== null && { row }), ...places })
  }
  return <SaveMenu label="Save decision sheet" busy={save.busy} entries={entries(sheet)} />
}
