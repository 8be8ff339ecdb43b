import { expect, it } from 'vitest'
import { tickDecimals } from './scale'

it.each([
  [[0, 0.25, 0.5], 2],
  [[0, 0.5, 1], 1],
  [[0.1, 0.3, 0.5], 1],
  [[0, 2.5, 5], 1],
  [[0, 20, 40], 0],
  [[0, 0.00025, 0.0005], 5],
  [[0.7], 2]
])('ticks at %j are written with so many decimals that they differ as they stand: %i', (ticks, decimals) => {
  expect(tickDecimals(ticks)).toBe(decimals)
})
