export interface FactDescription {
  /** How an expression names it, such as `evaluation.rows`. */
  path: string
  kind: 'number' | 'text' | 'boolean' | 'list'
  unit?: string
  /** Which way is better, where there is one. */
  better?: 'higher' | 'lower'
  meaning: string
}

export const describeFact = (
  path: string,
  kind: FactDescription['kind'],
  meaning: string,
  unit?: string,
  better?: FactDescription['better']
): FactDescription => ({ path, kind, meaning, unit, better })
