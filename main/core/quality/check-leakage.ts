import type { ColumnProfile, PairFigure, QualityFinding, TableProfile } from '../../model/quality'
import { usualTask, type TaskName } from '../../model/tasks'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { examplesWhere } from './examples'
import { countOf, createFinding, percent, rounded } from './finding'
import { sortNumbers } from './column-numbers'
import { checkOtherLeaks } from './check-other-leaks'
import { commonValues, indicatorsOf, liftRule, type Lift } from './indicators'
import { firstAbove, firstAtLeast } from './numeric-profile'
import { breathe, wilsonInterval } from '../numerics'
import type { LeakQuestion } from './questions'
import type { BinaryTarget } from './target'

const { ranking } = usualTask

/**
 * Features that know the outcome. Declared: known only after it. Suspected: where an indicator (above zero, missing, a category)
 * holds, the rarer outcome is at least three times as likely (lower end of the 95% interval) and more likely than not (three in four for a single category); or the column alone
 * ranks events with an AUC of 0.9. Few rows suffice: overall AUC hides a leak that fills one row in fifty. Of classes and amounts see
 * `checkOtherLeaks`.
 */
export async function checkLeakage(
  table: AnalysisTable,
  profile: TableProfile,
  asked: BinaryTarget | undefined,
  features: ReadonlySet<string>,
  others: { questions: readonly LeakQuestion[]; pairs: readonly PairFigure[] }
): Promise<QualityFinding[]> {
  const target = asked && rarerOutcome(asked)
  const found: QualityFinding[] = []
  const candidates = table.columns.filter((c) => features.has(c.name) && c !== target?.column)
  if (target)
    for (const column of table.columns)
      if (isKeptOut(column, target, features)) found.push(...(await whyKeptOut(table, column, profile, target)))
  for (const column of candidates) {
    const p = profile.columns[table.columns.indexOf(column)]
    const lifts = target && p.count > 0 ? await liftsOf(table, column, p, target) : []
    const rank = target && p.count > 0 ? await rankOf(table, column, p, target) : undefined
    const strongest = [...lifts].sort((a, b) => b.lift - a.lift)[0]
    const ofAnyTask: QualityFinding['evidence'] = {
      ...(target && { baseRate: rounded(target.rate) }),
      ...(rank !== undefined && { [ranking.key]: rounded(rank) }),
      ...(strongest && {
        lift: rounded(strongest.lift),
        liftLow: rounded(strongest.low),
        liftHigh: rounded(strongest.high),
        support: strongest.support,
        indicator: strongest.words
      })
    }
    // Where nobody said which kind of question it is, a suspicion is what the values tell of a yes or no; what is declared holds for any.
    const evidence = target && others.questions.length > 0 ? { tasks: ['binary'], ...ofAnyTask } : ofAnyTask
    if (column.knownWhen === 'after')
      found.push(
        createFinding({
          kind: 'leakage-declared',
          severity: 'error',
          columns: [column.name],
          title: `"${column.name}" is known only after the outcome but is used as a feature`,
          what: `Its "known when" says after${strongest && target ? `; where it is ${strongest.words}, ${target.outcome} is ${strongest.lift.toFixed(1)} times as likely as on average` : ''}.`,
          meaning: 'In use the value does not exist yet when the model must answer, so the measured quality cannot be reached.',
          next: 'Take it out of the features that were named: by default neither a check nor a training reads it.',
          count: table.rows,
          of: table.rows,
          evidence: ofAnyTask
        })
      )
    else if (target) found.push(...(await suspicion(table, column, target, lifts, rank, evidence)))
  }
  return onceOfColumns([...found, ...(await leaksOfOthers(table, profile, features, others))])
}

interface RarerOutcome extends BinaryTarget {
  /** What it is called in a finding. */
  outcome: 'the event' | 'the other outcome'
}

/** What leaks are sought of: where most rows are events nothing can be many times as likely as they are, and a leak shows in the others. */
function rarerOutcome(target: BinaryTarget): RarerOutcome {
  if (target.rate <= 0.5) return { ...target, outcome: 'the event' }
  return {
    ...target,
    event: `NOT (${target.event})`,
    rate: 1 - target.rate,
    outcomes: target.outcomes.map((value) => 1 - value),
    outcome: 'the other outcome'
  }
}

