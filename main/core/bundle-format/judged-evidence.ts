import { z } from 'zod'
import { Sha256 } from '../../model/reference'
import { modelPath, modelPathIn } from './documents/bundle-facts'
import { gateHistory, HISTORY_AS_JUDGED } from './documents/gate-history'
import type { ReadVerified } from './read-verified'
import type { Checks } from './report-checks'

/** Where a bundle holds what its gate judged, by the part of the gate's subject that names it. */
const judgedFiles = {
  model: modelPath,
  evaluation: 'evidence/evaluation.json',
  quality: 'evidence/quality-report.json',
  policy: 'policy/policy.yaml'
} as const
type Part = keyof typeof judgedFiles

type Judged = Readonly<Record<Part, Sha256 | null>>
const evaluated = z.object({ subject: z.object({ model: Sha256 }) })
const measured = z.object({ intervals: z.object({}) })
/** What may contradict the model's signature; most bundles have none of these, and their schemas are not read for them. */
const recordFile = /^evidence\/(?:calibration|decision|intervals|parity)\.json$/
const judged = z.object({ model: Sha256, evaluation: Sha256, quality: Sha256.nullable(), policy: Sha256 })

/** Says of each part that a gate judged which enclosed file is another one, or not there; what the gate was held without may be anything. */
export function describeForeignEvidence(subject: Judged, digestOf: (path: string) => string | undefined, parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    const wanted = subject[part]
    const path = part === 'model' ? modelPathIn((each) => digestOf(each) !== undefined) : judgedFiles[part]
    const found = digestOf(path)
    return wanted === null || found === wanted
      ? []
      : [`${path} is ${found?.slice(0, 8) ?? 'not there'}, but the gate judged ${wanted.slice(0, 8)}`]
  })
}
export const judgedParts = Object.keys(judgedFiles) as Part[]

/**
 * Holds the verified files against what the gate's result names by digest. Programs before wrote the evaluation and the quality report of a
 * bundle anew, so of theirs only the model and the policy are held against it; and what names nothing is not looked at. An evaluation that
 * names another model than the enclosed one is refused whatever the result says, or where there is none, and so are records that contradict the
 * signature of the model: that they were signed makes them no truer.
 */
export async function checkJudgedEvidence(verified: ReadonlyMap<string, Sha256>, read: ReadVerified, checks: Checks): Promise<void> {
  const own = modelPathIn((path) => verified.has(path))
  const model = verified.get(own)
  const evaluation = await readJson(read, judgedFiles.evaluation)
  const about = evaluated.safeParse(evaluation).data?.subject.model
  if (about && model && about !== model)
    return checks.set(
      'evidence',
      'fail',
      `Mismatch between the evaluation and the model: ${judgedFiles.evaluation} is about ${about.slice(0, 8)}, but ${own} is ${model.slice(0, 8)}.`
    )
  if ([...verified.keys()].some((name) => recordFile.test(name)) || measured.safeParse(evaluation).success) {
    const { findUnboundRecords } = await import('./bound-records')
    const unbound = await findUnboundRecords(model, read)
    if (unbound.length > 0)
      return checks.set('evidence', 'fail', `Mismatch between the model and what is recorded of it: ${unbound.join(' ')}`)
  }
  const results = await readJson(read, 'policy/results.json')
  const { subject } = z.object({ subject: judged.nullish() }).safeParse(results).data ?? {}
  if (!subject) return checks.set('evidence', 'skipped', 'The bundle does not say by digest what its gate judged.')
  const history = gateHistory.safeParse(await readJson(read, 'policy/history.json')).data
  const parts: readonly Part[] = (history?.version ?? 1) >= HISTORY_AS_JUDGED ? judgedParts : ['model', 'policy']
  const foreign = describeForeignEvidence(subject, (path) => verified.get(path), parts)
  if (foreign.length > 0) checks.set('evidence', 'fail', `Mismatch between the gate and what it judged: ${foreign.join('; ')}.`)
  else checks.set('evidence', 'pass', `The gate of the bundle judged its ${parts.filter((part) => subject[part] !== null).join(', ')}.`)
}

/** A document of a bundle as it was verified; undefined where there is none, or none that can be read. */
async function readJson(read: ReadVerified, name: string): Promise<unknown> {
  const bytes = await read(name)
  try {
    return bytes && JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
