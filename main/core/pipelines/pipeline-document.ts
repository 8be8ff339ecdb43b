import {
  Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type ParsedNode,
  type ToStringOptions
} from 'yaml'
import type { z } from 'zod'
import { losesDigits } from './number-text'
import { PipelineDocument, type PipelineProblem, type PipelineStep } from '../../model/pipeline'

export const PIPELINE_SCHEMA = 'drydock.pipeline'
export const PIPELINE_VERSION = 1
/** Long lines stay whole and multi-line text is a literal block, so that SQL reads as SQL. */
const layout: ToStringOptions = { lineWidth: 0, blockQuote: 'literal', flowCollectionPadding: true }
const MAX_ALIASES = 100
/** Characters of a text; entries and levels of the document it stands for once its aliases are written out. */
const MAX_TEXT = 2_000_000
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

/** Parses a text into YAML nodes that keep comments and positions. Null when it is not a single YAML mapping. */
export function parsePipelineNodes(text: string): { nodes: Document<ParsedNode> | null; lines: LineCounter; problems: PipelineProblem[] } {
  const lines = new LineCounter()
  if (text.length > MAX_TEXT)
    return {
      nodes: null,
      lines,
      problems: [syntaxProblem(`The text is longer than ${MAX_TEXT} characters. Put code and data into files and name them in the steps.`)]
    }
  try {
    // Equal keys are looked for below: the parser compares each with each, which takes minutes for a hostile text.
    const nodes = parseDocument(text, {
      lineCounter: lines,
      version: '1.2',
      schema: 'core',
      uniqueKeys: false,
      merge: false,
      logLevel: 'error'
    })
    const problems = nodes.errors.map((error): PipelineProblem => {
      const at = error.linePos?.[0]
      if (error.code === 'MULTIPLE_DOCS')
        return syntaxProblem(
          'The text holds several YAML documents. A pipeline is one; put the others into texts of their own.',
          at && { line: at.line, column: at.col }
        )
      return {
        code: 'SYNTAX',
        severity: 'error',
        message: `Not valid YAML: ${error.message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, '')}.`,
        ...(at && { line: at.line, column: at.col })
      }
    })
    if (problems.length === 0 && !isMap(nodes.contents))
      problems.push(syntaxProblem('A pipeline is a YAML mapping with schema, name and steps. Begin with "schema: drydock.pipeline".'))
    if (problems.length === 0) problems.push(...findBadKeys(nodes, lines), ...findLostDigits(nodes, lines))
    return { nodes: problems.length ? null : nodes, lines, problems }
  } catch (error) {
    const message = error instanceof RangeError ? 'It is nested too deeply.' : (error as Error).message
    return { nodes: null, lines, problems: [syntaxProblem(`Not valid YAML: ${message}`)] }
  }
}

const syntaxProblem = (message: string, at = { line: 1, column: 1 }): PipelineProblem => ({
  code: 'SYNTAX',
  severity: 'error',
  message,
  ...at
})

/** Keys that stand twice in a mapping, and one that JavaScript objects cannot hold as a name. */
function findBadKeys(nodes: Document<ParsedNode>, lines: LineCounter): PipelineProblem[] {
  const problems: PipelineProblem[] = []
  const at = (key: unknown): { line: number; column: number } | undefined => {
    if (!isScalar(key) || !key.range) return undefined
    const { line, col } = lines.linePos(key.range[0])
    return { line, column: col }
  }
  visit(nodes, {
    Map(_, map) {
      const names = new Set<string>()
      for (const { key } of map.items) {
        const name = String(isScalar(key) ? key.value : key)
        if (problems.length >= 100) return visit.BREAK
        if (name === '__proto__') problems.push(syntaxProblem('"__proto__" cannot be a name. Choose another.', at(key)))
        else if (names.has(name)) problems.push(syntaxProblem(`Not valid YAML: "${name}" stands twice in a mapping. Remove one.`, at(key)))
        names.add(name)
      }
      return undefined
    }
  })
  return problems
}

/** Whole numbers that a number cannot hold: what would be read is another one. */
function findLostDigits(nodes: Document<ParsedNode>, lines: LineCounter): PipelineProblem[] {
  const problems: PipelineProblem[] = []
  visit(nodes, {
    Scalar(_, { value, source, range }) {
      if (typeof value !== 'number' || source === undefined || !losesDigits(source)) return undefined
      const { line, col: column } = lines.linePos(range![0])
      problems.push(syntaxProblem(`${source} cannot be held exactly as a number. Write it in quotes.`, { line, column }))
      return problems.length >= 100 ? visit.BREAK : undefined
    }
  })
  return problems
}

/** In a command, a number or truth value without quotes is the text as it was typed: `[sleep, 0]`, `[tool, 1.0]`. */
function keepTyped(nodes: Document<ParsedNode>): void {
  visit(nodes, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== 'command' || !isSeq(value)) return
      for (const item of value.items)
        if (isScalar(item) && item.source !== undefined && ['number', 'boolean'].includes(typeof item.value)) item.value = item.source
    }
  })
}

/** Says when a document is too deep or, with its aliases written out, too large to work with. */
function findExcess(json: unknown): string | undefined {
  const pending = [{ value: json, depth: 1 }]
  for (let entries = 1; pending.length;) {
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
export function parsePipeline(text: string): ParsedPipeline {
  const { nodes, lines, problems } = parsePipelineNodes(text)
  const locate: ParsedPipeline['locate'] = (path) => (nodes ? positionOf(nodes, lines, path) : undefined)
  if (!nodes) return { document: null, problems, locate }
  let json: unknown
  try {
    keepTyped(nodes)
    json = nodes.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    return { document: null, problems: [syntaxProblem(`Not valid YAML: ${(error as Error).message}.`)], locate }
  }
  const excess = findExcess(json)
  if (excess) return { document: null, problems: [syntaxProblem(`${excess} Make the pipeline smaller.`)], locate }
  const upcast = upcastPipeline(json as Record<string, unknown>)
  if ('problem' in upcast) return { document: null, problems: [{ ...upcast.problem, ...locate(['version']) }], locate }
  const parsed = PipelineDocument.safeParse(upcast.document)
  if (parsed.success) return { document: parsed.data, problems: [], locate }
  const steps = (upcast.document.steps ?? []) as unknown[]
  const found = parsed.error.issues.map((issue): PipelineProblem => {
    const stepId =
      issue.path[0] === 'steps' && typeof issue.path[1] === 'number' ? (steps[issue.path[1]] as { id?: unknown })?.id : undefined
    return {
      code: 'SCHEMA',
      severity: 'error',
      message: describeIssue(issue),
      ...(typeof stepId === 'string' && { stepId }),
      ...locate(issue.path)
    }
  })
  return { document: null, problems: found, locate }
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

function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.length ? issue.path.map(String).join('.') : 'the document'
  if (issue.code === 'unrecognized_keys')
    return `"${issue.keys.slice(0, 5).join('", "')}"${issue.keys.length > 5 ? ` and ${issue.keys.length - 5} more` : ''} is not known in ${where}. Check the spelling.`
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
  return writePipelineNodes(nodes as unknown as Document<ParsedNode>)
}

/** Writes YAML nodes in the house layout; comments stay. */
export function writePipelineNodes(nodes: Document<ParsedNode>): string {
  visit(nodes, {
    Pair(_, pair) {
      const key = isScalar(pair.key) ? pair.key.value : pair.key
      if (key === 'position' && isMap(pair.value)) pair.value.flow = true
    }
  })
  return nodes.toString(layout)
}
