import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parsePlace, placeText } from '../../model/place'
import { sha256 } from '../../storage/objects/durable-files'
import { askedBefore, askedFile, forgetAsked, rememberAsked } from './asked-questions'

let home: string
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'drydock-asked-'))))
afterEach(() => rmSync(home, { recursive: true, force: true }))
const [one, other] = [sha256('one'), sha256('other')]
const trust = { publicKeyPath: '/keys/ada.pub.pem', reviewerPaths: ['/keys/rui.pub.pem', '/keys/vera.pub.pem'], identities: ['Harbour'] }

it('is kept by bundle with its files in words of a page, by which the host alone finds the paths', async () => {
  await rememberAsked(home, one, { trust, question: { approvals: 2 } }, new Date('2026-03-01T10:00:00Z'))
  const found = askedBefore(home, one, undefined)!
  expect(found).toMatchObject({ question: { approvals: 2 }, at: '2026-03-01T10:00:00.000Z', trust: { identities: ['Harbour'] } })
  const places = [found.trust.publicKeyPath!, ...found.trust.reviewerPaths!]
  expect(places.map(placeText)).toEqual(['/keys/ada.pub.pem', '/keys/rui.pub.pem', '/keys/vera.pub.pem'])
  expect(places.map((place) => askedFile(home, parsePlace(place)!.name))).toEqual(places.map(placeText))
  expect(places.map((place) => parsePlace(place)!.kind)).toEqual(['asked', 'asked', 'asked'])
  expect(askedFile(home, '/keys/ada.pub.pem')).toBeUndefined()
  expect(askedBefore(home, other, undefined)).toBeUndefined()
})

it('is gone with the question that was taken back, when it is forgotten, and beyond the newest hundred', async () => {
  await rememberAsked(home, one, { trust })
  await rememberAsked(home, one, { trust: { reviewerPaths: [] }, question: {} })
  expect(askedBefore(home, one, undefined)).toBeUndefined()
  await rememberAsked(home, one, { trust })
  await rememberAsked(home, other, { trust })
  await forgetAsked(home, one)
  expect([askedBefore(home, one, undefined), askedBefore(home, other, undefined)?.trust.identities]).toEqual([undefined, ['Harbour']])
  for (let day = 0; day < 100; day++) await rememberAsked(home, sha256(`${day}`), { trust }, new Date(Date.UTC(2100, 0, day)))
  expect(askedBefore(home, other, undefined)).toBeUndefined()
  expect(askedBefore(home, sha256('0'), undefined)).toBeDefined()
})

it('names the people kept in a workspace in that workspace alone, and a damaged file says nothing', async () => {
  await rememberAsked(home, one, { trust: { keptPeople: true }, question: { gate: 'pass' }, workspace: 'w1' })
  expect(askedBefore(home, one, 'w1')?.trust.keptPeople).toBe(true)
  expect(askedBefore(home, one, 'w2')).toMatchObject({ question: { gate: 'pass' } })
  expect([askedBefore(home, one, 'w2')?.trust.keptPeople, askedBefore(home, one, undefined)?.trust.keptPeople]).toEqual([
    undefined,
    undefined
  ])
  const file = join(home, 'asked-of-bundles.json')
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20))
  expect(askedBefore(home, one, 'w1')).toBeUndefined()
  await rememberAsked(home, one, { trust })
  expect(askedBefore(home, one, undefined)).toBeDefined()
})
