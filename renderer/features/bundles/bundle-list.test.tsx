import { afterEach, expect, it } from 'vitest'
import { Sha256 } from '../../../main/model/reference'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { BundleList } from './bundle-list'

const digest = Sha256.parse('a'.repeat(64))
const exported = (id: string) => ({
  ...{ id, model: 'tides', version: 1, path: `/w/exports/${id}.drydock`, available: true, size: 10, createdAt: '2026-03-01T10:00:00.000Z' },
  ...{ rootSha256: digest, signatureSha256: digest, signer: 'Ada', fingerprint: digest }
})
const stranger = { decision: 'approve' as const, name: 'Chief Risk Officer', meaning: 'approver' as const, keyFingerprint: digest }

let screen: RenderedScreen
afterEach(() => screen.unmount())

it('shows who decided about an export, strangers apart, and a key that nobody here owns; takes in what came back', async () => {
  const taken: string[][] = []
  screen = await renderWithHost(
    <BundleList />,
    {
      bundles: {
        list: () => [exported('first'), { ...exported('second'), signer: 'key 1234', unowned: true as const, available: false }],
        decisions: () => [
          {
            ...{ id: 'first', model: 'tides', version: 1, approvedBy: ['Vera', 'Omar'], rejectedBy: ['Uma'], releasedBy: [] },
            ...{ unknown: [stranger], remarks: ['Not listed: 3 decisions.'], lost: 2 }
          }
        ],
        takeDecisions: ({ paths }) => {
          taken.push(paths)
          return { kept: 1, known: 0, notKept: { count: 3, reason: '3 decisions by a key of nobody here' }, about: ['tides@1'] }
        }
      }
    },
    { openFiles: () => Promise.resolve(['chosen:t:/back.drydock', 'chosen:u:/omar.dsse.json']) }
  )
  await screen.shows('approved by 2, rejected by 1; 1 unknown signer')
  expect(screen.text()).toContain("key 1234: nobody's here")
  for (const place of ['Available', 'Not there']) expect(screen.text()).toContain(place)
  await screen.click([...document.querySelectorAll('[role=row]')].find((row) => row.textContent?.includes('approved by 2'))!)
  await screen.shows('Not listed: 3 decisions.')
  expect(screen.text()).toContain('Not counted: 2 decisions on the record')
  await screen.click(screen.find('button', 'Bring back decisions'))
  await screen.settle(60)
  expect(taken).toEqual([['chosen:t:/back.drydock', 'chosen:u:/omar.dsse.json']])
  expect(screen.text()).toContain('1 decision on tides@1 kept. Not kept: 3 decisions by a key of nobody here.')
})
