import { expect, it } from 'vitest'
import { Passphrase, passphraseWeakness } from './passphrase'

it.each([
  ['seven77', /at least 8/],
  ['aaaaaaaaaaaaaaaa', /different characters/],
  ['abababababab', /different characters/],
  ['\u{1f511}'.repeat(8), /different characters/],
  ['lemonlemon', /again and again/],
  ['tide1tide1tide', /again and again/],
  ['12345678', /row of neighbours/],
  ['hgfedcba', /row of neighbours/]
])('"%s" is no passphrase for a new key', (text, why) => {
  expect(passphraseWeakness(text)).toMatch(why)
  expect(Passphrase.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([passphraseWeakness(text)])
})

it.each(['low water springs', 'demonstration only', 'Tr0ub4dor', 'aaaaaaaaaaaa bcde'])('"%s" will do', (text) => {
  expect(passphraseWeakness(text)).toBeNull()
  expect(Passphrase.safeParse(text).success).toBe(true)
})
