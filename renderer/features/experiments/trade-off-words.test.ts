import { expect, it } from 'vitest'
import { standing, type Standing, type TradeOff } from '../../../main/model/run'
import { runIdOf } from '../../../main/testing/sample-runs'
import { standingWords, tradeOffSentences } from './trade-off-words'

const at = { value: 1, low: null, high: null }
const said = (standings: readonly Standing[], change: Partial<TradeOff> = {}): string =>
  tradeOffSentences({
    without: 0,
    basis: 'verdicts',
    points: standings.map((each, index) => ({ run: runIdOf(`r${index}`), name: `r${index}`, x: at, y: at, standing: each })),
    ...change
  }).join(' ')

it('says how many stand how, one and many, and of nobody that it is behind who cannot be told', () => {
  expect(said(['leads', 'open', 'behind', 'left-out'])).toMatch(
    /^1 run leads .+ 1 run has lesser values but cannot be told from better ones .+ it is not behind\. 1 run is behind .+ 1 run is not compared/
  )
  expect(said(['leads', 'leads', 'open', 'open'])).toMatch(/^2 runs lead .+ 2 runs have lesser values .+ they are not behind\. Lines are/)
  expect(said(['leads', 'open'], { basis: 'not-judged-yet' })).not.toMatch(/behind|cannot be told/)
  expect(said(['leads', 'open'], { basis: 'too-many', without: 3 })).toMatch(
    /Whether that is more than chance is told of up to 50 runs: filter the list\. 3 runs without one of the metrics are not drawn/
  )
})

it('has a word for every way to stand', () => {
  expect(Object.keys(standingWords)).toEqual(standing.options)
})
