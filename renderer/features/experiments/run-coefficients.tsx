import { coefficientBasisWords, ratioMeaning, ratioWords, termText, type Coefficient } from '../../../main/model/coefficients'
import type { TrainedModel } from '../../../main/model/training'
import { formatAuto, NO_VALUE, Panel, VirtualTable, type Column } from '../../ui'

/** The terms of a linear model on the scale of the data: estimate, interval, and the factor that the estimate stands for. */
export function RunCoefficients({ coefficients, target }: { coefficients: readonly Coefficient[]; target: TrainedModel['target'] }) {
  const ratio = coefficients.find((each) => each.ratio)?.ratio?.of
  const classes: readonly unknown[] = 'classes' in target && Array.isArray(target.classes) ? target.classes : []
  const bases = [...new Set(coefficients.map(({ basis }) => basis))]
  const notes = [
    ratio ? ratioMeaning[ratio] : 'One unit more adds the estimate to the predicted amount, all other columns equal.',
    'A text is compared with the most frequent one of its column.',
    ...bases.map((basis) => coefficientBasisWords[basis])
  ]
  return (
    <Panel title="Coefficients" className="col-span-full">
      <div style={{ height: Math.min(420, 44 + 32 * coefficients.length) }}>
        <VirtualTable
          label="Coefficients"
          columns={columnsFor(ratio, classes)}
          rows={coefficients}
          rowKey={(each) => JSON.stringify([each.feature, each.term, each.level, each.class])}
          empty={<p className="p-3 text-muted">The model has no terms.</p>}
        />
      </div>
      {notes.map((note) => (
        <p key={note} className="mt-1 text-caption text-muted">
          {note}
        </p>
      ))}
    </Panel>
  )
}

const interval = (low: number | null, high: number | null): string =>
  low === null || high === null ? NO_VALUE : `${formatAuto(low)} to ${formatAuto(high)}`

function columnsFor(ratio: keyof typeof ratioWords | undefined, classes: readonly unknown[]): Column<Coefficient>[] {
  const isClassed = ratio === 'relative-odds'
  const nameOf = (index: number | undefined): string => String(index === undefined ? '' : (classes[index] ?? index))
  return [
    { id: 'term', header: 'Term', value: termText, width: 220, grow: true, pinned: true },
    ...(isClassed
      ? [
          {
            id: 'class',
            header: 'Class',
            value: (each: Coefficient) => `${nameOf(each.class)} against ${nameOf(each.against)}`,
            width: 170
          }
        ]
      : []),
    { id: 'reference', header: 'Compared with', value: (each) => each.reference ?? '', width: 140 },
    number('estimate', 'Estimate', (each) => each.estimate),
    number('error', 'Standard error', (each) => each.error, 120),
    spread('interval', '95% interval', (each) => each),
    ...(ratio
      ? [
          number('ratio', ratioWords[ratio], (each) => each.ratio?.value, isClassed ? 190 : 100),
          spread('ratio interval', '95% interval of the ratio', (each) => each.ratio)
        ]
      : [])
  ]
}

const number = (id: string, header: string, value: (each: Coefficient) => number | null | undefined, width = 110): Column<Coefficient> => ({
  ...{ id, header, value, width, numeric: true },
  cell: (each) => formatAuto(value(each))
})

const spread = (
  id: string,
  header: string,
  ends: (each: Coefficient) => { low: number | null; high: number | null } | undefined
): Column<Coefficient> => ({
  ...{ id, header, width: 190, numeric: true },
  value: (each) => ends(each)?.low,
  cell: (each) => {
    const own = ends(each)
    return (
      <span title={own?.low === null ? coefficientBasisWords[each.basis] : undefined}>{own ? interval(own.low, own.high) : NO_VALUE}</span>
    )
  }
})
