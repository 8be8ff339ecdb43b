import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'
import {
  Identifier,
  type PipelineCheck,
  type PipelineDetail,
  type PipelineDocument,
  type PipelineSummary,
  type PipelineVersionInfo
} from '../../model/pipeline'
import type { Ledger } from '../../storage/ledger/ledger'
import { sha256 } from '../../storage/objects/durable-files'
import { decisionOf } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import { isGatePipeline } from './hold-gate'
import { inTurns } from './pieces'
import { readPipeline } from './pipeline-document'
import { pipeline, pipelineVersion, type PipelineRow } from './tables'
import type { Sha256 } from '../../model/reference'

/** Pipeline documents of a workspace: versions named by their bytes, one draft each, and a trash. Nothing saved is ever overwritten. */
export interface PipelineCatalog {
  list(options?: { removed?: boolean }): PipelineSummary[]
  /** @throws WorkbenchError NOT_FOUND, also for a version that was never saved */
  get(name: string, version?: Sha256): Promise<PipelineDetail>
  /** Keeps a text as it is, also one that does not parse. Throws INVALID_INPUT for a name that none can have. */
  saveDraft(name: string, yaml: string, commit: (write: () => { savedAt: string }) => { savedAt: string }): Promise<{ savedAt: string }>
  discardDraft(name: string): void
  /**
   * Keeps the bytes of a document that parses; `write` makes them a version, without touching draft or trash when it is already the newest,
   * and returns the version whose place they take: null where they are the newest already, or there was none.
   * @throws WorkbenchError INVALID_INPUT when the text does not parse; graph problems may remain
   */
  store(yaml: string): Promise<{ document: PipelineDocument; sha256: Sha256; write(): Sha256 | null }>
  /** Drops the draft and takes the pipeline out of the trash: the newest version stands. */
  settle(name: string): void
  summary(name: string): PipelineSummary
  /** The newest version; null where there is none outside the trash. */
  standing(name: string): Sha256 | null
  remove(name: string): void
  restore(name: string): void
}

