import type { ModelVersion } from '../../model/registry'
import type { PolicyChange } from '../../model/gate-standing'
import { contentReference, type RunId, type Sha256 } from '../../model/reference'
import type { Ledger } from '../../storage/ledger/ledger'
import { outcomeOf, type GateResultRow } from './tables'

type Decisive = NonNullable<ModelVersion['gate']>

/** Where a run stands before all policies that were applied to it. */
export interface RunGate {
  /** The result that decides: the newest one that failed, else one that passes only under a changed text, else the newest one. */
  decisive: Omit<Decisive, 'changed'> & { changed?: ChangeOfRun }
  /** Policies whose result is a failure. */
  failed: string[]
  /** The results that count, one of each policy. */
  counted: string[]
}

/** Whether the text was weakened can be told by the two reports, which name the evidence. */
export type ChangeOfRun = Omit<PolicyChange, 'weakened'> & { reports: { before: Sha256; after: Sha256 } }

interface ResultRow extends Pick<GateResultRow, 'id' | 'policy' | 'outcome' | 'policy_sha256' | 'report_sha256' | 'at'> {
  run: RunId
  /** Content of the model of the run. */
  model: Sha256 | null
  superseded: 0 | 1
}

interface Counted {
  row: ResultRow
  changed?: ChangeOfRun
}

/** Results over a run, and over others that have the same model. */
const OF_MODEL = `WHERE g.run_id = ? OR g.run_id IN (SELECT other.run_id FROM run_artifacts own JOIN run_artifacts other ON other.sha256 = own.sha256
  WHERE own.run_id = ? AND own.kind = 'model' AND other.kind = 'model')`

/**
 * "The gate of a run", the same in every room: of each policy the newest result under the version in force counts, in the order in which
 * they were recorded, and only where there is none the newest of the versions before; one failure among them is a failure. Neither a
 * lenient policy applied later hides it, nor an older version of its own; nor does another text of the policy cure it: what failed under one
 * text and passes under another is a failure, and what was undecided a pass that says so. That holds for a model and not for a run: the same
 * bytes, trained once more, bring along what they failed. Of one run, or of all by id; a run over which no gate was held is absent.
 */
export function gatesOfRuns(ledger: Ledger, run?: RunId): Map<RunId, RunGate> {
  const rows = ledger.all<ResultRow>(
    `SELECT g.run_id AS run, g.id, g.policy, g.outcome, g.policy_sha256, g.report_sha256, g.at,
       (SELECT min(sha256) FROM run_artifacts a WHERE a.run_id = g.run_id AND a.kind = 'model') AS model,
       p.sha256 IS NOT NULL AND p.sha256 <> g.policy_sha256 AS superseded
     FROM gate_result g LEFT JOIN policy p ON p.name = g.policy ${run === undefined ? '' : OF_MODEL} ORDER BY g.rowid DESC`,
    ...(run === undefined ? [] : [run, run])
  )
  const places = new Map(rows.map((row, index) => [row.id, index]))
  const runs = new Map<RunId, Map<string, ResultRow[]>>()
  for (const row of rows) {
    const policies = runs.get(row.run) ?? new Map<string, ResultRow[]>()
    runs.set(row.run, policies)
    const texts = policies.get(row.policy) ?? []
    policies.set(row.policy, texts)
    if (!texts.some(({ policy_sha256 }) => policy_sha256 === row.policy_sha256)) texts.push(row)
  }
  const whoChanged = changers(ledger)
  const ofModels = new Map<string, ResultRow[]>()
  for (const row of [...runs.values()].flatMap((policies) => [...policies.values()].flat())) {
    const key = `${row.model} ${row.policy}`
    const same = ofModels.get(key) ?? []
    same.push(row)
    if (row.model !== null) ofModels.set(key, same)
  }
  const asked = run === undefined ? [...runs] : [...runs].filter(([id]) => id === run)
  return new Map(
    asked.map(([id, policies]) => {
      const results = [...policies.values()].map((texts) =>
        counted(texts, ofModels.get(`${texts[0]!.model} ${texts[0]!.policy}`) ?? texts, whoChanged)
      )
      results.sort((a, b) => places.get(a.row.id)! - places.get(b.row.id)!)
      return [id, standing(results)]
    })
  )
}

function standing(results: Counted[]): RunGate {
  const failures = results.filter(({ row }) => row.outcome !== 'pass')
  const { row, changed } = failures[0] ?? results.find((result) => result.changed) ?? results[0]
  return {
    decisive: {
      id: row.id,
      policy: row.policy,
      ...outcomeOf(row.outcome),
      ...(row.superseded === 1 && { superseded: true as const }),
      ...(changed && { changed })
    },
    failed: failures.map((result) => result.row.policy),
    counted: results.map((result) => result.row.id)
  }
}

/** Of the newest results under each text of a policy, newest first, the one that counts, beside those over the same model in other runs. */
function counted(texts: readonly ResultRow[], ofModel: readonly ResultRow[], whoChanged: ReturnType<typeof changers>): Counted {
  const row = texts.find(({ superseded }) => superseded === 0) ?? texts[0]
  if (row.outcome !== 'pass') return { row }
  const others = ofModel.filter((other) => other.policy_sha256 !== row.policy_sha256)
  const former = others.find(({ outcome }) => outcome === 'fail') ?? others.find(({ outcome }) => outcome === 'undecided')
  if (!former) return { row }
  const changed: ChangeOfRun = {
    was: former.outcome === 'fail' ? 'failed' : 'undecided',
    before: former.policy_sha256,
    after: row.policy_sha256,
    ...whoChanged(row),
    reports: { before: former.report_sha256, after: row.report_sha256 }
  }
  return { row: changed.was === 'failed' ? former : row, changed }
}

/** Who put a text in force before a gate was held by it, from the record; it is read once, and only when somebody asks. */
function changers(ledger: Ledger): (row: ResultRow) => { by: string; at: string } {
  let saved: { subject: string; by: string; at: string }[] | undefined
  return ({ policy, policy_sha256, at }) => {
    saved ??= ledger.all(`SELECT subject, person AS "by", at FROM events WHERE event = 'policy.saved' ORDER BY seq DESC`)
    const own = saved.filter(({ subject }) => subject === contentReference('policy', policy, policy_sha256))
    const found = own.find((event) => event.at <= at) ?? own[0]
    return found ? { by: found.by, at: found.at } : { by: 'unknown person', at }
  }
}
