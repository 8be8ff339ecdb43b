import { z } from 'zod'
import { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'
import { modelPath, modelPathIn } from './documents/bundle-facts'
import { gateHistory, HISTORY_AS_JUDGED } from './documents/gate-history'
import type { OpenBundle } from './open-bundle'
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
 * names another model than the enclosed one is refused whatever the result says, or where there is none.
 */
export async function checkJudgedEvidence(bundle: OpenBundle, verified: ReadonlyMap<string, Sha256>, checks: Checks): Promise<void> {
  const own = modelPathIn((path) => verified.has(path))
  const model = verified.get(own)
  const about = evaluated.safeParse(await readVerified(bundle, verified, judgedFiles.evaluation)).data?.subject.model
  if (about && model && about !== model)
    return checks.set(
      'evidence',
      'fail',
      `Mismatch between the evaluation and the model: ${judgedFiles.evaluation} is about ${about.slice(0, 8)}, but ${own} is ${model.slice(0, 8)}.`
    )
  const results = await readVerified(bundle, verified, 'policy/results.json')
  const { subject } = z.object({ subject: judged.nullish() }).safeParse(results).data ?? {}
  if (!subject) return checks.set('evidence', 'skipped', 'The bundle does not say by digest what its gate judged.')
  const history = gateHistory.safeParse(await readVerified(bundle, verified, 'policy/history.json')).data
  const parts: readonly Part[] = (history?.version ?? 1) >= HISTORY_AS_JUDGED ? judgedParts : ['model', 'policy']
  const foreign = describeForeignEvidence(subject, (path) => verified.get(path), parts)
  if (foreign.length > 0) checks.set('evidence', 'fail', `Mismatch between the gate and what it judged: ${foreign.join('; ')}.`)
  else checks.set('evidence', 'pass', `The gate of the bundle judged its ${parts.filter((part) => subject[part] !== null).join(', ')}.`)
}

/** A document of a bundle as it was verified; undefined where there is none, or none that can be read. */
async function readVerified(bundle: OpenBundle, verified: ReadonlyMap<string, Sha256>, name: string): Promise<unknown> {
  const wanted = verified.get(name)
  if (wanted === undefined) return undefined
  const bytes = await bundle.read(name)
  if (sha256(bytes) !== wanted) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
