import { countOf } from '../model/count-of'
import { printable } from '../model/plain-text'

/** What is wrong with a text that a person wrote, and where, counted from 1. */
interface Finding {
  severity: 'error' | 'warning'
  message: string
  line?: number
  column?: number
  stepId?: string
}

/** One finding as compilers print it, always one line: `file:line:column: error: what is wrong`. */
export function describeProblem({ line, column, severity, stepId, message }: Finding, file: string): string {
  const place = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`
  // Most messages name their step already.
  const step = stepId === undefined || message.includes(`"${stepId}"`) ? '' : `step "${stepId}": `
  return printable(`${file}${place}: ${severity}: ${step}${message}`)
}

/** Problems in the order of the text. */
export const inOrder = <P extends Finding>(problems: readonly P[]): P[] =>
  [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))

export const isError = ({ severity }: Finding): boolean => severity === 'error'

/** How many errors and warnings there are, in words; empty where there are none. */
export function countProblems(problems: readonly Finding[]): string {
  const errors = problems.filter(isError).length
  const warnings = problems.length - errors
  return [...(errors ? [countOf(errors, 'error')] : []), ...(warnings ? [countOf(warnings, 'warning')] : [])].join(', ')
}
