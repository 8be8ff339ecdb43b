import { describe, expect, it } from 'vitest'
import type { FileProblem, SignerIdentity } from '../../model/bundle'
import { verificationCheckIds } from '../../model/bundle'
import { Sha256 } from '../../model/reference'
import { createChecks, judgeTrust, nameFiles } from './report-checks'
import type { TrustAnchors } from './trust-anchors'

const digestOf = (letter: string) => Sha256.parse(letter.repeat(64))
const [own, other] = [digestOf('a'), digestOf('b')]
const bareKey: SignerIdentity = {
  kind: 'key',
  keyFingerprint: own,
  curve: 'P-256',
  publicKeyPem: '',
  certificate: null,
  chain: [],
  anchoredBy: 'none',
  knownAs: null
}
const facts = { subject: 'CN=Ada', issuer: '', serialNumber: '', validFrom: '', validTo: '', fingerprint: own }
const certified: SignerIdentity = { ...bareKey, kind: 'certificate', certificate: facts, chain: [facts] }

describe('the checks of a report', () => {
  it('are always all there, in one order, and what was not reached says why', () => {
    const checks = createChecks()
    const culprit: FileProblem = { name: 'a', problem: 'changed', expected: null, actual: null }
    checks.set('files', 'fail', 'a was changed.', [culprit])
    checks.set('container', 'pass', 'Fine.')
    const list = checks.list()
    expect(list.map((check) => check.id)).toEqual([...verificationCheckIds])
    expect(new Set(list.map((check) => check.title)).size).toBe(verificationCheckIds.length)
    expect(list.filter((check) => check.status !== 'skipped')).toMatchObject([
      { id: 'container', status: 'pass', detail: 'Fine.', files: [] },
      { id: 'files', status: 'fail', detail: 'a was changed.', files: [culprit] }
    ])
    expect(list.find((check) => check.id === 'trust')).toMatchObject({ detail: expect.stringContaining('an earlier check'), files: [] })
  })
})

describe('what is said of trust', () => {
  const nobody: TrustAnchors = {
    given: false,
    key: null,
    keyFingerprint: null,
    roots: [],
    expected: null,
    people: new Map(),
    namesPeople: false,
    at: new Date()
  }
  const vera = { name: 'Vera', roles: new Set(['reviewer'] as const) }
  const judged = (signer: SignerIdentity, anchors: Partial<TrustAnchors>) => {
    const checks = createChecks()
    judgeTrust(checks, signer, { ...nobody, given: true, ...anchors })
    const { status, detail } = checks.list().find((check) => check.id === 'trust')!
    return [status, detail]
  }

  it.each<[SignerIdentity['anchoredBy'], string]>([
    ['public-key', 'the public key you gave'],
    ['fingerprint', 'the fingerprint you gave'],
    ['root-certificate', 'the root certificate you gave. You asked for no identity (--identity), so any certificate of this CA would do']
  ])('names what the signer is known by: %s', (anchoredBy, words) => {
    expect(judged({ ...certified, anchoredBy }, { keyFingerprint: own, expected: own })).toEqual([
      'pass',
      `The signer is "CN=Ada", known by ${words}.`
    ])
  })

  it('is a contradiction of what the reader gave, although another thing of it fits', () => {
    const known: SignerIdentity = { ...certified, anchoredBy: 'root-certificate' }
    expect(judged(known, { keyFingerprint: other })).toEqual([
      'fail',
      `The bundle was signed by the key ${own}, but the key you gave has the fingerprint ${other}.`
    ])
    expect(judged(known, { expected: other, keyFingerprint: own })).toEqual([
      'fail',
      `The bundle was signed by the key ${own}, but you expected the fingerprint ${other}.`
    ])
    expect(judged({ ...bareKey, anchoredBy: 'person', knownAs: 'Vera' }, { people: new Map([[own, vera]]) })).toEqual([
      'fail',
      'The bundle was signed by "Vera", whom you trust, but not as an author.'
    ])
    expect(judged(bareKey, { people: new Map([[other, vera]]) })[1]).toContain('not among the authors you trust')
    expect(judged(known, { expected: other, keyFingerprint: other })[1]).toMatch(/the key you gave .* and you expected the fingerprint/)
  })

  it('differs between nothing given, a bare key under a root, and a chain to nowhere', () => {
    expect(judged(bareKey, { given: false })).toEqual(['warn', expect.stringContaining('Nobody vouches for the key aaaaaaaaaaaaaaaa.')])
    expect(judged(bareKey, {})).toEqual(['fail', expect.stringContaining('a bare key, for which a root certificate cannot vouch')])
    expect(judged(certified, {})).toEqual(['fail', 'The certificates of "CN=Ada" do not lead to the root certificate you gave.'])
  })
})

describe('names of files', () => {
  const problems = (count: number): FileProblem[] =>
    (['missing', 'added', 'changed', 'refused', 'missing', 'added', 'added'] as const)
      .slice(0, count)
      .map((problem, at) => ({ name: `f${at}`, problem, expected: null, actual: null }))
  it('are five at most, each with what happened to it', () => {
    const five = 'f0 is missing; f1 was added; f2 was changed; f3 was refused; f4 is missing'
    expect(nameFiles(problems(1))).toBe('f0 is missing.')
    expect(nameFiles(problems(5))).toBe(`${five}.`)
    expect(nameFiles(problems(6))).toBe(`${five}; and 1 more.`)
    expect(nameFiles(problems(7))).toBe(`${five}; and 2 more.`)
  })
})
