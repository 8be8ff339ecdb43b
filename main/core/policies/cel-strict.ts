import { celFunc, CelScalar, type CelInput, type CelValue } from '@bufbuild/cel'
import { numberInWords } from '../../model/reported-number'
import { staticPath, type Expression } from './cel-syntax'

const { BOOL, DYN, STRING } = CelScalar
const sizeOf = (range: CelValue): number => (range as { size: number }).size

/**
 * What CEL has no functions for, because its operators pass over errors: these take values only, so that an error in any of them is the
 * error of the whole. No expression can name them: `@` begins no name.
 */
export const strictFunctions = [
  celFunc('@&&', [BOOL, BOOL], BOOL, (left, right) => left && right),
  celFunc('@||', [BOOL, BOOL], BOOL, (left, right) => left || right),
  celFunc('@?:', [BOOL, DYN, DYN], DYN, (condition, yes, no) => (condition ? yes : no) as CelInput),
  celFunc('@after', [DYN, DYN], DYN, (_, value) => value as CelInput),
  celFunc('@finite', [DYN], DYN, (value) => {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new Error(`a calculation came to ${numberInWords(value)}, which no comparison can decide`)
    return value as CelInput
  }),
  celFunc('@some', [DYN, STRING], DYN, (range, macro) => {
    if (typeof range === 'object' && range !== null && sizeOf(range) === 0)
      throw new Error(`${macro}() was asked of an empty list, which decides nothing`)
    return range as CelInput
  })
]

/** Calls whose result can be a double that is not finite, out of finite ones. */
const calculations = new Set(['_+_', '_-_', '_*_', '_/_', '-_', 'double'])
const joined: Readonly<Record<string, { strict: string; otherwise: boolean }>> = {
  '_&&_': { strict: '@&&', otherwise: false },
  '_||_': { strict: '@||', otherwise: true }
}
type Kind = Expression['exprKind']
type Loop = Extract<Kind, { case: 'comprehensionExpr' }>['value']

const made = (at: Expression, exprKind: Kind): Expression => ({ ...at, exprKind })
const callOf = (at: Expression, name: string, ...args: Expression[]): Expression =>
  made(at, { case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: name, args } })
const constantOf = (at: Expression, constant: { case: 'boolValue'; value: boolean } | { case: 'stringValue'; value: string }): Expression =>
  made(at, { case: 'constExpr', value: { $typeName: 'cel.expr.Constant', constantKind: constant } })
const truth = (at: Expression, value: boolean): Expression => constantOf(at, { case: 'boolValue', value })

/**
 * The same expression, so written that an error anywhere in it is its result: both sides of `&&`, `||` and `?:` are decided, every element
 * of a list is asked, no calculation may come to infinity or NaN, and `all()` over nothing is an error; so is `exists()` over nothing
 * where its answer may count when it is false. A part that names one of the `absent` facts, joined with a part that asks `has()` for
 * it, is decided only if that part does not decide alone.
 */
export function strictly(expression: Expression, absent: readonly string[]): Expression {
  return new Rewriting(absent).rewrite(expression, true)
}

class Rewriting {
  private readonly exposures = new Map<Expression, ReadonlySet<string>>()
  constructor(private readonly absent: readonly string[]) {}

  /** `counts` is whether the answer of a question helps a rule to hold only when it is true. */
  rewrite(expression: Expression, counts: boolean): Expression {
    const kind = expression.exprKind
    const inner = (child: Expression): Expression => this.rewrite(child, false)
    if (kind.case === 'callExpr') {
      const { function: name, args } = kind.value
      if (joined[name]) return this.join(expression, name, args, counts)
      if (name === '_?_:_') return this.choose(expression, args, counts)
      const target = kind.value.target && inner(kind.value.target)
      const call = made(expression, { case: 'callExpr', value: { ...kind.value, target, args: args.map(inner) } })
      return calculations.has(name) ? callOf(expression, '@finite', call) : call
    }
    if (kind.case === 'comprehensionExpr') return this.loop(expression, kind.value, counts)
    if (kind.case === 'constExpr' && kind.value.constantKind.case === 'doubleValue') return callOf(expression, '@finite', expression)
    if (kind.case === 'selectExpr')
      return made(expression, { case: 'selectExpr', value: { ...kind.value, operand: inner(kind.value.operand!) } })
    if (kind.case === 'listExpr')
      return made(expression, { case: 'listExpr', value: { ...kind.value, elements: kind.value.elements.map(inner) } })
    if (kind.case !== 'structExpr') return expression
    const entries = kind.value.entries.map((entry) => ({
      ...entry,
      value: entry.value && inner(entry.value),
      keyKind: entry.keyKind.case === 'mapKey' ? { ...entry.keyKind, value: inner(entry.keyKind.value) } : entry.keyKind
    }))
    return made(expression, { case: 'structExpr', value: { ...kind.value, entries } })
  }

