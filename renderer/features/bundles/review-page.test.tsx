import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VerificationReport } from '../../../main/model/bundle'
import { WorkbenchError } from '../../../main/model/errors'
import type { HostInput } from '../../host'
import { renderWithHost, type RenderedScreen, type SomeHandlers } from '../../host/testing'
import { useLocation } from '../../ui'
import { aReport, reviewer, signer } from './a-report.fixture'
import { BundlesPage } from './bundles-page'
import { bundlesStore, emptyDraft } from './bundles-store'
import type { Reviewed } from './use-review'
import { Sha256 } from '../../../main/model/reference'

let concern: NonNullable<Reviewed['model']>['concern'] = null
const reviewed = (report: VerificationReport): Reviewed => ({
  path: report.path,
  report,
  files: [
    { path: 'README.md', size: 10, state: 'verified' },
    { path: 'model/model.onnx', size: 10, state: report.verdict === 'altered' ? 'changed' : 'verified' }
  ],
  model: { name: 'x', version: '1', summary: 'A model.', concern },
  demo: true
})

/** An approval by the person who signed the bundle. */
const decision = {
  file: 'attestations/a.dsse.json',
  sha256: null,
  earlier: false,
  valid: true,
  problem: null,
  predicateType: null,
  decision: 'approve' as const,
  meaning: 'reviewer' as const,
  name: 'Ada',
  statement: 'Fine.',
  time: '2026-03-01T10:00:00.000Z',
  clock: 'untrusted' as const,
  clockNote: 'Nobody confirms it.',
  signer,
  signedByAuthor: true
}

/** The page as the window draws it: at its present address. */
function AtAddress() {
  return <BundlesPage key={useLocation().query['path'] ?? ''} />
}

let screen: RenderedScreen
const inspected: HostInput<'bundles.inspect'>[] = []

async function open(handlers: SomeHandlers['bundles'], os = {}): Promise<void> {
  window.location.hash = `#/bundles/review?path=${encodeURIComponent('/b/x.drydock')}`
  screen = await renderWithHost(
    <AtAddress />,
    {
      workspace: { status: () => ({ workspace: null }) },
      bundles: {
        keys: () => [{ name: 'Vera', fingerprint: reviewer, keyPath: '/k/vera.pem', demo: false }],
        file: () => ({ kind: 'text', text: 'hello', size: 5, truncated: false }),
        ...handlers
      }
    },
    os
  )
  await screen.settle()
}

function inspecting(make: (input: (typeof inspected)[number]) => VerificationReport): SomeHandlers['bundles'] {
  return {
    async *inspect(input) {
      inspected.push(input)
      yield { stage: 'Verifying', fraction: 0.5 }
      return reviewed(make(input))
    }
  }
}

beforeEach(() => {
  inspected.length = 0
  bundlesStore.setState({ drafts: {}, files: {}, ask: null })
})
afterEach(() => screen.unmount())

