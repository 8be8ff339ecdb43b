import { celEnv, isCelError, parse, plan, type CelInput } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { factGroups, maximumExpressionLength, type FactValue, type GateEvidence, type GateFacts } from '../../model/policy'
import { didYouMean } from '../../model/near-names'
import { numberInWords } from '../../model/reported-number'
import { askedFor, strictFunctions, strictly } from './cel-strict'
import { collectSyntaxFacts, type Expression, type FactReference, type SyntaxFacts } from './cel-syntax'
import { runBounded, type TimeBudget } from './time-bound'

export interface ExpressionProblem {
  message: string
  /** UTF-16 offsets in the expression. */
  from: number
  to: number
}

/** Stands in for a fact that is NaN or infinite. CEL stops at it, so that no expression, however it is turned, holds because of it. */
class NotFinite {
  constructor(readonly value: number) {}
  toString(): string {
    return `a fact that is ${numberInWords(this.value)}`
  }
}

/** Facts in the form CEL reads: maps without a prototype, numbers as doubles. */
export type FactBindings = Record<string, CelInput>

export interface CompiledExpression {
  source: string
  syntax: SyntaxFacts
  /** The value of the expression; an error anywhere in it is its value. */
  evaluate: (facts: FactBindings) => unknown
}

export type Compiled = { ok: true; expression: CompiledExpression } | { ok: false; problem: ExpressionProblem }

const environment = celEnv({ funcs: [...strings, ...strictFunctions] })
/** What an expression may call by name; operators and what is strict inside are written with signs. */
const functionNames = new Set([...environment.funcs].map(({ name }) => name).filter((name) => /^[a-z]\w*$/i.test(name)))
const typeNames = new Set(['bool', 'bytes', 'double', 'int', 'list', 'map', 'null_type', 'string', 'type', 'uint', 'google'])
const maximumIterationDepth = 3

/** Parses and plans a CEL expression. Unknown names and functions are problems, because they could only ever err. */
export function compileExpression(source: string, budget: TimeBudget): Compiled {
  const whole = { from: 0, to: source.length }
  if (source.length > maximumExpressionLength)
    return { ok: false, problem: { message: `The expression is longer than ${maximumExpressionLength} characters.`, ...whole } }
  const parsed = runBounded(() => {
    const tree = parse(source)
    return { syntax: collectSyntaxFacts(tree, source), evaluate: planStrictly(tree.expr!) }
  }, budget)
  if (!parsed.done)
    return { ok: false, problem: parsed.reason === 'failed' ? syntaxProblem(source, parsed.detail) : tooHard(parsed.detail, source) }
  const { syntax, evaluate } = parsed.value
  const problem = firstProblem(syntax, source)
  return problem ? { ok: false, problem } : { ok: true, expression: { source, syntax, evaluate } }
}

/** Which facts are absent that the expression asks `has()` for is known only with the facts; there are few such sets, each planned once. */
function planStrictly(expression: Expression): CompiledExpression['evaluate'] {
  const asked = [...new Set(askedFor(expression))]
  const programs = new Map<string, (facts: FactBindings) => unknown>()
  const programFor = (absent: string[]): ((facts: FactBindings) => unknown) => {
    const key = absent.join(' ')
    const program = programs.get(key) ?? plan(environment, strictly(expression, absent))
    programs.set(key, program)
    return program
  }
  programFor([])
  return (facts) => programFor(asked.filter((path) => lookUpFact(facts, path.split('.')) === undefined))(facts)
}

function tooHard(detail: string, source: string): ExpressionProblem {
  return { message: `The expression cannot be read: ${detail}. Split it into several rules.`, from: 0, to: source.length }
}

/** The parser reports `<input>:line:column: found X but expecting Y`. */
function syntaxProblem(source: string, detail: string): ExpressionProblem {
  const match = /^<input>:(\d+):(\d+): ([\s\S]*)$/.exec(detail)
  if (!match) return { message: `The expression is not valid CEL: ${detail}.`, from: 0, to: source.length }
  const lines = source.split('\n')
  const before = lines.slice(0, Number(match[1]) - 1).reduce((sum, line) => sum + line.length + 1, 0)
  const from = Math.min(source.length, before + Number(match[2]) - 1)
  return { message: `The expression is not valid CEL: ${match[3]}.`, from, to: Math.min(source.length, from + 1) }
}

function firstProblem(syntax: SyntaxFacts, source: string): ExpressionProblem | undefined {
  if (syntax.iterationDepth > maximumIterationDepth)
    return {
      message: `The expression nests more than ${maximumIterationDepth} iterations. Split it into several rules.`,
      from: 0,
      to: source.length
    }
  for (const { path, from, to } of syntax.references) {
    const [root] = path
    if (!typeNames.has(root) && !isGroup(root))
      return {
        message: `"${root}" is not known. Facts are grouped under ${factGroups.join(', ')}.${didYouMean(root, factGroups)}`,
        from,
        to
      }
  }
  for (const { name, from, to } of syntax.functions)
    if (environment.funcs.find(name) === undefined)
      return { message: `The function "${name}" does not exist in CEL.${didYouMean(name, functionNames)}`, from, to }
  return undefined
}

