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
  functions: CalledFunction[]
  /** Depth of nested iteration (`all`, `exists`, `map`, `filter`). */
  iterationDepth: number
}

const maximumDepth = 500

/** Lists the facts and functions that an expression names; variables of its own macros are left out. Throws RangeError when it is too deep. */
export function collectSyntaxFacts(parsed: ParsedExpression, source: string): SyntaxFacts {
  const found: SyntaxFacts = { references: [], functions: [], iterationDepth: 0 }
  const positions = parsed.sourceInfo?.positions ?? {}
  const offset = (expression: Expression): number => positions[String(expression.id)] ?? 0

  const visit = (expression: Expression | undefined, bound: ReadonlySet<string>, depth: number, iterations: number): void => {
    if (expression === undefined) return
    if (depth > maximumDepth) throw new RangeError('Maximum call stack size: nested too deeply')
    const next = (child: Expression | undefined, scope = bound, loops = iterations): void => visit(child, scope, depth + 1, loops)
    const chain = staticPath(expression)
    const root = chain?.path[0]
    if (chain !== undefined && root !== undefined) {
      if (!bound.has(root)) {
        const from = offset(chain.root)
        found.references.push({ path: chain.path, guarded: chain.guarded, from, to: endOfPath(source, from) })
      }
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
      const at = offset(expression)
      const length = kind.value.function.length
      found.functions.push({ name: kind.value.function, from: at, to: Math.min(source.length, at + Math.max(1, length)) })
      next(kind.value.target)
      kind.value.args.forEach((argument) => next(argument))
    } else if (kind.case === 'comprehensionExpr') {
      const loop = kind.value
      found.iterationDepth = Math.max(found.iterationDepth, iterations + 1)
      next(loop.iterRange)
      next(loop.accuInit)
      const inner = new Set([...bound, loop.iterVar, loop.iterVar2, loop.accuVar].filter((name) => name !== ''))
      next(loop.loopCondition, inner, iterations + 1)
      next(loop.loopStep, inner, iterations + 1)
      next(loop.result, inner, iterations + 1)
    }
  }
  visit(parsed.expr, new Set(), 0, 0)
  return found
}

/** `a.b["c"]` as its path; undefined when a part is computed. */
function staticPath(expression: Expression): { path: string[]; root: Expression; guarded: boolean } | undefined {
  const path: string[] = []
  let guarded = false
  let current: Expression | undefined = expression
  while (current !== undefined) {
    const kind: Expression['exprKind'] = current.exprKind
    if (kind.case === 'identExpr') return { path: [kind.value.name.replace(/^\./, ''), ...path.reverse()], root: current, guarded }
    if (kind.case === 'selectExpr') {
      if (kind.value.testOnly) guarded = true
      path.push(kind.value.field)
      current = kind.value.operand
    } else if (kind.case === 'callExpr' && kind.value.function === '_[_]') {
      const key = kind.value.args[1]?.exprKind
      if (key?.case !== 'constExpr' || key.value.constantKind.case !== 'stringValue') return undefined
      path.push(key.value.constantKind.value)
      current = kind.value.args[0]
    } else return undefined
  }
  return undefined
}

function endOfPath(source: string, from: number): number {
  const match = /^[\p{L}_][\p{L}\p{N}_]*(?:\s*\.\s*[\p{L}_][\p{L}\p{N}_]*)*/u.exec(source.slice(from))
  return match ? from + match[0].length : Math.min(source.length, from + 1)
}
