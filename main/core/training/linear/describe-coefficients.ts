import type { Coefficient, CoefficientBasis } from '../../../model/coefficients'
import { listed } from '../../frames'
import { studentQuantile, z95 } from '../../numerics'
import { widthOf } from '../objective'
import { contrastsOf, type Contrast } from './contrasts'
import { isStill } from './design'
import { dispersionOf } from './dispersion'
import { marginsOf, type Fitted } from './fitted'
import { invertSemidefinite, type GeneralisedInverse } from './generalised-inverse'
import { informationOf } from './information'
import { findSeparation, type Separation } from './separation'

/** More weights than these, or more products, take too long for a table that nobody reads. */
const mostWeights = 1000
const mostProducts = 3e10
const mostCoefficients = 5000
/** From this dispersion on counts vary so much more than Poisson's that standard errors are a quarter too small. */
const overdispersed = 1.5

export interface DescribedCoefficients {
  coefficients: Coefficient[]
  /** What the reader should know beside them. */
  findings: string[]
}

/** The terms of a fit with standard errors and 95% intervals, where those exist; the dispersion of amounts is estimated (Student's t). */
export async function describeCoefficients(fitted: Fitted, signal?: AbortSignal): Promise<DescribedCoefficients> {
  const contrasts = contrastsOf(fitted)
  const width = widthOf(fitted.objective)
  const margins = marginsOf(fitted)
  const separation = findSeparation(fitted, margins)
  const findings = [...separation.findings]
  const count = contrasts.length * Math.max(width - 1, 1)
  if (count > mostCoefficients)
    return { coefficients: [], findings: [...findings, `The model has ${count} coefficients: the table of coefficients is left out.`] }
  const errors = await standardErrors(fitted, margins, signal)
  if (errors.overdispersion)
    findings.push(
      `The counts vary ${errors.overdispersion.toFixed(1)} times as much as Poisson's: the intervals of the coefficients are too narrow. Add columns that explain them, or read the intervals as ${Math.sqrt(errors.overdispersion).toFixed(1)} times as wide.`
    )
  const coefficients = classesOf(width).flatMap(({ compared, outputs }) =>
    contrasts.map(({ names, combination }) => {
      const own = outputs.flatMap(({ output, sign }) =>
        combination.map(({ at, factor }) => ({ at: output * fitted.design.size + at, factor: sign * factor }))
      )
      return withRatio(fitted, describe(fitted, { names: { ...names, ...compared }, combination: own }, separation, errors))
    })
  )
  return { coefficients, findings: [...findings, ...ambiguities(fitted, coefficients)] }
}

/** What the reader should know of weights that the rows do not tell: another choice of them would fit as well. */
function ambiguities({ point, weights }: Fitted, coefficients: readonly Coefficient[]): string[] {
  const rows = weights.reduce((count, weight) => count + Number(weight > 0), 0)
  if (coefficients.some(({ basis }) => basis === 'saturated'))
    return [
      `There are ${point.length} weights for ${rows} rows, so the fit repeats the outcomes that it saw. Give it a penalty, or leave columns out.`
    ]
  const isAlike = ({ basis, feature }: Coefficient): boolean => basis === 'collinear' && feature !== null
  const names = [...new Set(coefficients.filter(isAlike).map(({ feature }) => feature!))]
  if (names.length === 0) return []
  return [
    `The rows do not tell the effects of ${listed(names)} apart, because the columns follow from each other: of all weights that fit as well these are the smallest, and their coefficients say nothing alone. Leave one of the columns out, or give the fit a penalty.`
  ]
}

/** Which outputs a coefficient is of: the only one, or each class against the first. */
function classesOf(width: number): { compared: Pick<Coefficient, 'class' | 'against'>; outputs: { output: number; sign: number }[] }[] {
  if (width === 1) return [{ compared: {}, outputs: [{ output: 0, sign: 1 }] }]
  return Array.from({ length: width - 1 }, (_, index) => ({
    compared: { class: index + 1, against: 0 },
    outputs: [
      { output: index + 1, sign: 1 },
      { output: 0, sign: -1 }
    ]
  }))
}

