import { countOf } from '../../../model/count-of'
import type { Dependence, DependenceFeature } from '../../../model/dependence'
import { spaceWords } from '../../../model/explanation'
import { cellWords, inWords } from '../narrative'

/** How the answers go with each column, from the figures alone. */
export function narrateDependence({ rows, outputs, features, answer }: Omit<Dependence, 'narrative'>): string[] {
  return [
    ...features.flatMap((feature) => outputs.map((output) => sentence(feature, output, outputs.length > 1))),
    `Each is the mean over ${countOf(rows, 'row')} that all get the same value, in ${spaceWords[answer]}. Where columns go together, such rows may never occur: there the accumulated effects tell more.`
  ]
}

function sentence({ feature, kind, grid, order, curves }: DependenceFeature, output: string, isMany: boolean): string {
  const { mean } = curves.find((each) => each.output === output && each.scale === 'answer')!
  const at = (place: number): string => `${inWords(mean[place]!)} where it is ${cellWords(grid[place]!, kind)}`
  const places = mean.map((_, place) => place)
  const low = places.reduce((best, place) => (mean[place]! < mean[best]! ? place : best), 0)
  const high = places.reduce((best, place) => (mean[place]! > mean[best]! ? place : best), 0)
  const whose = isMany ? ` of "${output}"` : ''
  if (mean[low] === mean[high]) return `"${feature}": the mean answer${whose} is ${inWords(mean[low]!)} whatever the value.`
  const along = order === 'value' ? courseOf(mean.filter((_, place) => grid[place] !== null)) : ''
  return `"${feature}": the mean answer${whose} is between ${at(low)} and ${at(high)}${along}.`
}

/** Differences below this share of the whole are none. */
const flat = 0.01

function courseOf(mean: readonly number[]): string {
  const range = Math.max(...mean) - Math.min(...mean)
  const steps = mean.slice(1).map((value, at) => value - mean[at]!)
  const rises = steps.some((step) => step > flat * range)
  const falls = steps.some((step) => step < -flat * range)
  return rises && falls ? '; it rises and falls' : rises ? '; it rises throughout' : falls ? '; it falls throughout' : ''
}
