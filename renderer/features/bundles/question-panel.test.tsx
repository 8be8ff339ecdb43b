import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VerificationReport } from '../../../main/model/bundle'
import type { HostInput } from '../../host'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { aReport } from './a-report.fixture'
import { BundlesPage } from './bundles-page'

let screen: RenderedScreen
const inspected: HostInput<'bundles.inspect'>[] = []
beforeEach(() => (inspected.length = 0))
afterEach(() => screen.unmount())

/** The review of a bundle in a window without a workspace. */
async function open(report: VerificationReport, os = {}): Promise<void> {
  window.location.hash = `#/bundles/review?path=${encodeURIComponent('/b/x.drydock')}`
  screen = await renderWithHost(
    <BundlesPage />,
    {
      bundles: {
        file: () => ({ kind: 'text', text: 'hello', size: 5, truncated: false }),
        async *inspect(input) {
          inspected.push(input)
          yield { stage: 'Verifying', fraction: 0.5 }
          return { path: report.path, report, files: [], model: null, demo: false }
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
