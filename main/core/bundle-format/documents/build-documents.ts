import { WorkbenchError } from '../../../model/errors'
import { modelCard } from '../../../model/model-card'
import { jsonText } from '../../../model/reported-number'
import { taskOf } from '../../../model/tasks'
import type { TrainedModel } from '../../../model/training'
import { buildBillOfMaterials } from './bill-of-materials'
import { modelFileIn, modelPath, modelReference, type BundleDataset, type BundleFacts, type BundleFileFact } from './bundle-facts'
import { deriveModelCard } from './derive-model-card'
import { renderModelCard } from './model-card-html'
import { buildRolloutPlan, buildServiceLevels } from './operate-documents'
import { buildProvenance, provenanceSubjects } from './provenance'
import { buildGateHistory } from './gate-history'
import { buildReadme } from './readme'
import { buildRunbook } from './runbook'
import { sha256 } from '../../../storage/objects/durable-files'
import { printReference, datasetReference } from '../../../model/reference'
import { fit, withPath } from '../../../model/schema-words'

export type BundleDocuments = Map<string, string | Uint8Array>

const json = (value: unknown): string => `${jsonText(value)}\n`

/**
 * Makes every document of a bundle from plain facts: path (relative, forward slashes) to content. The same facts give the
 * same bytes. Paths that `facts.files` lists are left to the exporter. Throws INVALID_INPUT when the model file is not
 * listed and INTERNAL when a document does not fit its own schema.
 */