export function createPipelineCatalog(context: WorkspaceContext, checkText: (yaml: string) => Promise<PipelineCheck>): PipelineCatalog {
  const { ledger } = context
  const now = (): string => context.clock().toISOString()
  const names = (): string[] => ledger.all<{ name: string }>('SELECT name FROM pipeline ORDER BY name LIMIT 1000').map((row) => row.name)
  const find = (name: string): PipelineRow => {
    const row = ledger.get<PipelineRow>('SELECT * FROM pipeline WHERE name = ?', name)
    if (!row)
      throw new WorkbenchError(
        'NOT_FOUND',
        `There is no pipeline "${name}" in this workspace.${didYouMean(name, names())} Look at the list of pipelines.`
      )
    return row
  }
  const history = (name: string): PipelineVersionInfo[] =>
    ledger.all('SELECT sha256, created_at AS createdAt, steps FROM pipeline_version WHERE name = ? ORDER BY rowid DESC', name)
  const lastRunOf = (name: string): PipelineSummary['lastRun'] => {
    const run = ledger.get<NonNullable<PipelineSummary['lastRun']>>(
      'SELECT id, state, created_at AS createdAt, finished_at AS finishedAt FROM pipeline_run WHERE pipeline = ? ORDER BY rowid DESC LIMIT 1',
      name
    )
    return run ? { ...run, ...decisionOf(ledger, run.id) } : null
  }
  const toSummary = (row: PipelineRow): PipelineSummary => ({
    name: row.name,
    title: row.title,
    description: row.description,
    version: row.version,
    versions: ledger.get<{ n: number }>('SELECT count(*) AS n FROM pipeline_version WHERE name = ?', row.name)!.n,
    hasDraft: row.draft !== null,
    automatic: row.draft === null && isGatePipeline(row.name, row.version),
    steps: row.steps,
    updatedAt: row.updated_at,
    removedAt: row.removed_at,
    lastRun: lastRunOf(row.name)
  })
  const get = async (name: string, version?: Sha256): Promise<PipelineDetail> => {
    const row = find(name)
    const versions = history(name)
    if (version !== undefined && !versions.some((item) => item.sha256 === version))
      throw new WorkbenchError('NOT_FOUND', `The pipeline "${name}" has no version ${version}. Look at its history.`)
    const isDraft = version === undefined && row.draft !== null
    const yaml = isDraft ? row.draft! : (await context.objects.read(version ?? row.version!)).toString('utf8')
    return {
      ...toSummary(row),
      yaml,
      source: isDraft ? 'draft' : 'version',
      draftSavedAt: row.draft_saved_at,
      history: versions,
      check: await checkText(yaml)
    }
  }

  return {
    list: ({ removed = false } = {}) =>
      ledger.all<PipelineRow>(`SELECT * FROM pipeline WHERE removed_at IS ${removed ? 'NOT' : ''} NULL ORDER BY seq DESC`).map(toSummary),
    get,
    store: (yaml) => keepVersion(context, yaml),
    async saveDraft(name, yaml, commit) {
      if (!Identifier.safeParse(name).success)
        throw new WorkbenchError(
          'INVALID_INPUT',
          `"${name}" cannot be the name of a pipeline. Use lowercase letters, digits, "-" and "_", and begin with a letter.`
        )
      const { document } = await inTurns(readPipeline(yaml))
      const savedAt = now()
      return commit(() => {
        ledger.run(
          `INSERT INTO pipeline(name, title, description, version, steps, draft, draft_saved_at, updated_at, seq) VALUES(?,?,?,NULL,?,?,?,?,?)
           ON CONFLICT(name) DO UPDATE SET draft = excluded.draft, draft_saved_at = excluded.draft_saved_at, updated_at = excluded.updated_at,
             seq = excluded.seq,
             title = iif(version IS NULL, excluded.title, title), steps = iif(version IS NULL, excluded.steps, steps)`,
          name,
          document?.title ?? name,
          document?.description ?? '',
          document?.steps.length ?? 0,
          yaml,
          savedAt,
          savedAt,
          nextChange(ledger)
        )
        return { savedAt }
      })
    },
    discardDraft(name) {
      const row = find(name)
      if (row.version === null)
        throw new WorkbenchError(
          'CONFLICT',
          `"${name}" is only a draft; without it nothing would be left. Save it first, or put the pipeline in the trash.`
        )
      ledger.run('UPDATE pipeline SET draft = NULL, draft_saved_at = NULL WHERE name = ?', name)
    },
    settle: (name) => ledger.run('UPDATE pipeline SET draft = NULL, draft_saved_at = NULL, removed_at = NULL WHERE name = ?', name),
    summary: (name) => toSummary(find(name)),
    standing: (name) => ledger.get<PipelineRow>('SELECT * FROM pipeline WHERE name = ? AND removed_at IS NULL', name)?.version ?? null,
    remove(name) {
      find(name)
      ledger.run('UPDATE pipeline SET removed_at = ? WHERE name = ?', now(), name)
    },
    restore(name) {
      find(name)
      ledger.run('UPDATE pipeline SET removed_at = NULL WHERE name = ?', name)
    }
  }
}

async function keepVersion({ ledger, objects, clock }: WorkspaceContext, yaml: string): ReturnType<PipelineCatalog['store']> {
  const { document, problems } = await inTurns(readPipeline(yaml))
  if (!document) {
    const first = problems[0]
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The pipeline cannot be read${first?.line ? ` (line ${first.line})` : ''}: ${first?.message ?? 'unknown problem'} Repair it and try again.`,
      { details: { problems } }
    )
  }
  const digest = sha256(yaml)
  if (!objects.has(digest)) await objects.putBytes(yaml)
  const write = (): Sha256 | null => {
    const at = clock().toISOString()
    const row = ledger.get<PipelineRow>('SELECT * FROM pipeline WHERE name = ?', document.name)
    const title = document.title ?? document.name
    if (!row)
      ledger.insert(pipeline, {
        name: document.name,
        title,
        description: document.description ?? '',
        version: digest,
        steps: document.steps.length,
        updated_at: at,
        seq: nextChange(ledger)
      })
    else if (row.version !== digest)
      ledger.run(
        'UPDATE pipeline SET title = ?, description = ?, version = ?, steps = ?, updated_at = ?, seq = ? WHERE name = ?',
        title,
        document.description ?? '',
        digest,
        document.steps.length,
        at,
        nextChange(ledger),
        document.name
      )
    ledger.insert(pipelineVersion, { name: document.name, sha256: digest, created_at: at, steps: document.steps.length }, 'OR IGNORE')
    return row && row.version !== digest ? row.version : null
  }
  return { document, sha256: digest, write }
}

const nextChange = (ledger: Ledger): number => ledger.get<{ next: number }>('SELECT coalesce(max(seq), 0) + 1 AS next FROM pipeline')!.next