/** Turns facts into CEL values. A null means "not measured" and is left out; a rule on it, or on a number that is not finite, errs. */
export function bindFacts(facts: GateFacts): FactBindings {
  return Object.fromEntries(factGroups.map((group) => [group, toMap(facts[group] ?? {})]))
}

function toMap(facts: Record<string, FactValue>): Map<string, CelInput> {
  const map = new Map<string, CelInput>()
  for (const [name, item] of Object.entries(facts)) {
    const converted = toCel(item)
    if (converted !== undefined) map.set(name, converted)
  }
  return map
}

function toCel(value: FactValue): CelInput | undefined {
  if (value === null) return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? value : (new NotFinite(value) as unknown as CelInput)
  if (typeof value !== 'object') return value
  return Array.isArray(value) ? value.map((item) => toCel(item) ?? null) : toMap(value)
}

/** Follows a path through bound facts; undefined when a part is missing. */
function lookUpFact(bindings: FactBindings, path: readonly string[]): CelInput | undefined {
  let current: unknown = bindings[path[0]]
  for (const name of path.slice(1)) current = current instanceof Map ? current.get(name) : undefined
  return current as CelInput | undefined
}

/** The way back from what `toCel` made; what JSON has no number for is its name. */
function fromCel(value: CelInput): FactValue {
  if (value instanceof NotFinite) return String(value.value)
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, item]) => [String(name), fromCel(item as CelInput)]))
  return Array.isArray(value) ? value.map((item) => fromCel(item as CelInput)) : (value as FactValue)
}

const isGroup = (root: string): boolean => (factGroups as readonly string[]).includes(root)

/** The facts that an expression asks for before it reads them, by `has()` or `in`, each once. */
export const factsAskedFor = ({ references, inquired }: SyntaxFacts): FactReference[] => [
  ...new Map(
    [...references.filter(({ guarded }) => guarded), ...inquired].filter(isFact).map((each) => [each.path.join('.'), each])
  ).values()
]

/** Whether a name is that of a fact, and not of a type or of a whole group. */
export const isFact = ({ path }: FactReference): boolean => path.length > 1 && isGroup(path[0])

/** Whether a name is that of a fact or of a whole group of them. */
export const isOfFacts = ({ path }: FactReference): boolean => isGroup(path[0])

/** The facts that an expression names, with the values they had. */
export function collectEvidence(syntax: SyntaxFacts, bindings: FactBindings): GateEvidence[] {
  const evidence = new Map<string, GateEvidence>()
  for (const { path } of [...syntax.references, ...syntax.inquired].filter(isFact)) {
    const fact = path.join('.')
    const value = lookUpFact(bindings, path)
    evidence.set(fact, value === undefined ? { fact, present: false } : { fact, value: fromCel(value), present: true })
  }
  return [...evidence.values()]
}

/** Why a fact is not there and what to do about it, by its name. */
export type AbsentFacts = Readonly<Record<string, string>>

export type Verdict = { outcome: 'pass' | 'fail' } | { outcome: 'error'; detail: string; from?: number; to?: number }

/**
 * Decides an expression. CEL lets `missing || true` be true; a gate must not: an error anywhere in the expression is its verdict (see
 * `strictly`). A named fact that is absent is one unless the expression asks `has()` for it, a fact that is NaN or infinite in any case,
 * and so is anything but a boolean.
 */
export function decide(expression: CompiledExpression, bindings: FactBindings, budget: TimeBudget, absent: AbsentFacts = {}): Verdict {
  const facts = expression.syntax.references.filter(isFact).map((reference) => ({ ...reference, name: reference.path.join('.') }))
  const guarded = new Set(facts.filter((fact) => fact.guarded).map((fact) => fact.name))
  for (const { name, path, from, to } of facts) {
    const value: unknown = lookUpFact(bindings, path)
    if (value instanceof NotFinite)
      return {
        outcome: 'error',
        detail: `The fact ${name} is ${numberInWords(value.value)}, which no comparison can decide. Look in the run for what made it so.`,
        from,
        to
      }
    if (value === undefined && !guarded.has(name))
      return {
        outcome: 'error',
        detail: `The fact ${name} is missing: ${absent[name] ?? 'it was not measured or is not known by this name.'}`,
        from,
        to
      }
  }
  const result = runBounded(() => expression.evaluate(bindings), budget)
  if (!result.done) return { outcome: 'error', detail: `The expression was stopped: ${result.detail}.` }
  if (isCelError(result.value)) return { outcome: 'error', detail: explain(result.value.message) }
  if (typeof result.value !== 'boolean')
    return { outcome: 'error', detail: 'The expression did not yield true or false. Compare the value with something.' }
  return { outcome: result.value ? 'pass' : 'fail' }
}

function explain(message: string): string {
  const overload = /no matching overload for '([^']+)' applied to '\(([^)]*)\)'/.exec(message)
  if (!overload) return `The expression could not be evaluated: ${message}.`
  const [, operator, operands] = overload
  const hint = /double/.test(operands) && /int/.test(operands) ? ' Measured numbers are doubles: write 1.0 instead of 1.' : ''
  return `The operator ${operator.replace(/[_@]/g, '')} does not take (${operands}).${hint}`
}
