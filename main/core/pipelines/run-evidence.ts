import { WorkbenchError } from '../../model/errors'
import { evaluationSchema } from '../../model/evaluation'
import type { FactValue } from '../../model/policy'
import { fittingTables } from '../../model/evidence'
import type { RunId, Sha256 } from '../../model/reference'
import type { WorkspaceContext } from '../workspace/context'
import { splitSources } from './ancestry'
import { handedTo, sourceOf } from './handed'
import { createJournal, type AttemptId, type ProducedFile, type StepPlace } from './journal'

/** An input that no connection brings: a file of the journal, or of another feature (then no attempt made it). */
export interface GivenInput {
  file: ProducedFile
  parts: ProducedFile[]
  /** The attempt that made it, and the type of its step. */
  source: AttemptId | null
  stepType: string | null
  /** The step that hands it over. */
  from: StepPlace | null
}

/** What a gate over a run that is there already is held on: its documents by port, and what only the list of runs can tell. */
export interface RunEvidence {
  run: RunId
  facts: Record<string, FactValue>
  inputs: Record<string, GivenInput>
}

/** What other features say of a run and its data. */
export interface RunEvidenceSources {
  /** Throws NOT_FOUND. */
  run(id: RunId): { name: string; isEvaluated: boolean; facts: RunEvidence['facts'] }
  /** The newest quality report of one of these tables that Data keeps, as a document in the content store. */
  qualityReport(
    tables: readonly Sha256[],
    objects: WorkspaceContext['objects']
  ): Promise<Pick<ProducedFile, 'sha256' | 'size' | 'reference'> | null>
}

/**
 * Collects the evidence of a run from the journal, by the id of the run and the connections of its steps. Throws NOT_FOUND, CONFLICT for a
 * run that was not evaluated, EVIDENCE_MISMATCH for one that an earlier program evaluated.
 */
export async function evidenceOfRun(context: WorkspaceContext, id: RunId, sources: RunEvidenceSources): Promise<RunEvidence> {
  const { ledger } = context
  const { name, isEvaluated, facts } = sources.run(id)
  const ofRun = (type: string): (StepPlace & { sha256: Sha256 })[] =>
    ledger.all(
      "SELECT run_id AS run, step_id AS step, sha256 FROM produced WHERE run = ? AND type = ? AND part = '' ORDER BY rowid DESC",
      id,
      type
    )
  const handed = (to: StepPlace, port: string): GivenInput | undefined => {
    const file = handedTo(ledger, to).find((each) => each.port === port)
    return file?.from ? givenBy(context, file.from, file.sha256) : undefined
  }
  const [evaluated] = ofRun('Evaluation')
  const evaluation = evaluated && givenBy(context, evaluated, evaluated.sha256)
  const model = evaluated && handed(evaluated, 'model')
  if (!evaluation || !model)
    throw isEvaluated
      ? new WorkbenchError(
          'EVIDENCE_MISMATCH',
          `The evaluation of the run "${name}" was made by an earlier Drydock, and which model and rows it is about is not on record, so no gate can be held over it. Run its evaluate step again.`
        )
      : new WorkbenchError(
          'CONFLICT',
          `The run "${name}" has no model that was evaluated, so no gate can be held over it. Run the evaluate step of its pipeline first.`
        )
  const [judged] = ofRun('GateResult').flatMap((gate) => handed(gate, 'quality') ?? [])
  const quality = judged ?? (await dataReport(context, evaluated.sha256, sources))
  return { run: id, facts, inputs: { model, evaluation, ...(quality && { quality }) } }
}

/** The output of a step with this digest, and the files that belong to it. */
export function givenBy(context: WorkspaceContext, from: StepPlace, sha256: Sha256): GivenInput {
  const source = sourceOf(context.ledger, from)!
  const files = createJournal(context).outputsOf(source)
  const file = files.find((each) => each.part === '' && each.sha256 === sha256)!
  const { type } = context.ledger.get<{ type: string }>('SELECT type FROM step_run WHERE run_id = ? AND step_id = ?', from.run, from.step)!
  return { file, parts: files.filter(({ port, part }) => port === file.port && part !== ''), source, stepType: type, from }
}

/** A report that was made in Data, when it is about a table that the evaluation is about. */
async function dataReport(
  context: WorkspaceContext,
  evaluation: Sha256,
  { qualityReport }: RunEvidenceSources
): Promise<GivenInput | null> {
  const { subject } = evaluationSchema.parse(JSON.parse((await context.objects.read(evaluation)).toString('utf8')))
  if (!subject) return null
  const tables = fittingTables(subject, splitSources(context.ledger, subject.rows, subject.trainingRows))
  const report = await qualityReport(tables, context.objects)
  if (!report) return null
  const file: ProducedFile = {
    ...report,
    port: 'report',
    part: '',
    type: 'QualityReport',
    rows: null,
    mediaType: 'application/json',
    run: null
  }
  return { file, parts: [], source: null, stepType: null, from: null }
}