/** A column that gives the target away as several kinds of question is said once, as the first of them, with all of them and the worst severity. */
function onceOfColumns(findings: readonly QualityFinding[]): QualityFinding[] {
  const first = new Map<string, QualityFinding>()
  for (const finding of findings) {
    const key = `${finding.kind} ${finding.columns.join()}`
    const known = first.get(key)
    const tasks = [...new Set([known, finding].flatMap((each) => (each?.evidence.tasks as TaskName[] | undefined) ?? []))]
    const severity = known?.severity === 'error' ? 'error' : finding.severity
    first.set(key, { ...(known ?? finding), severity, evidence: { ...(known ?? finding).evidence, ...(tasks.length > 0 && { tasks }) } })
  }
  return [...first.values()]
}

/** What gives a class or an amount away, and what would if it were not left out. */
async function leaksOfOthers(
  table: AnalysisTable,
  profile: TableProfile,
  features: ReadonlySet<string>,
  { questions, pairs }: { questions: readonly LeakQuestion[]; pairs: readonly PairFigure[] }
): Promise<QualityFinding[]> {
  const [question] = questions
  if (!question) return []
  // What is declared as known only afterwards is said below, in the words for that.
  const read = table.columns.filter(({ name, knownWhen }) => features.has(name) && knownWhen !== 'after')
  const left = table.columns.filter((column) => isKeptOut(column, question, features))
  const kept = await checkOtherLeaks(table, profile, questions, left, pairs)
  return [...(await checkOtherLeaks(table, profile, questions, read, pairs)), ...kept.map(asKeptOut)]
}

/** Known only afterwards, and no model reads it. */
const isKeptOut = (column: AnalysisColumn, target: { column: AnalysisColumn }, features: ReadonlySet<string>): boolean =>
  column !== target.column && column.knownWhen === 'after' && !features.has(column.name)

/** Says what a column that is rightly left out would have given away, so that nobody puts it back for its fine figures. */
const asKeptOut = (finding: QualityFinding): QualityFinding => ({
  ...finding,
  id: finding.id.replace('leakage-suspected', 'leakage-declared'),
  kind: 'leakage-declared' as const,
  severity: 'info' as const,
  title: `"${finding.columns[0]}" would give the outcome away; it is left out`,
  meaning: 'It is known only after the outcome. A model that read it would look excellent here and fail in use.',
  next: 'Keep it out of the features.'
})

async function whyKeptOut(
  table: AnalysisTable,
  column: AnalysisColumn,
  profile: TableProfile,
  target: RarerOutcome
): Promise<QualityFinding[]> {
  const p = profile.columns[table.columns.indexOf(column)]
  if (p.count === 0) return []
  const rank = await rankOf(table, column, p, target)
  return (await suspicion(table, column, target, await liftsOf(table, column, p, target), rank, {})).map(asKeptOut)
}

async function suspicion(
  table: AnalysisTable,
  column: AnalysisColumn,
  target: RarerOutcome,
  lifts: Lift[],
  rank: number | undefined,
  evidence: QualityFinding['evidence']
): Promise<QualityFinding[]> {
  const suspicious = lifts.filter(liftRule).sort((a, b) => b.lift - a.lift)
  const separates = rank !== undefined && Math.max(rank, 1 - rank) >= 0.9
  if (suspicious.length === 0 && !separates) return []
  const top = suspicious[0]
  const certain = (rank !== undefined && Math.max(rank, 1 - rank) >= 0.97) || (top !== undefined && top.low >= 0.9 / target.rate)
  const condition = top ? await conditionOf(table, column, top.words) : undefined
  return [
    createFinding({
      kind: 'leakage-suspected',
      severity: certain ? 'error' : 'warning',
      columns: [column.name],
      title: top ? `"${column.name}" may give the outcome away` : `"${column.name}" alone predicts the outcome`,
      what: top
        ? `Where it is ${top.words} (${countOf(top.support, 'row')}, ${percent(top.support / table.rows)}), ${target.outcome} occurs in ${percent(top.rate)}: ${top.lift.toFixed(1)} times the average of ${percent(target.rate)} (95% interval ${top.low.toFixed(1)} to ${top.high.toFixed(1)}).`
        : `Ranked by this column alone the events separate with an ${ranking.name} of ${Math.max(rank!, 1 - rank!).toFixed(3)}.`,
      meaning: 'Such a value is often written down because the outcome happened. A model would learn the paperwork and fail on new cases.',
      next: 'Find out when the value becomes known. If it is after the outcome, set "known when" to after and the role to ignored; if it is before, note why.',
      count: top ? top.support : table.rows,
      of: table.rows,
      examples: condition ? await examplesWhere(table, condition, column.id) : [],
      evidence: {
        ...evidence,
        indicators: suspicious
          .slice(0, 10)
          .map((l) => ({ ...l, rate: rounded(l.rate), lift: rounded(l.lift), low: rounded(l.low), high: rounded(l.high) }))
      }
    })
  ]
}

