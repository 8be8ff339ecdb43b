import type { parse } from '@bufbuild/cel'

/** The syntax tree of the CEL specification (cel.expr.ParsedExpr). */
export type ParsedExpression = ReturnType<typeof parse>
export type Expression = ParsedExpression['expr']

/** A name that an expression reads, as far as it is known without running it: `metrics.auc`. */
export interface FactReference {
  path: readonly string[]
  /** True for `has(metrics.auc)`: the expression deals with the fact being absent. */
  guarded: boolean
  /** Half-open range of UTF-16 offsets in the expression. */
  from: number
  to: number
}

export interface CalledFunction {
  name: string
  from: number
  to: number
}

export interface SyntaxFacts {
  references: FactReference[]
  /** Facts that are asked for by `"auc" in metrics`, which names the group and reads no value. */
  inquired: FactReference[]
  /** Functions that are called by name; operators are none. */
  functions: CalledFunction[]
  /** Depth of nested iteration (`all`, `exists`, `map`, `filter`). */
  iterationDepth: number
}

const maximumDepth = 500

/** Lists the facts and functions that an expression names; variables of its own macros are left out. Throws RangeError when it is too deep. */
export function collectSyntaxFacts(parsed: ParsedExpression, source: string): SyntaxFacts {
  const found: SyntaxFacts = { references: [], inquired: [], functions: [], iterationDepth: 0 }
  const { positions } = parsed.sourceInfo!

  const visit = (expression: Expression | undefined, bound: ReadonlySet<string>, depth: number, iterations: number): void => {
    if (expression === undefined) return
    if (depth > maximumDepth) throw new RangeError('Maximum call stack size: nested too deeply')
    const next = (child: Expression | undefined, scope = bound, loops = iterations): void => visit(child, scope, depth + 1, loops)
    const chain = staticPath(expression)
    if (chain) {
      const { path, guarded } = chain
      const from = positions[chain.id]
      // A leading dot means the name outside of all loops, whatever their variables are called.
      const isVariable = bound.has(path[0]) && !new RegExp(`^\\.\\s*${path[0]}\\b(?!\\s*\\()`).test(source.slice(from))
      if (!isVariable) found.references.push({ path, guarded, from, to: endOfPath(source, from, path.length) })
      return
    }
    const kind = expression.exprKind
    if (kind.case === 'selectExpr') next(kind.value.operand)
    else if (kind.case === 'listExpr') kind.value.elements.forEach((element) => next(element))
    else if (kind.case === 'structExpr')
      for (const entry of kind.value.entries) {
        if (entry.keyKind.case === 'mapKey') next(entry.keyKind.value)
        next(entry.value)
      }
    else if (kind.case === 'callExpr') {
      const name = kind.value.function
      const inquired = name === '@in' ? inquiredFact(kind.value.args, positions) : undefined
      if (inquired && !bound.has(inquired.path[0])) found.inquired.push(inquired)
      // Where something is asked of a value, the call stands at the dot before the name.
      const from = source.indexOf(name, positions[String(expression.id)])
      if (/^\w+$/.test(name)) found.functions.push({ name, from, to: from + name.length })
      for (const part of [kind.value.target, ...kind.value.args]) next(part)
    } else if (kind.case === 'comprehensionExpr') {
      const loop = kind.value
      const loops = iterations + 1
      found.iterationDepth = Math.max(found.iterationDepth, loops)
      next(loop.iterRange)
      next(loop.accuInit)
      const inner = new Set([...bound, loop.iterVar, loop.iterVar2, loop.accuVar])
      for (const part of [loop.loopCondition, loop.loopStep, loop.result]) next(part, inner, loops)
    }
  }
  visit(parsed.expr, new Set(), 0, 0)
  return found
}

/** `"auc" in metrics` as the fact that it asks for; in what is no group it asks for an element. */
function inquiredFact([key, group]: readonly Expression[], positions: Readonly<Record<string, number>>): FactReference | undefined {
  const constant = key.exprKind.case === 'constExpr' ? key.exprKind.value.constantKind : undefined
  const chain = staticPath(group)
  if (constant?.case !== 'stringValue' || chain?.path.length !== 1) return undefined
  const from = positions[String(key.id)]
  return { path: [...chain.path, constant.value], guarded: true, from, to: from + constant.value.length + 2 }
}

/** `a.b["c"]` as its path; undefined when a part is computed. */
export function staticPath(expression: Expression): { path: string[]; id: string; guarded: boolean } | undefined {
  const path: string[] = []
  let guarded = false
  let current: Expression | undefined = expression
  while (current !== undefined) {
    const kind: Expression['exprKind'] = current.exprKind
    if (kind.case === 'identExpr') return { path: [kind.value.name, ...path.reverse()], id: String(current.id), guarded }
    if (kind.case === 'selectExpr') {
      guarded ||= kind.value.testOnly
      path.push(kind.value.field)
      current = kind.value.operand
    } else if (kind.case === 'callExpr' && kind.value.function === '_[_]') {
      const key = kind.value.args[1].exprKind
      if (key.case !== 'constExpr' || key.value.constantKind.case !== 'stringValue') return undefined
      path.push(key.value.constantKind.value)
      current = kind.value.args[0]
    } else return undefined
  }
  return undefined
}

/** Where a path of so many names ends, as far as it is written with dots. */
function endOfPath(source: string, from: number, length: number): number {
  const written = new RegExp(`^\\.?\\s*\\w+(?:\\s*\\.\\s*\\w+){0,${length - 1}}`).exec(source.slice(from))
  return from + written![0].length
}
