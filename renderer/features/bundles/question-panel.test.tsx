import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VerificationReport } from '../../../main/model/bundle'
import type { AskedBefore } from '../../../main/model/commands/bundles'
import type { HostInput } from '../../host'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { Sha256 } from '../../../main/model/reference'
import { aReport } from './a-report.fixture'
import { BundlesPage } from './bundles-page'

let screen: RenderedScreen
const inspected: HostInput<'bundles.inspect'>[] = []
const forgotten: string[] = []
beforeEach(() => (inspected.length = 0))
afterEach(() => screen.unmount())

/** The review of a bundle in a window without a workspace. */
async function open(report: VerificationReport, os = {}, askedBefore?: AskedBefore): Promise<void> {
  window.location.hash = `#/bundles/review?path=${encodeURIComponent('/b/x.drydock')}`
  screen = await renderWithHost(
    <BundlesPage />,
    {
      bundles: {
        file: () => ({ kind: 'text', text: 'hello', size: 5, truncated: false }),
        async *inspect(input) {
          inspected.push(input)
          yield { stage: 'Verifying', fraction: 0.5 }
          return { path: report.path, report, files: [], model: null, demo: false, askedBefore }
        },
        forgetAsked: ({ bundleDigest }) => {
          forgotten.push(bundleDigest)
          return null
        }
      }
    },
    os
  )
  await screen.settle()
}

describe('what must hold', () => {
  it('asks for approvals, gate and release, and shows what is missing beside whom to trust', async () => {
    const missing = ['Trust in the author: Nobody vouches.', 'Approvals: 2 persons must approve; nobody did.']
    await open(aReport('insufficient', { missing }))
    const panel = document.querySelector('[aria-labelledby=what-must-hold]')!
    expect(panel.textContent).toContain('nobody yet')
    expect(panel.textContent).not.toContain('Judge certificates at')
    const approvals = panel.querySelector<HTMLInputElement>('[aria-label="Approvals that must be there"]')!
    await screen.type(approvals, '2')
    approvals.blur()
    for (const box of panel.querySelectorAll<HTMLElement>('[role=checkbox]')) await screen.click(box)
    await screen.settle(60)
    expect(inspected.at(-1)?.question).toEqual({ approvals: 2, gate: 'pass', stage: 'released' })
    expect([...document.querySelectorAll('[aria-label=Missing] li')].map((each) => each.textContent)).toEqual([missing[1]])
  })

  it('offers what was asked the last time, asks it by a click and keeps only what was asked by hand', async () => {
    const trust = { publicKeyPath: 'asked:1:/k/ada.pub.pem', reviewerPaths: ['asked:2:/k/vera.pub.pem'] }
    const report = { ...aReport('insufficient'), bundleDigest: Sha256.parse('d'.repeat(64)) }
    await open(report, {}, { trust, question: { approvals: 2 }, at: '2026-03-01T10:00:00.000Z' })
    expect(inspected.at(-1)?.remember).toBeUndefined()
    expect(screen.find('group', 'Asked last time').textContent).toMatch(/: key ada\.pub\.pem, reviewer vera\.pub\.pem, approvals: 2/)
    await screen.click(screen.find('button', 'Ask it again'))
    await screen.settle(60)
    expect(inspected.at(-1)).toMatchObject({ ...trust, question: { approvals: 2 }, remember: true })
    expect(screen.find('group', 'Asked last time').textContent).toContain('As asked last time')
    await screen.click(screen.find('button', 'Forget it'))
    await screen.settle(60)
    expect(forgotten).toEqual([report.bundleDigest])
    expect(screen.text()).not.toContain('sked last time')
  })

  it('takes people, files and moments by what the shell gave out, and takes them back', async () => {
    await open(aReport('insufficient'), { openFiles: () => Promise.resolve(['chosen:t:/k/vera.pub.pem', 'chosen:u:/k/omar.pub.pem']) })
    await screen.click(screen.find('button', 'Add whom you trust'))
    await screen.settle()
    await screen.click(screen.find('menuitem', /Reviewers' keys/))
    await screen.settle(60)
    expect(inspected.at(-1)?.reviewerPaths).toEqual(['chosen:t:/k/vera.pub.pem', 'chosen:u:/k/omar.pub.pem'])
    await screen.click(screen.find('button', 'Take back reviewer vera.pub.pem'))
    await screen.settle(60)
    expect(inspected.at(-1)?.reviewerPaths).toEqual(['chosen:u:/k/omar.pub.pem'])
    await screen.click(screen.find('button', 'Certificates and time'))
    const at = document.querySelector<HTMLInputElement>('input[placeholder=now]')!
    await screen.type(at, 'tomorrow')
    await screen.press(at, 'Enter')
    expect(screen.text()).toContain('Write a moment such as')
    expect(inspected.at(-1)?.at).toBeUndefined()
    await screen.type(at, '2026-11-29')
    await screen.press(at, 'Enter')
    await screen.click(screen.find('button', 'Add a list of revoked certificates'))
    await screen.settle(60)
    expect(inspected.at(-1)).toMatchObject({
      at: '2026-11-29',
      revocationListPaths: ['chosen:t:/k/vera.pub.pem', 'chosen:u:/k/omar.pub.pem']
    })
    expect(screen.find('button', /Certificates and time/).textContent).toContain('3 set')
  })
})