async function conditionOf(table: AnalysisTable, column: AnalysisColumn, words: string): Promise<string | undefined> {
  const all = indicatorsOf(column, { missing: 1, numeric: { zeros: 1, negatives: 1 } } as ColumnProfile, await commonValues(table, column))
  return all.find((i) => i.words === words)?.condition
}

/** How much likelier the event is where each indicator of the column holds; intervals are Wilson's over the average rate. */
export async function liftsOf(table: AnalysisTable, column: AnalysisColumn, p: ColumnProfile, target: BinaryTarget): Promise<Lift[]> {
  const indicators = indicatorsOf(column, p, await commonValues(table, column))
  if (indicators.length === 0 || target.rate === 0) return []
  const known = `${target.column.id} IS NOT NULL`
  const [row] = await table.query(
    `SELECT ${indicators.map((i) => `(count(*) FILTER (WHERE ${known} AND ${i.condition}))::DOUBLE, (count(*) FILTER (WHERE ${known} AND ${i.condition} AND ${target.event}))::DOUBLE`).join(', ')} FROM ${TABLE}`
  )
  return indicators.flatMap((indicator, i): Lift[] => {
    const support = Number(row[i * 2])
    const events = Number(row[i * 2 + 1])
    if (support === 0) return []
    const rate = events / support
    const { lower, upper } = wilsonInterval(events, support)
    return [
      {
        words: indicator.words,
        isCategory: indicator.isCategory === true,
        support,
        events,
        rate,
        lift: rate / target.rate,
        low: lower / target.rate,
        high: upper / target.rate
      }
    ]
  })
}

/**
 * Area under the ROC curve of the column alone. Numbers are ranked (ties share ranks, missing as the lowest); categories by their
 * event rate in the other half of the rows, so that rare categories do not seem to predict.
 */
export async function rankOf(
  table: AnalysisTable,
  column: AnalysisColumn,
  p: ColumnProfile,
  target: BinaryTarget
): Promise<number | undefined> {
  if (p.distinct < 2 && p.missing === 0) return undefined
  if (!column.isNumeric && !column.isTime && p.distinct > 2_000) return undefined
  if (column.isNumeric) return rankOfNumbers((await table.numbers(column)).values, target.outcomes, table.signal)
  const known = `${target.column.id} IS NOT NULL`
  const score = column.isTime
    ? `SELECT coalesce(epoch_ms(${column.id}::TIMESTAMP)::DOUBLE, '-infinity'::DOUBLE) AS s, ${target.event} AS y FROM ${TABLE} WHERE ${known}`
    : `SELECT coalesce((r.e + 5 * ${target.rate}) / (r.n + 5), ${target.rate}) AS s, t.y FROM
           (SELECT ${column.id}::VARCHAR AS v, ${target.event} AS y, hash(rowid) % 2 AS half FROM ${TABLE} WHERE ${known}) t LEFT JOIN
           (SELECT ${column.id}::VARCHAR AS v, hash(rowid) % 2 AS half, count(*) AS n, count(*) FILTER (WHERE ${target.event}) AS e FROM ${TABLE} WHERE ${known} GROUP BY 1, 2) r
           ON t.v IS NOT DISTINCT FROM r.v AND t.half <> r.half`
  const [[ranks, n1, n0]] = await table.query(
    `SELECT sum(k) FILTER (WHERE y), (count(*) FILTER (WHERE y))::DOUBLE, (count(*) FILTER (WHERE NOT y))::DOUBLE FROM
     (SELECT y, rank() OVER (ORDER BY s) + (count(*) OVER (PARTITION BY s) - 1) / 2.0 AS k FROM (${score}))`
  )
  return ranking.of(Number(ranks), Number(n1), Number(n0))
}

/** The same of numbers, in steps short enough for the process to stay awake. */
async function rankOfNumbers(values: Float64Array, outcomes: Float64Array, signal?: AbortSignal): Promise<number | undefined> {
  const scores = new Float64Array(values.length)
  let [known, events] = [0, 0]
  for (let row = 0; row < values.length; row++) {
    const isKnown = outcomes[row] === outcomes[row]
    scores[row] = isKnown ? (values[row] === values[row] ? values[row]! : -Infinity) : NaN
    if (isKnown) known++
    if (outcomes[row] === 1) events++
  }
  const sorted = await sortNumbers(scores, signal)
  let ranks = 0
  for (let row = 0; row < scores.length; row++) {
    if (outcomes[row] === 1) ranks += (firstAtLeast(sorted, scores[row]!) + firstAbove(sorted, scores[row]!) + 1) / 2
    if (row % 65_536 === 0) await breathe(signal)
  }
  return ranking.of(ranks, events, known - events)
}
