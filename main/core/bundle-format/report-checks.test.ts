import { describe, expect, it } from 'vitest'
import type { Attestation, FileProblem, SignerIdentity, VerificationCheckId } from '../../model/bundle'
import { verificationCheckIds } from '../../model/bundle'
import { Sha256 } from '../../model/reference'
import { createChecks, deriveVerdict, describeDecisions, judgeTrust, nameFiles, summarize } from './report-checks'
import type { TrustAnchors } from './signer-identity'

const digestOf = (letter: string) => Sha256.parse(letter.repeat(64))
const [own, other] = [digestOf('a'), digestOf('b')]
const bareKey: SignerIdentity = {
  kind: 'key',
  keyFingerprint: own,
  curve: 'P-256',
  publicKeyPem: '',
  certificate: null,
  chain: [],
  anchoredBy: 'none'
}
const facts = { subject: 'CN=Ada', issuer: '', serialNumber: '', validFrom: '', validTo: '', fingerprint: own }
const certified: SignerIdentity = { ...bareKey, kind: 'certificate', certificate: facts, chain: [facts] }

/** All checks passed but for those that are named. */
function outcome(but: Partial<Record<VerificationCheckId, 'fail' | 'warn' | 'skipped'>> = {}) {
  const checks = createChecks()
  for (const id of verificationCheckIds) checks.set(id, but[id] ?? 'pass', `Of ${id}.`)
  return checks.list()
}

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

describe('the verdict', () => {
  it('is good only with every check, but for a certificate that there is none of and a gate that names nothing', () => {
    expect(deriveVerdict(outcome())).toBe('verified')
    expect(deriveVerdict(outcome({ certificate: 'skipped', evidence: 'skipped' }))).toBe('verified')
    for (const id of verificationCheckIds)
      for (const status of ['fail', 'warn', 'skipped'] as const)
        if (id !== 'trust' && !((id === 'certificate' || id === 'evidence') && status === 'skipped'))
          expect([id, status, deriveVerdict(outcome({ [id]: status }))]).toEqual([id, status, 'failed'])
    expect(deriveVerdict(createChecks().list())).toBe('failed')
  })

  it('is of an unknown signer when only the trust is missing', () => {
    for (const trust of ['fail', 'warn', 'skipped'] as const) {
      expect(deriveVerdict(outcome({ trust }))).toBe('untrusted')
      expect(deriveVerdict(outcome({ trust, certificate: 'skipped' }))).toBe('untrusted')
    }
  })

  it('is said in a sentence with the name of the signer, or with the first fault that is one of the bundle', () => {
    expect(summarize('verified', outcome(), certified)).toBe('Every file is as "CN=Ada" signed it, and you trust this signer.')
    expect(summarize('untrusted', outcome({ trust: 'warn' }), bareKey)).toBe(
      'Every file is as the key aaaaaaaaaaaaaaaa signed it, but nothing you gave says that this signer is the right one.'
    )
    expect(summarize('untrusted', outcome(), null)).toContain('as the signer signed it')
    expect(summarize('failed', outcome({ trust: 'fail', files: 'fail', attestations: 'fail' }), certified)).toBe(
      'Do not use this bundle. Of files.'
    )
    expect(summarize('failed', outcome({ files: 'skipped' }), null)).toBe('Do not use this bundle. Of files.')
    expect(summarize('failed', [], null)).toBe('Do not use this bundle.')
  })
})

describe('what is said of trust', () => {
  const nobody: TrustAnchors = { given: false, key: null, keyFingerprint: null, roots: [], expected: null, at: new Date() }
  const judged = (signer: SignerIdentity, anchors: Partial<TrustAnchors>) => {
    const checks = createChecks()
    judgeTrust(checks, signer, { ...nobody, given: true, ...anchors })
    const { status, detail } = checks.list().find((check) => check.id === 'trust')!
    return [status, detail]
  }

  it.each<[SignerIdentity['anchoredBy'], string]>([
    ['public-key', 'the public key you gave'],
    ['fingerprint', 'the fingerprint you gave'],
    ['root-certificate', 'the root certificate you gave']
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
    expect(judged(known, { expected: other, keyFingerprint: other })[1]).toMatch(/the key you gave .* and you expected the fingerprint/)
  })

  it('differs between nothing given, a bare key under a root, and a chain to nowhere', () => {
    expect(judged(bareKey, { given: false })).toEqual(['warn', expect.stringContaining('Nobody vouches for the key aaaaaaaaaaaaaaaa.')])
    expect(judged(bareKey, {})).toEqual(['fail', expect.stringContaining('a bare key, for which a root certificate cannot vouch')])
    expect(judged(certified, {})).toEqual(['fail', 'The certificates of "CN=Ada" do not lead to the root certificate you gave.'])
  })
})

describe('what is said of decisions', () => {
  type Made = Partial<Attestation> & { by?: string; trusted?: boolean }
  const made = ({ by = 'b', trusted = false, ...more }: Made = {}): Attestation => ({
    file: 'x',
    valid: true,
    problem: null,
    predicateType: null,
    decision: 'approve',
    meaning: 'reviewer',
    name: 'R',
    statement: 'S',
    time: null,
    clock: 'untrusted',
    clockNote: '',
    signer: { ...bareKey, keyFingerprint: digestOf(by), anchoredBy: trusted ? 'fingerprint' : 'none' },
    signedByAuthor: false,
    ...more
  })
  const besides = (...attestations: Made[]) => /Besides the author, (.*)\.$/.exec(describeDecisions(attestations.map(made)))?.[1]

  it.each<[string, Made[], string]>([
    ['one approves', [{}], '1 key approves and 0 keys reject; none of them is among those you trust'],
    [
      'two approve, one is trusted',
      [{}, { by: 'c', trusted: true }],
      '2 keys approve and 0 keys reject; 1 of them is among those you trust'
    ],
    [
      'two trusted ones disagree',
      [{ trusted: true }, { by: 'c', trusted: true, decision: 'reject' }],
      '1 key approves and 1 key rejects; 2 of them are among those you trust'
    ],
    ['one signs twice', [{}, { statement: 'Again' }], '1 key approves and 0 keys reject; none of them is among those you trust'],
    ['one rejects first', [{ decision: 'reject' }, {}], '0 keys approve and 1 key rejects; none of them is among those you trust'],
    [
      'one rejects later',
      [{ trusted: true }, { decision: 'reject' }],
      '0 keys approve and 1 key rejects; 1 of them is among those you trust'
    ],
    [
      'two reject',
      [{ decision: 'reject' }, { by: 'c', decision: 'reject' }],
      '0 keys approve and 2 keys reject; none of them is among those you trust'
    ]
  ])('%s', (_what, attestations, words) => {
    expect(besides(...attestations)).toBe(words)
  })

  it('counts neither the author, nor what does not hold, nor what decides nothing', () => {
    const left: Made[] = [
      { by: 'c', valid: false },
      { by: 'd', decision: null },
      { by: 'e', signer: null },
      { by: 'f', signedByAuthor: true }
    ]
    expect(besides({}, ...left)).toBe('1 key approves and 0 keys reject; none of them is among those you trust')
    expect(describeDecisions(left.map(made))).toBe('4 attestations hold and belong to this bundle. Nobody but the author decided.')
  })

  it('says how many there are, when nobody decided too', () => {
    expect(describeDecisions([])).toBe('There is no attestation yet.')
    expect(describeDecisions([made({ decision: null })])).toBe('1 attestation holds and belongs to this bundle.')
    expect(describeDecisions([made({ decision: null }), made({ decision: null })])).toBe('2 attestations hold and belong to this bundle.')
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
