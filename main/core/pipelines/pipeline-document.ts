import { Document, isCollection, isScalar, type LineCounter, type ParsedNode } from 'yaml'
import type { z } from 'zod'
import { didYouMean } from '../../model/near-names'
import { MAX_STEPS, PipelineDocument, PipelineParameter, PipelineStep, type PipelineProblem } from '../../model/pipeline'
import { atOnce, STEPS_A_PIECE, type Work } from './pieces'
import { writeNodes } from './write-nodes'
import { NODES_A_PIECE, plainValue, readNodes, syntaxProblem } from './yaml-nodes'

export const PIPELINE_SCHEMA = 'drydock.pipeline'
export const PIPELINE_VERSION = 1
const MAX_ALIASES = 100
/** Entries and levels of the document that a text stands for once its aliases are written out. */
const MAX_ENTRIES = 1_000_000
const MAX_DEPTH = 64

/** Turns a document of version n into one of version n + 1. Append only. */
const upcasters: Record<number, (document: Record<string, unknown>) => Record<string, unknown>> = {}

export interface ParsedPipeline {
  document: PipelineDocument | null
  problems: PipelineProblem[]
  /** 1-based line and column of a path (`['steps', 0, 'inputs']`), or of its nearest existing parent. */
  locate(path: readonly PropertyKey[]): { line: number; column: number } | undefined
}

/** Says when a document is too deep or, with its aliases written out, too large to work with. */
function* findExcess(json: unknown): Work<string | undefined> {
  const pending = [{ value: json, depth: 1 }]
  for (let entries = 1, seen = 1; pending.length; seen++) {
    if (seen % NODES_A_PIECE === 0) yield
    const { value, depth } = pending.pop()!
    if (!value || typeof value !== 'object') continue
    if (depth > MAX_DEPTH) return `It is nested deeper than ${MAX_DEPTH} levels.`
    const inner = Object.values(value)
    entries += inner.length
    if (entries > MAX_ENTRIES) return `It has more than ${MAX_ENTRIES} entries.`
    for (const item of inner) pending.push({ value: item, depth: depth + 1 })
  }
  return undefined
}

/** Reads a pipeline text. Everything wrong with it is a problem with its line; nothing is thrown. */
export const parsePipeline = (text: string): ParsedPipeline => atOnce(readPipeline(text))

/** Texts that were read last: who checks one, keeps it and starts it has it read once. */
const lately = new Map<string, ParsedPipeline>()
const MAX_KEPT = 3

/** As `parsePipeline`, in pieces of bounded work. */
export function* readPipeline(text: string): Work<ParsedPipeline> {
  const known = lately.get(text) ?? (yield* readText(text))
  lately.delete(text)
  lately.set(text, known)
  for (const [oldest] of lately) if (lately.size > MAX_KEPT) lately.delete(oldest)
  return known
}

function* readText(text: string): Work<ParsedPipeline> {
  const read = yield* readNodes(text)
  const { nodes, lines, problems, typed } = read
  const locate: ParsedPipeline['locate'] = (path) => (nodes ? positionOf(nodes, lines, path) : undefined)
  if (!nodes) return { document: null, problems, locate }
  let json: unknown
  try {
    // In a command, a number or truth value without quotes is the text as it was typed: `[sleep, 0]`, `[tool, 1.0]`.
    for (const item of typed) item.value = item.source
    json = yield* plainValue(read, MAX_ALIASES)
  } catch (error) {
    return { document: null, problems: [syntaxProblem(`Not valid YAML: ${(error as Error).message}.`)], locate }
  }
  const excess = yield* findExcess(json)
  if (excess) return { document: null, problems: [syntaxProblem(`${excess} Make the pipeline smaller.`)], locate }
  const upcast = upcastPipeline(json as Record<string, unknown>)
  if ('problem' in upcast) return { document: null, problems: [{ ...upcast.problem, ...locate(['version']) }], locate }
  const parsed = yield* fitDocument(upcast.document)
  if ('document' in parsed) return { document: parsed.document, problems: [], locate }
  const steps = (upcast.document.steps ?? []) as unknown[]
  const found = parsed.issues.map((issue): PipelineProblem => {
    const stepId =
      issue.path[0] === 'steps' && typeof issue.path[1] === 'number' ? (steps[issue.path[1]] as { id?: unknown })?.id : undefined
    return {
      code: 'SCHEMA',
      severity: 'error',
      message: describeIssue(issue),
      ...(typeof stepId === 'string' && { stepId }),
      ...locate(issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path)
    }
  })
  return { document: null, problems: found, locate }
}