interface Errors {
  /** Why no coefficient has an interval, or what all of them stand on. */
  basis: CoefficientBasis
  inverse: GeneralisedInverse | null
  dispersion: number
  /** Standard errors to either side of an estimate. */
  reach: number
  overdispersion?: number
}

async function standardErrors(fitted: Fitted, margins: Float64Array, signal?: AbortSignal): Promise<Errors> {
  const { objective, design, weights, settings } = fitted
  const without = (basis: CoefficientBasis): Errors => ({ basis, inverse: null, dispersion: 1, reach: 0 })
  const width = widthOf(objective)
  const total = design.size * width
  if (settings.penalty > 0 && settings.l1Ratio > 0) return without('lasso')
  if (total > mostWeights || (design.rows * design.size ** 2 * width ** 2) / 2 > mostProducts) return without('large')
  const information = await informationOf(objective, design, margins, weights, signal)
  const still = new Set(design.blocks.filter(isStill).map(({ at }) => at))
  // What centring leaves of a column of one value is rounding noise, and would pass for the intercept.
  const isOut = (at: number): boolean => still.has(at % design.size)
  if (still.size > 0)
    for (let at = 0; at < total ** 2; at++) if (isOut(at % total) || isOut(Math.floor(at / total))) information.cells[at] = 0
  const isPenalised = (at: number): boolean => at % design.size !== 0
  for (let at = 0; at < total; at++) if (isPenalised(at)) information.cells[at * total + at]! += settings.penalty
  const inverse = invertSemidefinite(information)
  // The trace of the inverse times the information without the penalty: the effective number of weights (Wood 2006, section 4.4).
  const used = Array.from({ length: total }, (_, at) => at)
    .filter(isPenalised)
    .reduce((sum, at) => sum - settings.penalty * inverse.inverse.cells[at * total + at]!, inverse.rank)
  const { value, freedom, pearson } = dispersionOf(fitted, margins, used)
  if (!(freedom > 0)) return without('saturated')
  const isEstimated = objective.name === 'squared' || objective.name === 'gamma'
  return {
    basis: settings.penalty > 0 ? 'ridge' : 'likelihood',
    inverse,
    dispersion: value,
    reach: isEstimated ? studentQuantile(0.975, Math.max(1, Math.floor(freedom + 1e-6))) : z95,
    ...(pearson !== null && pearson > overdispersed && { overdispersion: pearson })
  }
}

function describe(
  { point, target }: Fitted,
  { names, combination }: Contrast,
  separation: Separation,
  { basis, inverse, dispersion, reach }: Errors
): Coefficient {
  const sum = combination.reduce((all, { at, factor }) => all + factor * point[at]!, 0)
  const estimate = (names.term === 'intercept' ? target.mean : 0) + target.scale * sum
  const without = (why: CoefficientBasis): Coefficient => ({ ...names, estimate, error: null, low: null, high: null, basis: why })
  if (separation.isComplete || combination.some(({ at }) => separation.weights.has(at))) return without('separated')
  if (!inverse) return without(basis)
  if (!inverse.isTold(combination)) return without('collinear')
  const error = target.scale * Math.sqrt(dispersion * inverse.spread(combination))
  return { ...names, estimate, error, low: estimate - reach * error, high: estimate + reach * error, basis }
}

const factors = { logistic: 'odds', softmax: 'relative-odds', poisson: 'rate', gamma: 'rate', squared: null } as const

/** The estimate as a factor; that of the intercept would be odds or a rate, no ratio. A factor beyond double precision is its largest number. */
function withRatio({ objective }: Fitted, coefficient: Coefficient): Coefficient {
  const of = factors[objective.name]
  if (of === null || coefficient.term === 'intercept') return coefficient
  const factor = (value: number | null): number | null => (value === null ? null : Math.min(Math.exp(value), Number.MAX_VALUE))
  const { estimate, low, high } = coefficient
  return { ...coefficient, ratio: { of, value: factor(estimate)!, low: factor(low), high: factor(high) } }
}
