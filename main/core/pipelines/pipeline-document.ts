import { Document, isCollection, isMap, isScalar, type LineCounter, type ParsedNode } from 'yaml'
import { MAX_STEPS, PipelineDocument, PipelineStep, type PipelineProblem } from '../../model/pipeline'
import { fit, type SchemaProblem } from '../../model/schema-words'
import { atOnce, STEPS_A_PIECE, type Work } from './pieces'
import { allSound, soundPart, soundStep, type SoundPart } from './sound-part'
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
  /** What further checks may look at, also where the document does not fit; null where nothing of the text is a pipeline. */
  sound: SoundPart | null
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
  const nothing = (...others: PipelineProblem[]): ParsedPipeline => ({
    document: null,
    sound: null,
    problems: [...problems, ...others],
    locate
  })
  if (!nodes) return nothing()
  let json: unknown
  try {
    // In a command, a number or truth value without quotes is the text as it was typed: `[sleep, 0]`, `[tool, 1.0]`.
    for (const item of typed) item.value = item.source
    json = yield* plainValue(read, MAX_ALIASES)
  } catch (error) {
    return nothing(syntaxProblem(`Not valid YAML: ${(error as Error).message}.`))
  }
  const excess = yield* findExcess(json)
  if (excess) return nothing(syntaxProblem(`${excess} Make the pipeline smaller.`))
  const upcast = upcastPipeline(json as Record<string, unknown>)
  if ('problem' in upcast) return nothing({ ...upcast.problem, ...locate(['version']) })
  const { document, sound, problems: unfit } = yield* fitDocument(upcast.document)
  const steps = upcast.document.steps as unknown[]
  const found = unfit.map(({ path, message, isKey }): PipelineProblem => {
    const stepId = path[0] === 'steps' && typeof path[1] === 'number' ? (steps[path[1]] as { id?: unknown } | null)?.id : undefined
    return {
      code: 'SCHEMA',
      severity: 'error',
      message,
      ...(typeof stepId === 'string' && { stepId }),
      ...(isKey ? (positionOfKey(nodes, lines, path) ?? locate(path)) : locate(path))
    }
  })
  const all = [...problems, ...found]
  return { document: all.length > 0 ? null : document, sound, problems: all, locate }
}

/** Problems of one document that are told: a hostile text has any number. */
const MOST_PROBLEMS = 500
/** Problems of one document for which near words are looked for. */
const MOST_HINTS = 20

interface Fitted {
  document: PipelineDocument | null
  sound: SoundPart
  problems: SchemaProblem[]
}

/** The document as its schema has it, or what does not fit and what is sound nevertheless. */
function* fitDocument(json: Record<string, unknown>): Work<Fitted> {
  const listed = Array.isArray(json.steps) && json.steps.length <= MAX_STEPS ? (json.steps as unknown[]) : null
  yield
  const whole = fit(PipelineDocument, listed ? { ...json, steps: [] } : json)
  const problems: SchemaProblem[] = [...(whole.problems ?? [])]
  const steps: PipelineStep[] = []
  for (const [index, written] of (listed ?? []).entries()) {
    if (index % STEPS_A_PIECE === STEPS_A_PIECE - 1) yield
    const step = fit(PipelineStep, written, { at: ['steps', index], hints: problems.length < MOST_HINTS })
    steps.push(step.success ? step.data : soundStep(written, index, step.problems))
    problems.push(...(step.problems ?? []).slice(0, Math.max(0, MOST_PROBLEMS - problems.length)))
  }
  if (whole.success && problems.length === 0) {
    const document = listed ? { ...whole.data, steps } : whole.data
    return { document, sound: allSound(document), problems }
  }
  return { document: null, sound: soundPart(json, steps, problems), problems }
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

/** Where the last key of a path stands, and not its value. */
function positionOfKey(
  nodes: Document<ParsedNode>,
  lines: LineCounter,
  path: readonly PropertyKey[]
): { line: number; column: number } | undefined {
  const map = path.length > 1 ? nodes.getIn(path.slice(0, -1), true) : nodes.contents
  const key = isMap(map) && map.items.map((pair) => pair.key).find((each) => isScalar(each) && String(each.value) === path.at(-1))
  if (!isScalar(key) || !key.range) return undefined
  const { line, col: column } = lines.linePos(key.range[0])
  return { line, column }
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