/** The document as its schema has it, or what does not fit. */
function* fitDocument(json: Record<string, unknown>): Work<{ document: PipelineDocument } | { issues: z.core.$ZodIssue[] }> {
  const isLong = Array.isArray(json.steps) && json.steps.length > STEPS_A_PIECE && json.steps.length <= MAX_STEPS
  yield
  const whole = PipelineDocument.safeParse(isLong ? { ...json, steps: [] } : json)
  const issues = whole.success ? [] : [...whole.error.issues]
  const steps: PipelineStep[] = []
  for (const [index, written] of isLong ? (json.steps as unknown[]).entries() : []) {
    if (index % STEPS_A_PIECE === 0) yield
    const step = PipelineStep.safeParse(written)
    if (step.success) steps.push(step.data)
    else issues.push(...step.error.issues.map((issue) => ({ ...issue, path: ['steps', index, ...issue.path] })))
  }
  if (!whole.success || issues.length > 0) return { issues }
  return { document: isLong ? { ...whole.data, steps } : whole.data }
}

function upcastPipeline(json: Record<string, unknown>): { document: Record<string, unknown> } | { problem: PipelineProblem } {
  let document = json
  const version = json.version
  if (json.schema === PIPELINE_SCHEMA && typeof version === 'number' && Number.isInteger(version)) {
    if (version > PIPELINE_VERSION)
      return {
        problem: {
          code: 'UNSUPPORTED_VERSION',
          severity: 'error',
          message: `This pipeline has format version ${version}; this Drydock knows up to ${PIPELINE_VERSION}. Open it with a newer Drydock.`
        }
      }
    for (let at = version; at < PIPELINE_VERSION && upcasters[at]; at++) document = upcasters[at](document)
  }
  return { document }
}

/** The keys of the document, of a step, or of what is declared as a parameter. */
function keysAt([list, , ...deeper]: readonly PropertyKey[]): string[] {
  if (deeper.length > 0) return []
  const { shape } = list === 'steps' ? PipelineStep : list === 'parameters' ? PipelineParameter : PipelineDocument
  return Object.keys(shape)
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.length ? issue.path.map(String).join('.') : 'the document'
  if (issue.code === 'unrecognized_keys')
    return `"${issue.keys.slice(0, 5).join('", "')}"${issue.keys.length > 5 ? ` and ${issue.keys.length - 5} more` : ''} is not known in ${where}. Check the spelling.${didYouMean(issue.keys[0]!, keysAt(issue.path))}`
  return `${where}: ${issue.message}`
}

function positionOf(
  nodes: Document<ParsedNode>,
  lines: LineCounter,
  path: readonly PropertyKey[]
): { line: number; column: number } | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? nodes.contents : nodes.getIn(path.slice(0, length), true)
    const range = isScalar(node) || isCollection(node) ? (node.range ?? undefined) : undefined
    if (!range) continue
    const at = lines.linePos(range[0])
    return { line: at.line, column: at.col }
  }
  return undefined
}

const compact = <T extends Record<string, unknown>>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T
const isEmpty = (value: object | undefined): boolean => value === undefined || Object.keys(value).length === 0

/** A step with its keys in the order we write and without empty mappings. */
export function orderedStep(step: PipelineStep): Record<string, unknown> {
  return compact({
    id: step.id,
    type: step.type,
    version: step.version,
    title: step.title,
    inputs: isEmpty(step.inputs) ? undefined : step.inputs,
    parameters: isEmpty(step.parameters) ? undefined : step.parameters,
    cache: step.cache,
    retries: step.retries,
    timeout: step.timeout,
    memory: step.memory,
    position: step.position && { x: step.position.x, y: step.position.y }
  })
}

/** Writes a document as YAML. Parsing the text and writing it again gives the same bytes. */
export function serialisePipeline(document: PipelineDocument): string {
  const nodes = new Document(
    compact({
      schema: document.schema,
      version: document.version,
      name: document.name,
      title: document.title,
      description: document.description,
      parameters: document.parameters?.length
        ? document.parameters.map((p) => compact({ name: p.name, type: p.type, default: p.default, description: p.description }))
        : undefined,
      steps: document.steps.map(orderedStep)
    }),
    { version: '1.2', schema: 'core', aliasDuplicateObjects: false }
  )
  return atOnce(writeNodes(nodes as unknown as Document<ParsedNode>))
}