export async function buildBundleDocuments(facts: BundleFacts): Promise<BundleDocuments> {
  if (!modelFileIn(facts.files))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The bundle has no ${modelPath}, so there is nothing to deliver. Register a run that produced a model and export again.`
    )
  const given = new Set(facts.files.map((file) => file.path))
  const documents: BundleDocuments = new Map()
  const put = (path: string, content: string | null): void => {
    if (content !== null && !given.has(path)) documents.set(path, content)
  }
  put('model/signature.json', json(facts.signature))
  put('evidence/evaluation.json', json(facts.evaluation))
  put('evidence/fairness.json', facts.evaluation.fairness && json(facts.evaluation.fairness))
  put('evidence/explanation.json', facts.training && json(explanation(facts, facts.training)))
  put('evidence/glass-box.json', facts.glassBox ? json(facts.glassBox) : null)
  put('evidence/quality-report.json', facts.quality && json(facts.quality))
  put('evidence/trials.json', json(trialLedger(facts)))
  put('policy/results.json', facts.gate && json(facts.gate))
  for (const [path, manifest] of datasetManifests(facts.datasets)) put(path, manifest)
  put('lineage/pipeline.yaml', facts.pipelineYaml)
  put(
    'lineage/environment.json',
    json({
      schema: 'drydock.environment',
      version: 1,
      run: printReference({ kind: 'run', id: facts.run.id }),
      seeds: facts.run.seeds,
      ...facts.run.environment
    })
  )
  put('operate/rollout.yaml', buildRolloutPlan(facts))
  put('operate/slo.yaml', buildServiceLevels(facts))
  put('operate/runbook.md', buildRunbook(facts))
  const history = buildGateHistory(facts)
  put('policy/history.json', history === null ? null : json(history))
  put('log/events.json', json(eventLog(facts)))
  put('lineage/provenance.slsa.json', json(buildProvenance(facts, provenanceSubjects(listFiles(facts, documents)))))

  const parsed = fit(modelCard, deriveModelCard(facts, listFiles(facts, documents)))
  if (!parsed.success)
    throw new WorkbenchError(
      'INTERNAL',
      'The model card does not fit its schema, so the bundle was not made. Report this with its details.',
      {
        details: { issues: parsed.problems.slice(0, 20).map(withPath) }
      }
    )
  put('card/model-card.json', json(parsed.data))
  put('card/model-card.html', renderModelCard(parsed.data))
  put('bom.cdx.json', await buildBillOfMaterials(facts, parsed.data))
  put('README.md', buildReadme(facts))
  return new Map([...documents].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The exporter's files and the documents so far, with digests. */
function listFiles(facts: BundleFacts, documents: BundleDocuments): BundleFileFact[] {
  const written = [...documents].map(([path, content]): BundleFileFact => {
    const bytes = Buffer.from(content)
    return { path, sha256: sha256(bytes), size: bytes.length }
  })
  return [...facts.files, ...written]
}

/** What each figure of the importances is and on which rows it was taken. */
function explanation(facts: BundleFacts, training: TrainedModel): unknown {
  const { rows, algorithm, seed, importances, shuffled, coefficients } = training
  const { importance } = facts.evaluation
  const part = rows.validation > 0 ? `the ${rows.validation} validation rows` : `the ${rows.training} training rows`
  const lost = taskOf(facts.evaluation).importance.lost
  const permutation =
    shuffled === undefined
      ? `${lost} once (seed ${seed}), on at most 1,000 of ${part}; null where it was not computed`
      : shuffled
        ? `${lost}, mean of ${shuffled.repeats} shuffles (seed ${seed}) on ${shuffled.rows} of ${part}, which the fit did not learn from; low and high are its 95 % interval`
        : 'null: no row was kept from the fit, or too few'
  return {
    schema: 'drydock.explanation',
    version: 1,
    run: printReference({ kind: 'run', id: facts.run.id }),
    model: modelReference(facts),
    measures: {
      gain:
        algorithm === 'logistic-regression'
          ? 'share of the spread of the log-odds over the training rows, 0 to 1'
          : coefficients
            ? 'share of the spread of the margin over the training rows, 0 to 1'
            : 'share of the loss reduction of all splits over the training rows, 0 to 1',
      uses: coefficients || algorithm === 'logistic-regression' ? 'weights of the feature' : 'splits on the feature',
      permutation
    },
    caution: 'Importance says what the model relies on. It is no cause, and features that say the same share it.',
    importances,
    ...(coefficients && {
      coefficients: {
        measure: 'terms of the model on the scale of the data; basis says what low and high, the ends of the 95 % interval, stand on',
        terms: coefficients
      }
    }),
    ...(importance && {
      judged: {
        measure: `${lost}, mean of ${importance.repeats} shuffles on ${importance.rows} judged rows; low and high are its 95 % interval`,
        ...importance
      }
    })
  }
}

/** How anybody can recompute the chain stands in the file itself. */
function eventLog({ log }: BundleFacts): unknown {
  return {
    schema: 'drydock.events',
    version: 2,
    intact: log.intact,
    entries: log.entries.length,
    head: log.entries.at(-1)?.hash ?? null,
    rule: 'hash = SHA-256 of the UTF-8 bytes of the compact JSON array [index, at, actor, action, subject, D, previous], where D is the compact JSON text of detail as a string; previous is the hash of the entry before, 64 zeros for index 0. Entries about other work of the same workspace appear by index and hash only.',
    events: log.entries
  }
}

/** The ledger of trials: how often the data was asked before this model was chosen. */
function trialLedger(facts: BundleFacts): unknown {
  const { trials } = facts
  const count = (status: string): number => trials.filter((trial) => trial.status === status).length
  return {
    schema: 'drydock.trials',
    version: 1,
    experiment: facts.run.experiment,
    chosen: printReference({ kind: 'run', id: facts.run.id }),
    counts: {
      total: trials.length,
      finished: count('finished'),
      failed: count('failed'),
      cancelled: count('cancelled'),
      running: count('running'),
      discarded: trials.filter((trial) => trial.discarded).length
    },
    trials
  }
}

/** data/<name>-<digest>.json; a name keeps only what is safe in a file name everywhere. */
function datasetManifests(datasets: readonly BundleDataset[]): Map<string, string> {
  return new Map(
    datasets.map((dataset) => {
      const safe =
        dataset.name
          .normalize('NFKD')
          .replace(/[^A-Za-z0-9]+/g, '-')
          .replace(/^-+|-+$/g, '')
          .slice(0, 40)
          .toLowerCase() || 'dataset'
      const manifest = { schema: 'drydock.dataset-manifest', version: 1, reference: datasetReference(dataset), ...dataset }
      return [`data/${safe}-${dataset.sha256.slice(0, 12)}.json`, json(manifest)]
    })
  )
}
