// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VerificationReport } from '../../../main/model/bundle'
import { WorkbenchError } from '../../../main/model/errors'
import { renderWithHost, type RenderedScreen, type SomeHandlers } from '../../host/testing'
import { useLocation } from '../../ui'
import { BundlesPage } from './bundles-page'
import { bundlesStore } from './bundles-store'
import type { Reviewed } from './use-review'

const author = 'a'.repeat(64)
const reviewer = 'b'.repeat(64)
const signer = {
  kind: 'key' as const,
  keyFingerprint: author,
  curve: 'P-256' as const,
  publicKeyPem: 'PEM',
  certificate: null,
  chain: [],
  anchoredBy: 'none' as const
}

function aReport(verdict: VerificationReport['verdict'], change: Partial<VerificationReport> = {}): VerificationReport {
  const altered = { name: 'model/model.onnx', problem: 'changed' as const, expected: 'c'.repeat(64), actual: 'd'.repeat(64) }
  return {
    path: '/b/x.drydock',
    form: 'file',
    verdict,
    summary: verdict === 'failed' ? 'Do not use this bundle. model/model.onnx was changed.' : 'Every file is as signed.',
    checkedAt: '2026-03-01T10:00:00.000Z',
    judgedAt: '2026-03-01T10:00:00.000Z',
    subjectName: 'x-1',
    root: 'e'.repeat(64),
    bundleDigest: 'f'.repeat(64),
    signer,
    checks: [
      { id: 'container', title: 'The container is safe to read', status: 'pass', detail: 'Fine.', files: [] },
      {
        id: 'files',
        title: 'Every file is as it was signed',
        status: verdict === 'failed' ? 'fail' : 'pass',
        detail: 'Compared.',
        files: verdict === 'failed' ? [altered] : []
      },
      { id: 'trust', title: 'The signer is somebody you trust', status: 'warn', detail: 'Nobody vouches.', files: [] }
    ],
    attestations: [],
    totals: { signedFiles: 2, signedBytes: 20, attestationFiles: 0, allFiles: 3, allBytes: 30 },
    ...change
  }
}

const reviewed = (report: VerificationReport): Reviewed => ({
  path: report.path,
  report,
  files: [
    { path: 'README.md', size: 10, state: 'verified' },
    { path: 'model/model.onnx', size: 10, state: report.verdict === 'failed' ? 'changed' : 'verified' }
  ],
  model: { name: 'x', version: '1', summary: 'A model.' },
  demo: true
})

/** The page as the window draws it: at its present address. */
function AtAddress() {
  return <BundlesPage key={useLocation().query['path'] ?? ''} />
}

let screen: RenderedScreen
const inspected: { path: string; publicKeyPath?: string; fingerprint?: string }[] = []

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
  it('names the altered file, shows the checks first and refuses a countersignature', async () => {
    await open(inspecting(() => aReport('failed')))
    const alert = screen.find('alert', 'Verdict')
    expect(alert.textContent).toContain('Failed')
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
      inspecting((input) => aReport(input.publicKeyPath === '/k/pub.pem' ? 'verified' : 'untrusted')),
      { openFiles: () => Promise.resolve(['/k/pub.pem']) }
    )
    expect(screen.text()).toContain('Untrusted signer')
    expect(screen.text()).toContain('anybody can make a key and sign')
    expect(screen.text()).toContain('Demo identities')
    await screen.click(screen.find('button', 'Choose whom you trust'))
    await screen.settle()
    await screen.click(screen.find('menuitem', /Public key file/))
    await screen.settle(60)
    expect(inspected.map((input) => input.publicKeyPath)).toEqual([undefined, '/k/pub.pem'])
    expect(screen.find('heading', 'Verified')).toBeTruthy()
  })

  it('signs exactly what is shown, keeps the words after a wrong passphrase and verifies again', async () => {
    const asked: unknown[] = []
    await open({
      ...inspecting(() => aReport('untrusted')),
      countersign: (input) => {
        asked.push(input)
        if (input.passphrase !== 'right') throw new WorkbenchError('FORBIDDEN', 'The passphrase does not open this key. Type it again.')
        return { attestation: 'attestations/x.dsse.json', report: aReport('untrusted') }
      }
    })
    bundlesStore.setState({
      drafts: {
        '/b/x.drydock': { keyPath: '/k/vera.pem', name: 'Vera', meaning: 'approver', decision: 'reject', statement: 'Not alike.' }
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
    expect(screen.find('alert', /Nothing was signed/).textContent).toContain('does not open this key')
    expect(document.querySelector('textarea')?.value).toBe('Not alike.')
    await screen.type(passphrase, 'right')
    await screen.click(screen.find('button', 'Sign the rejection'))
    await screen.settle(60)
    expect(asked.at(-1)).toEqual({
      path: '/b/x.drydock',
      keyPath: '/k/vera.pem',
      passphrase: 'right',
      name: 'Vera',
      meaning: 'approver',
      decision: 'reject',
      statement: 'Not alike.'
    })
    expect(inspected).toHaveLength(2)
    expect(bundlesStore.getState().drafts).toEqual({})
    expect(screen.find('tab', /Decisions/).getAttribute('aria-selected')).toBe('true')
  })

  it('marks a decision of the author and a bundle that changed after it', async () => {
    const decision = {
      file: 'attestations/a.dsse.json',
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
    await open(inspecting(() => aReport('failed', { attestations: [decision] })))
    await screen.click(screen.find('tab', /Decisions/))
    for (const shown of ['Signed by the author', 'Clock not vouched for', 'decided about other bytes'])
      expect(screen.text()).toContain(shown)
  })
})

describe('without a bundle', () => {
  it('offers to open one and needs no workspace', async () => {
    await open(
      inspecting(() => aReport('verified')),
      { openFiles: () => Promise.resolve(['/b/y.drydock']) }
    )
    await screen.unmount()
    window.location.hash = '#/bundles'
    screen = await renderWithHost(
      <AtAddress />,
      { workspace: { status: () => ({ workspace: null }) }, bundles: inspecting(() => aReport('verified')) },
      { openFiles: () => Promise.resolve(['/b/y.drydock']) }
    )
    await screen.click(screen.find('button', 'Choose a file'))
    await screen.settle(60)
    expect(inspected.at(-1)?.path).toBe('/b/y.drydock')
  })
})
