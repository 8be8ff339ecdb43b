import { expect, it } from 'vitest'
import { foldName, lookOfName, nameProblem } from './person-name'

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
it('letters of other scripts that look alike make a name that looks the same, and one word is of one script', () => {
  for (const name of ['\u0410\u0434\u0430', 'Ada']) expect(nameProblem(name)).toBeNull()
  expect(lookOfName('\u0420\u0435\u0442\u0435\u0440')).not.toBe(lookOfName('Peter'))
  expect(lookOfName('\u0421\u0410\u0420\u0410')).toBe(lookOfName('CAPA'))
  expect(lookOfName('\u03a4\u039f\u039c')).toBe(lookOfName('TOM'))
  for (const name of ['\u0410da', 'Ad\u0430 Lovelace', 'Ev\u03b1']) expect(nameProblem(name)).toMatch(/mixes letters/)
  for (const name of ['Ada \u041b\u0430\u0432\u043b\u0435\u0439\u0441', 'Jos\u00e9', '\u5c71\u7530 \u30a2\u30c0', 'O\u2019Neill'])
    expect(nameProblem(name)).toBeNull()
})
it('nobody is called what stands for somebody who is not known, or by signs that nobody sees', () => {
  for (const name of ['Unknown  Person', 'key 0a1b2c3d', 'Ada\u202e', 'A\u200bda']) expect(nameProblem(name)).toEqual(expect.any(String))
  for (const name of ['Ada', 'Key Account', '\u0645\u06cc\u200c\u062e\u0648\u0627']) expect(nameProblem(name)).toBeNull()
})
