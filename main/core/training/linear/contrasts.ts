import type { Coefficient } from '../../../model/coefficients'
import type { FeatureEncoding } from '../features'
import { isStill } from './design'
import type { Fitted } from './fitted'

/** A term on the scale of the data, as factors of the weights of one output. */
export interface Contrast {
  names: Pick<Coefficient, 'feature' | 'term' | 'level' | 'reference' | 'class' | 'against'>
  combination: { at: number; factor: number }[]
}

/**
 * The terms of a design as people read them: the intercept where every number is 0 and every text the most frequent one, a number per unit, a
 * level against the most frequent one. A column of one value is no term.
 */
export function contrastsOf({ design, terms, encodings }: Pick<Fitted, 'design' | 'terms' | 'encodings'>): Contrast[] {
  const intercept: Contrast = { names: { feature: null, term: 'intercept' }, combination: [{ at: 0, factor: 1 }] }
  const others = design.blocks.flatMap((block, index): Contrast[] => {
    const term = terms[index]!
    const encoding = encodings[index]!
    const feature = encoding.name
    if ('codes' in block) {
      const codes = codesIn(block.codes, block.weights)
      const [reference, ...rest] = codes
      if (reference === undefined) return []
      intercept.combination.push({ at: block.at + reference, factor: 1 })
      return rest.map((code) => ({
        names: { feature, ...levelOf(encoding, code), ...referenceOf(encoding, reference) },
        combination: [
          { at: block.at + code, factor: 1 },
          { at: block.at + reference, factor: -1 }
        ]
      }))
    }
    const mark: Contrast[] = block.missing ? [{ names: { feature, term: 'missing' }, combination: [{ at: block.at + 1, factor: 1 }] }] : []
    if (term.type !== 'number' || isStill(block)) return mark
    intercept.combination.push({ at: block.at, factor: -term.mean / term.scale })
    return [{ names: { feature, term: 'number' }, combination: [{ at: block.at, factor: 1 / term.scale }] }, ...mark]
  })
  return [intercept, ...others]
}

/** The codes that rows have, by rank. */
function codesIn(codes: Uint32Array, count: number): number[] {
  const seen = new Uint8Array(count)
  for (const code of codes) seen[code] = 1
  return [...seen.keys()].filter((code) => seen[code] === 1)
}

function levelOf({ kept }: FeatureEncoding, code: number): Pick<Coefficient, 'term' | 'level'> {
  if (code < kept.length) return { term: 'level', level: kept[code]! }
  return { term: code === kept.length ? 'rare' : 'missing' }
}

/** Rare texts have no name as a reference. */
const referenceOf = ({ kept }: FeatureEncoding, code: number): Pick<Coefficient, 'reference'> =>
  code < kept.length ? { reference: kept[code]! } : {}
