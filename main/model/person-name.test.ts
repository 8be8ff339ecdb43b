import { expect, it } from 'vitest'
import { foldName, nameProblem } from './person-name'

it.each([
  'ada lovelace',
  ' Ada  LOVELACE ',
  'Ada\u00a0Lovelace',
  'Ada\u3000Lovelace',
  '\uff21da Lovelace',
  'Ada\u200b Love\u00adlace',
  'A\u2060da Lovelace'
])('%j is the same name as "Ada Lovelace"', (name) => expect(foldName(name)).toBe(foldName('Ada Lovelace')))
it('other letters make another name', () => {
  expect(new Set(['Ada', 'Ad\u00e0', 'Adam', '\u0410da', 'Ada L.'].map(foldName)).size).toBe(5)
  expect(foldName('Stra\u00dfe')).toBe(foldName('STRASSE'))
})
it('nobody is called what stands for somebody who is not known, or by signs that nobody sees', () => {
  for (const name of ['Unknown  Person', 'key 0a1b2c3d', 'Ada\u202e', 'A\u200bda']) expect(nameProblem(name)).toEqual(expect.any(String))
  for (const name of ['Ada', 'Key Account', '\u0645\u06cc\u200c\u062e\u0648\u0627']) expect(nameProblem(name)).toBeNull()
})