  /** Those first that can be decided in any case; the others one after another, from the left. */
  private join(at: Expression, name: string, args: Expression[], counts: boolean): Expression {
    const { strict, otherwise } = joined[name]
    const written = args.map((part) => this.rewrite(part, counts))
    const isSure = args.map(
      (part, index) =>
        !this.leansOn(
          part,
          args.filter((_, other) => other !== index)
        )
    )
    const sure = written.filter((_, index) => isSure[index])
    const unsure = written.filter((_, index) => !isSure[index])
    const parts = sure.length > 0 ? [sure.reduce((left, right) => callOf(at, strict, left, right)), ...unsure] : unsure
    const last = parts.pop()!
    if (parts.length === 0) return last
    // The last part has to be a truth too, wherever it leads.
    return parts.reduceRight(
      (rest, part) => (otherwise ? callOf(at, '_?_:_', part, truth(at, true), rest) : callOf(at, '_?_:_', part, rest, truth(at, false))),
      callOf(at, strict, last, truth(at, !otherwise))
    )
  }

  private choose(at: Expression, [condition, ...branches]: Expression[], counts: boolean): Expression {
    const decided = this.rewrite(condition, false)
    const written = branches.map((branch) => this.rewrite(branch, counts))
    const sure = written.filter((_, index) => !this.leansOn(branches[index], [condition]))
    if (sure.length === 2) return callOf(at, '@?:', decided, ...written)
    return sure.reduce((chosen, part) => callOf(at, '@after', part, chosen), callOf(at, '_?_:_', decided, ...written))
  }

  /** `all` and `exists` ask every element; what gathers a list keeps its step, which leaves out what it does not want. */
  private loop(at: Expression, loop: Loop, counts: boolean): Expression {
    const macro = macroOf(loop)
    const range = this.rewrite(loop.iterRange!, false)
    const needsSome = macro === 'all' || (macro !== undefined && !counts)
    const step = loop.loopStep!
    const { function: name, args } = (step.exprKind as Extract<Kind, { case: 'callExpr' }>).value
    const within = (part: Expression): Expression => this.rewrite(part, counts && macro !== undefined && macro !== 'exists_one')
    const stepped = joined[name]
      ? callOf(step, joined[name].strict, args[0], within(args[1]))
      : name === '_?_:_'
        ? callOf(step, name, within(args[0]), this.rewrite(args[1], false), args[2])
        : this.rewrite(step, false)
    return made(at, {
      case: 'comprehensionExpr',
      value: {
        ...loop,
        iterRange: needsSome ? callOf(at, '@some', range, constantOf(at, { case: 'stringValue', value: macro! })) : range,
        loopCondition: truth(at, true),
        loopStep: stepped,
        result: this.rewrite(loop.result!, false)
      }
    })
  }

  /** Whether a part names an absent fact that one of the others asks for. */
  private leansOn(part: Expression, others: Expression[]): boolean {
    const exposed = this.exposed(part)
    return exposed.size > 0 && others.some((other) => askedFor(other).some((fact) => exposed.has(fact)))
  }

  /** The absent facts that a part names although it does not ask for them itself. */
  private exposed(expression: Expression | undefined): ReadonlySet<string> {
    if (expression === undefined || this.absent.length === 0) return new Set()
    const known = this.exposures.get(expression)
    if (known) return known
    const found = this.expose(expression)
    this.exposures.set(expression, found)
    return found
  }

  private expose(expression: Expression): ReadonlySet<string> {
    const chain = staticPath(expression)
    if (chain) return new Set(chain.guarded ? [] : this.absent.filter((fact) => `${chain.path.join('.')}.`.startsWith(`${fact}.`)))
    const kind = expression.exprKind
    const isJoined = kind.case === 'callExpr' && (joined[kind.value.function] || kind.value.function === '_?_:_')
    const parts = childrenOf(expression)
    const asked = parts.map((part) => (isJoined ? askedFor(part) : []))
    return new Set(
      parts.flatMap((part, index) =>
        [...this.exposed(part)].filter((fact) => !asked.some((facts, other) => other !== index && facts.includes(fact)))
      )
    )
  }
}

/** Which question a loop was written as; undefined for what gathers a list. */
function macroOf({ accuInit }: Loop): 'all' | 'exists' | 'exists_one' | undefined {
  const kind = accuInit?.exprKind
  if (kind?.case !== 'constExpr') return undefined
  const { constantKind } = kind.value
  return constantKind.case === 'boolValue' ? (constantKind.value ? 'all' : 'exists') : 'exists_one'
}

function childrenOf({ exprKind: kind }: Expression): Expression[] {
  const parts =
    kind.case === 'selectExpr'
      ? [kind.value.operand]
      : kind.case === 'listExpr'
        ? kind.value.elements
        : kind.case === 'structExpr'
          ? kind.value.entries.flatMap(({ keyKind, value }) => [keyKind.case === 'mapKey' ? keyKind.value : undefined, value])
          : kind.case === 'callExpr'
            ? [kind.value.target, ...kind.value.args]
            : kind.case === 'comprehensionExpr'
              ? [kind.value.iterRange, kind.value.loopStep, kind.value.result]
              : []
  return parts.filter((part) => part !== undefined)
}

/** The paths that `has()` is asked for anywhere in a part. */
export function askedFor(expression: Expression): string[] {
  const chain = staticPath(expression)
  if (chain) return chain.guarded ? [chain.path.join('.')] : []
  return childrenOf(expression).flatMap(askedFor)
}