describe('the review of a bundle', () => {
  it('says in red, beside the verdict, that the model was judged on rows of its training', async () => {
    concern = { tone: 'error', text: 'Judged on the rows that the model was trained on.' }
    await open(inspecting(() => aReport('holds')))
    concern = null
    const note = [...screen.find('status', 'Verdict').querySelectorAll('p')].find((each) => each.textContent?.includes('trained on'))
    expect(note?.className).toContain('text-error')
  })

  it('names the altered file, shows the checks first and refuses a countersignature', async () => {
    await open(inspecting(() => aReport('altered')))
    const alert = screen.find('alert', 'Verdict')
    expect(alert.textContent).toContain('Altered')
    expect(alert.textContent).toContain('model/model.onnx')
    expect(screen.find('tab', 'Checks').getAttribute('aria-selected')).toBe('true')
    expect(screen.text()).toContain('signed as cccccccc, found dddddddd')
    expect(screen.find('button', 'Countersign').hasAttribute('disabled')).toBe(true)
    await screen.click(screen.find('tab', 'Countersign'))
    expect(screen.text()).toContain('This bundle cannot be countersigned')
    expect(document.querySelector('form')).toBeNull()
  })

  it('explains an untrusted signer and verifies again with the chosen key', async () => {
    await open(
      inspecting((input) => aReport(input.publicKeyPath === '/k/pub.pem' ? 'holds' : 'insufficient')),
      { openFiles: () => Promise.resolve(['/k/pub.pem']) }
    )
    expect(screen.text()).toContain('Insufficient: untrusted signer')
    expect(screen.text()).toContain('anybody can make a key and sign')
    expect(screen.text()).toContain('Demo identities')
    await screen.click(screen.find('button', 'Choose whom you trust'))
    await screen.settle()
    await screen.click(screen.find('menuitem', /Public key file/))
    await screen.settle(60)
    expect(inspected.map((input) => input.publicKeyPath)).toEqual([undefined, '/k/pub.pem'])
    expect(screen.find('heading', 'Holds')).toBeTruthy()
  })

  it('signs exactly what is shown, keeps the words after a wrong passphrase and verifies again', async () => {
    const asked: unknown[] = []
    await open({
      ...inspecting(() => aReport('insufficient')),
      countersign: (input) => {
        asked.push(input)
        if (input.passphrase !== 'right') throw new WorkbenchError('FORBIDDEN', 'The passphrase does not open this key. Type it again.')
        return { path: input.path, attestation: 'attestations/x.dsse.json', report: aReport('insufficient') }
      }
    })
    bundlesStore.setState({
      drafts: {
        '/b/x.drydock': {
          ...emptyDraft,
          keyPath: `key:${reviewer}`,
          name: 'Vera',
          meaning: 'approver',
          decision: 'reject',
          statement: 'Not alike.'
        }
      }
    })
    await screen.click(screen.find('tab', 'Countersign'))
    await screen.settle()
    for (const shown of ['e'.repeat(64), 'f'.repeat(64), reviewer, 'Not alike.', 'approver', 'reject'])
      expect(screen.text()).toContain(shown)
    const passphrase = document.querySelector<HTMLInputElement>('input[type=password]')!
    await screen.type(passphrase, 'wrong')
    await screen.click(screen.find('button', 'Sign the rejection'))
    await screen.settle()
    expect(asked).toEqual([])
    expect(screen.text()).toContain('say that you sign without knowing the author')
    await screen.click(document.querySelector<HTMLElement>('form [role=checkbox]')!)
    await screen.click(screen.find('button', 'Sign the rejection'))
    await screen.settle()
    expect(screen.find('alert', /Nothing was signed/).textContent).toContain('does not open this key')
    expect(document.querySelector('textarea')?.value).toBe('Not alike.')
    await screen.type(passphrase, 'right')
    await screen.click(screen.find('button', 'Sign the rejection'))
    await screen.settle(60)
    expect(asked.at(-1)).toEqual({
      path: '/b/x.drydock',
      bundleDigest: Sha256.parse('f'.repeat(64)),
      keyPath: `key:${reviewer}`,
      passphrase: 'right',
      name: 'Vera',
      meaning: 'approver',
      decision: 'reject',
      statement: 'Not alike.',
      trust: {},
      anyAuthor: true
    })
    expect(inspected).toHaveLength(2)
    expect(bundlesStore.getState().drafts).toEqual({})
    expect(screen.find('tab', /Decisions/).getAttribute('aria-selected')).toBe('true')
  })

  it('marks a decision of the author and a bundle that changed after it', async () => {
    await open(inspecting(() => aReport('altered', { attestations: [decision] })))
    await screen.click(screen.find('tab', /Decisions/))
    for (const shown of ['Signed by the author', 'Clock not vouched for', 'decided about other bytes'])
      expect(screen.text()).toContain(shown)
  })
})

const aCheck = (
  id: 'certificate' | 'signature-format' | 'trust',
  detail: string,
  files: VerificationReport['checks'][number]['files'] = []
) => aReport('altered', { summary: `Do not use this bundle. ${detail}`, checks: [{ id, title: 'A check', status: 'fail', detail, files }] })
const aSignature = (problem: 'missing' | 'refused') => [{ name: 'model.sig', problem, expected: null, actual: null }]

