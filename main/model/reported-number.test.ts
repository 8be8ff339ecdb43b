import { expect, it } from 'vitest'
import { jsonText, numberInWords, readReportedNumber } from './reported-number'
import { ReportedNumber } from './reported-number-schema'

it('a reported number is any number and nothing else', () => {
  for (const value of [0, -0, 1e308, NaN, Infinity, -Infinity]) expect(ReportedNumber.parse(value)).toBe(value)
  for (const value of ['NaN', null, undefined, 1n, true]) expect(ReportedNumber.safeParse(value).success).toBe(false)
})

it('is written into JSON by name where JSON has no number, in any depth, and read by the names that programs use', () => {
  expect(JSON.parse(jsonText({ a: [NaN, { b: Infinity }], c: -Infinity, d: 1.5, e: null, f: 'NaN' }))).toEqual({
    ...{ a: ['NaN', { b: 'Infinity' }], c: '-Infinity', d: 1.5, e: null, f: 'NaN' }
  })
  for (const value of [1.5, NaN, Infinity, -Infinity]) expect(readReportedNumber(JSON.parse(jsonText(value)))).toBe(value)
  expect(['nan', 'inf', '+Inf', '-INF', '-infinity'].map(readReportedNumber)).toEqual([NaN, Infinity, Infinity, -Infinity, -Infinity])
  for (const value of ['1.5', '', 'high', 'constructor', null, undefined, [], true]) expect(readReportedNumber(value)).toBeUndefined()
})

it('has words where it has no digits', () => {
  expect([NaN, Infinity, -Infinity, 0].map(numberInWords)).toEqual(['not a number', 'infinity', 'minus infinity', null])
})
