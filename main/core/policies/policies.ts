import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { tabularPolicy } from '../../../resources/templates/tabular-policy'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import type { GateReport, GateSummary, PolicyVersion, PolicyProblem, PolicyTestResult } from '../../model/policy'
import { gateReport } from '../../model/policy'
import { renameDurably } from '../../storage/objects/durable-files'
import type { WorkspaceContext } from '../workspace'
import { checkPolicy, runPolicyTests } from './gate'
import { parsePolicy, readPolicy, type ParsedPolicy, type SoundPolicy } from './policy-document'
import { createPolicyStore, type RecordedAgain, type SavedPolicy } from './policy-store'
import type { PolicyRow } from './tables'
import { type RunId, type Sha256, isSha256, parseNamed, type PipelineRunId, type GateResultId } from '../../model/reference'
import type { PolicySummary } from '../../model/commands/policies'

type PoliciesContext = Pick<WorkspaceContext, 'directory' | 'ledger' | 'objects' | 'clock' | 'newId'>

/** Policies of a workspace, by content, and the results of their gates. */
export interface Policies {
  list(): Promise<PolicySummary[]>
  get(name: string): Promise<{ summary: PolicySummary; text: string; problems: PolicyProblem[]; tests: PolicyTestResult[] }>
  /** The text of a version; `name` or `name@sha256:...`. */
  text(reference: string): Promise<{ name: string; sha256: Sha256; text: string }>
  /** Every saved text of a policy, the newest first. Throws NOT_FOUND. */
  versions(name: string): PolicyVersion[]
  check(text: string): { problems: PolicyProblem[]; tests: PolicyTestResult[] }
  /** A text that asks what any model of a yes-or-no question owes, under this name. */
  template(name: string): string
  gates(run?: RunId): GateSummary[]
  gate(id: GateResultId): Promise<GateReport>
}

/** What the commands of this feature write with. */
export interface PoliciesWriter extends Policies {
  /** `commit` runs the writes to the ledger. */
  save(text: string, commit: (write: () => SavedPolicy) => SavedPolicy): Promise<PolicySummary>
  /** Records what a gate step came to; joins the caller's transaction. `reportSha256` names the report in objects/. */
  record(run: RunId, report: GateReport, reportSha256: Sha256, pipelineRun: PipelineRunId): GateResultId
  /** Records once more what a gate step came to before, unless it is the newest of its policy anyway (then null); joins the transaction. */
  recordAgain(run: RunId, reportSha256: Sha256, pipelineRun: PipelineRunId): RecordedAgain | null
}

/** Problems of one text that are told. */
const mostProblems = 500

/** What else is wrong with a policy whose structure is: its parts that fit are checked as those of a whole one. */
function checkSound({ policy, contradictions, told }: SoundPolicy): PolicyProblem[] {
  const found = contradictions.map(({ path, message }): PolicyProblem => ({
    severity: 'error',
    path: path.map(String).join('.'),
    message,
    ...policy.place(path)
  }))
  return [...found, ...checkPolicy(policy)].flatMap(told)
}

/** Problems and test results of a policy text, saved or not; one that does not parse gives its problems and no tests. */
export function examinePolicy(text: string): { policy: ParsedPolicy | null; problems: PolicyProblem[]; tests: PolicyTestResult[] } {
  try {
    const { policy, problems, sound } = readPolicy(text)
    if (policy) return { policy, problems: checkPolicy(policy), tests: runPolicyTests(policy) }
    return { policy, problems: [...problems, ...(sound ? checkSound(sound) : [])].slice(0, mostProblems), tests: [] }
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error
    const problems = (error.details?.problems as PolicyProblem[] | undefined) ?? [{ severity: 'error', path: '', message: error.message }]
    return { policy: null, problems, tests: [] }
  }
}

/** The file is complete before `record` is called and in place after it: a full disk leaves both old. */
async function withPolicyFile({ directory, newId }: PoliciesContext, name: string, text: string, record: () => void): Promise<void> {
  const written = join(directory, 'tmp', `policy-${newId()}.yaml`)
  try {
    await fs.mkdir(join(directory, 'policies'), { recursive: true })
    await fs.writeFile(written, text)
    record()
    await renameDurably(written, join(directory, 'policies', `${name}.yaml`))
  } catch (error) {
    throw fromSystemError(error, `saving the policy "${name}"`)
  } finally {
    await fs.rm(written, { force: true })
  }
}

/** Opens the policies of a workspace; each saved text is kept for ever under its SHA-256, the newest also as a file in policies/. */
export function createPolicies(context: PoliciesContext, actor: () => string): PoliciesWriter {
  const { objects } = context
  const store = createPolicyStore(context, actor)
  const read = async (sha256: Sha256): Promise<string> => (await objects.read(sha256)).toString('utf8')
  const summarise = async (row: PolicyRow) => {
    const text = await read(row.sha256)
    const { policy, problems, tests } = examinePolicy(text)
    const summary: PolicySummary = {
      name: row.name,
      title: policy?.document.title ?? row.name,
      sha256: row.sha256,
      rules: policy?.document.rules.length ?? 0,
      blocking: policy?.document.rules.filter(({ severity }) => severity === 'block').length ?? 0,
      tests: tests.length,
      testsPassed: tests.filter((test) => test.passed).length,
      updatedAt: row.updated_at
    }
    return { summary, text, problems, tests }
  }
  /** One lost text keeps nobody from the others: it is named, and its policy passes nothing. */
  const summaryOf = async (row: PolicyRow): Promise<PolicySummary> => {
    try {
      return (await summarise(row)).summary
    } catch (error) {
      if (!(error instanceof WorkbenchError) || !['NOT_FOUND', 'DIGEST_MISMATCH'].includes(error.code)) throw error
      const { name, sha256, updated_at: updatedAt } = row
      return { name, title: name, sha256, rules: 0, blocking: 0, tests: 0, testsPassed: 0, updatedAt, lost: error.message }
    }
  }
  const text: Policies['text'] = async (reference) => {
    const { name, version = null } = parseNamed('policy', reference) ?? {}
    if (name === undefined || (version !== null && !isSha256(version)))
      throw new WorkbenchError('INVALID_INPUT', `"${reference}" is not a policy reference. Write its name, or name@sha256:digest.`)
    if (version !== null && !store.hasVersion(name, version))
      throw new WorkbenchError('NOT_FOUND', `The policy "${name}" has no version ${version.slice(0, 8)}.`)
    const sha256 = version ?? store.rowOf(name).sha256
    return { name, sha256, text: await read(sha256) }
  }
  return {
    text,
    record: store.record,
    recordAgain: store.recordAgain,
    list: () => Promise.all(store.rows().map(summaryOf)),
    get: (name) => summarise(store.rowOf(name)),
    versions: store.versions,
    template: (name) => tabularPolicy({ name }),
    check: (source) => {
      const { problems, tests } = examinePolicy(source)
      return { problems, tests }
    },
    async save(source, commit) {
      const { name } = parsePolicy(source).document
      const { sha256 } = await objects.putBytes(source)
      await withPolicyFile(context, name, source, () => commit(() => store.putInForce(name, sha256)))
      return (await summarise(store.rowOf(name))).summary
    },
    gates: store.gates,
    gate: async (id) => gateReport.parse(JSON.parse(await read(store.reportOf(id))))
  }
}
