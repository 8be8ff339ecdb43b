import { describe, expect, it } from 'vitest'
import { samplePolicyText } from '../../../resources/sample/policy'
import { rounds } from '../../testing/deep'
import { anEvaluation } from '../bundle-format/documents/bundle-facts.fixture'
import { deriveGroups } from '../frames'
import { Random } from '../numerics'
import { deriveFairness } from '../tasks/binary/fairness'
import { judgeScores } from '../tasks/binary/judge'
import { deriveGateFacts, evaluatePolicy, parsePolicy } from './index'

const policy = parsePolicy(samplePolicyText)
const threshold = 0.2
const moved = (share: number, intercept: number, slope: number): number =>
  1 / (1 + Math.exp(-intercept - slope * Math.log(share / (1 - share))))
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())

interface Stated {
  (truth: number, group: number): number
}

/** What the policy says of rows of three groups whose outcome comes with their true probability, about one in seven, and is stated so. */
async function judge(rows: number, stated: Stated, seed: number): Promise<Record<string, string>> {
  const random = new Random(seed, rows)
  const codes = Int32Array.from({ length: rows }, () => Math.floor(3 * random.uniform() ** 1.5))
  const truth = Float64Array.from(codes, () => moved(0.5, -2.8 + 1.7 * normal(random), 1))
  const labels = Uint8Array.from(truth, (share) => (random.uniform() < share ? 1 : 0))
  const scores = truth.map((share, row) => stated(share, codes[row]!))
  const judged = await judgeScores(labels, scores, { threshold, bootstrapSamples: 100, seed })
  const groups = deriveGroups({ kind: 'category', codes, categories: ['day', 'dusk', 'night'] })
  const fairness = deriveFairness('time', groups, labels, scores, { minimumGroupSize: 30, minimumClassSize: 10, threshold })
  const evaluation = { ...anEvaluation(), ...judged, threshold, fairness }
  const { results } = evaluatePolicy(policy, deriveGateFacts({ evaluation }))
  return Object.fromEntries(results.map(({ rule, outcome }) => [rule, outcome]))
}

async function sharesOfPass(rows: number, stated: Stated, times: number) {
  const passed: Record<string, number> = { discrimination: 0, 'probability-error': 0, calibration: 0, 'groups-alike': 0 }
  for (let round = 0; round < times; round++) {
    const outcomes = await judge(rows, stated, round)
    for (const rule of Object.keys(passed)) if (outcomes[rule] === 'pass') passed[rule]! += 1 / times
  }
  return passed as { discrimination: number; 'probability-error': number; calibration: number; 'groups-alike': number }
}

describe('the policy of the sample', () => {
  const times = rounds(40, 400)

  it.each([500, 2000])('lets a calibrated and fair model pass, %d rows', async (rows) => {
    const passed = await sharesOfPass(rows, (truth) => truth, times)
    console.log(`sample policy, calibrated and fair, ${rows} rows: ${JSON.stringify(passed)}`)
    for (const [rule, share] of Object.entries(passed)) expect(share, rule).toBeGreaterThanOrEqual(0.92)
  })

  it('never lets pass what only states the base rate', async () => {
    const passed = await sharesOfPass(2000, () => 0.14, rounds(10, 100))
    expect(passed).toMatchObject({ discrimination: 0, 'probability-error': 0 })
  })

  it('finds probabilities that are off, and a group that is selected half as often', async () => {
    const off = await sharesOfPass(2000, (truth) => moved(truth, 0.9, 1), times)
    const unfair = await sharesOfPass(2000, (truth, group) => (group === 2 ? truth / 3 : truth), times)
    console.log(`sample policy, 2000 rows: calibration off ${JSON.stringify(off)}, unfair ${JSON.stringify(unfair)}`)
    expect(off.calibration).toBeLessThanOrEqual(0.1)
    expect(unfair['groups-alike']).toBeLessThanOrEqual(0.2)
  })
})