describe('what a reviewer is told', () => {
  it.each([
    ['Altered: not what was signed', 'Changed since signing', aReport('altered')],
    ['Not authentic: nobody signed this', 'Unsigned', aCheck('signature-format', 'The bundle has no model.sig.', aSignature('missing'))],
    ['Not authentic: cannot be verified', 'Cannot be verified', aCheck('certificate', 'The certificate expired.', aSignature('refused'))],
    ['Not authentic: another signer than you trust', 'Cannot be verified', aCheck('trust', 'Another key signed it.')]
  ])('%s: %s', async (words, badge, report) => {
    await open(inspecting(() => report))
    expect(screen.find('heading', words)).toBeTruthy()
    expect(screen.text()).toContain(badge)
    expect(document.querySelector('[aria-label="Files that differ from what was signed"]') !== null).toBe(
      /what was signed|nobody/.test(words)
    )
  })

  it('sees no word of an altered file before asking, and never the document', async () => {
    const read: string[] = []
    const page = '<h1>A perfect model</h1>'
    await open({
      async *inspect() {
        yield { stage: 'Verifying', fraction: 0.5 }
        const files = [{ path: 'card/model-card.html', size: 30, state: 'changed' as const }]
        return { ...reviewed(aReport('altered')), model: null, files }
      },
      file: ({ file }) => {
        read.push(file)
        return { kind: 'html', text: page, size: 30, truncated: false }
      }
    })
    await screen.click(screen.find('tab', /Evidence/))
    await screen.settle()
    expect(screen.text()).toContain('This file is not what was signed')
    expect(screen.text()).not.toContain('perfect')
    expect(read).toEqual([])
    await screen.click(screen.find('button', 'Show it as text all the same'))
    await screen.settle(60)
    expect(read).toEqual(['card/model-card.html'])
    expect(document.querySelector('iframe')).toBeNull()
    expect(screen.text()).toContain('Do not rely on what it says')
  })

  it('reads in the headline only of those who are trusted; what strangers say stands apart', async () => {
    const stranger = { decision: 'approve' as const, name: 'Chief Risk Officer', meaning: 'approver' as const, keyFingerprint: reviewer }
    const decisions = {
      approvedBy: ['Omar'],
      rejectedBy: ['Vera'],
      releasedBy: [],
      unknown: [stranger],
      own: [{ ...stranger, name: 'Rui' }],
      remarks: ['Vera signed with 2 keys.']
    }
    await open(inspecting(() => aReport('rejected', { attestations: [decision], decisions })))
    const banner = screen.find('status', 'Verdict')
    expect(screen.find('heading', 'Rejected')).toBeTruthy()
    expect(banner.textContent).toContain('Rejected by Vera')
    expect(banner.textContent).toContain('Approved by Omar')
    expect(banner.textContent).toContain('Approved by you (Rui), which is no independent review')
    expect(banner.textContent).toContain('An unknown signer says: approved, under the name "Chief Risk Officer"')
    expect(banner.textContent).toContain('Vera signed with 2 keys.')
    expect(banner.textContent).toContain('Not checked: whether others approve it; decisions that are not in the bundle.')
    expect(banner.textContent).not.toContain('Approved by Ada')
  })

  it('finds in two clicks what a review asks for, and is told what the bundle lacks', async () => {
    await open(inspecting(() => aReport('holds')))
    await screen.click(screen.find('tab', 'Guide'))
    expect(screen.text()).toContain('Not in this bundle. Ask its owner.')
    await screen.click(screen.find('button', 'Show the decisions'))
    expect(screen.find('tab', /Decisions/).getAttribute('aria-selected')).toBe('true')
  })

  it('ticks a topic of the guide when it is answered, not when it was looked at, keeps it and lets it be signed', async () => {
    window.localStorage.clear()
    await open(inspecting(() => aReport('holds')))
    await screen.click(screen.find('tab', 'Guide'))
    const ticks = () => document.querySelectorAll('[aria-label=Answered]').length
    await screen.click(screen.find('button', 'Show the decisions'))
    await screen.click(screen.find('tab', 'Guide'))
    expect(ticks()).toBe(0)
    const answer = document.querySelector<HTMLInputElement>('[aria-label="Your answer: Independence of training and test data"]')!
    await screen.type(answer, 'Split by aircraft.')
    await screen.press(answer, 'Enter')
    expect(ticks()).toBe(1)
    expect(screen.text()).toContain('1 of 12 answered by you')
    await screen.click(screen.find('tab', /Decisions/))
    await screen.click(screen.find('tab', 'Guide'))
    expect(ticks()).toBe(1)
    await screen.click(screen.find('button', 'Put the answers into my statement'))
    await screen.settle()
    expect(document.querySelector('textarea')?.value).toBe('Independence of training and test data: Split by aircraft.')
    window.localStorage.clear()
  })

  it('may let a copy carry the decision when the medium is read-only, without typing anything again', async () => {
    const asked: (string | undefined)[] = []
    await open(
      {
        ...inspecting(() => aReport('holds')),
        countersign: ({ copyTo }) => {
          asked.push(copyTo)
          if (copyTo === undefined)
            throw new WorkbenchError('FORBIDDEN', 'The medium is read-only. Nothing was changed. Use a copy.', {
              details: { place: 'bundle' }
            })
          return { path: copyTo, attestation: 'attestations/x.dsse.json', report: aReport('holds') }
        }
      },
      { saveFile: ({ extension }: { extension?: string }) => Promise.resolve(`chosen:t:/home/vera/copy.${extension}`) }
    )
    bundlesStore.setState({
      drafts: { '/b/x.drydock': { ...emptyDraft, keyPath: `key:${reviewer}`, name: 'Vera', decision: 'approve', statement: 'Fine.' } }
    })
    await screen.click(screen.find('tab', 'Countersign'))
    await screen.settle()
    await screen.type(document.querySelector<HTMLInputElement>('input[type=password]')!, 'right')
    await screen.click(screen.find('button', 'Sign the approval'))
    await screen.settle()
    await screen.click(screen.find('button', 'Write a copy elsewhere'))
    await screen.settle()
    await screen.click(screen.find('button', 'Sign the approval'))
    await screen.settle(60)
    const copy = 'chosen:t:/home/vera/copy.drydock'
    expect(asked).toEqual([undefined, copy])
    expect(inspected.at(-1)?.path).toBe(copy)
  })
})

describe('without a bundle', () => {
  it('offers to open one and needs no workspace', async () => {
    await open(
      inspecting(() => aReport('holds')),
      { openFiles: () => Promise.resolve(['/b/y.drydock']) }
    )
    await screen.unmount()
    window.location.hash = '#/bundles'
    screen = await renderWithHost(
      <AtAddress />,
      { workspace: { status: () => ({ workspace: null }) }, bundles: inspecting(() => aReport('holds')) },
      { openFiles: () => Promise.resolve(['/b/y.drydock']) }
    )
    await screen.click(screen.find('button', 'Choose a file'))
    await screen.settle(60)
    expect(inspected.at(-1)?.path).toBe('/b/y.drydock')
  })
})
