import { afterEach, describe, expect, it } from 'vitest'
import type { UpdateReport, UpdateState } from '../../../main/model/update'
import { Sha256 } from '../../../main/model/reference'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { UpdatesTab } from './updates-tab'

let screen: RenderedScreen | undefined
afterEach(() => screen?.unmount())

const fingerprint = Sha256.parse('a'.repeat(64))
const state: UpdateState = {
  version: '0.1.0',
  commit: 'abcdef1234',
  builtAt: '2026-11-01T12:00:00.000Z',
  packaged: true,
  rule: 'user',
  ruleFrom: null,
  keys: [{ name: 'Ours', fingerprint, from: 'program', retiredFrom: null }],
  folder: '/home/ada/.local/share/drydock/program',
  versions: [{ version: '0.1.0', place: 'machine', running: true, next: true, appliedAt: null, by: null }],
  back: null,
  acts: []
}
const report: UpdateReport = {
  path: '/stick/u.drydock-update',
  verdict: 'may-apply',
  summary: 'Version 0.2.0 may be applied in place of 0.1.0.',
  from: { version: '0.1.0', commit: null, ledgerFormat: 14 },
  to: { version: '0.2.0', commit: 'abcdef1', ledgerFormat: 15, builtAt: '2026-11-02T12:00:00.000Z', platform: 'linux-x64' },
  signer: { name: 'Ours', fingerprint },
  newKey: null,
  findings: [{ id: 'signer', status: 'pass', title: 'Signed by Ours', detail: 'It is known.' }],
  changes: '- Faster.',
  workspaces: [{ name: 'Mine', directory: '/w/mine', effect: 'migrates', format: 14 }],
  ways: [
    { for: 'me', open: true, text: 'Into your own folder.' },
    { for: 'machine', open: false, text: 'No package in it.' }
  ]
}
const backup = { workspace: 'Mine', directory: '/w/mine', path: '/b/workspace-1.drydock-backup' }

describe('the updates of the settings', () => {
  it('check a file that was opened, apply it, and restart on a click', async () => {
    const asked: unknown[] = []
    const handlers = {
      updates: {
        state: () => state,
        check: async function* ({ path }: { path: string }) {
          asked.push(path)
          yield { stage: 'Verifying every file', fraction: 0.5 }
          return report
        },
        apply: async function* (input: unknown) {
          asked.push(input)
          yield { stage: 'Unpacking the program', fraction: 0.5 }
          return {
            for: 'me' as const,
            version: '0.2.0',
            from: '0.1.0',
            path: '/p/0.2.0',
            command: null,
            backups: '/b',
            workspaces: [backup]
          }
        }
      }
    }
    screen = await renderWithHost(<UpdatesTab file="chosen:t:/stick/u.drydock-update" />, handlers as never, {
      restartProgram: async () => void asked.push('restart')
    })
    await screen.shows('Version 0.2.0 may be applied')
    await screen.shows('will be migrated')
    expect(screen.text()).toContain('No package in it.')
    await screen.click(screen.find('button', 'Apply for me'))
    await screen.shows('Version 0.2.0 is in place')
    expect(screen.text()).toContain(backup.path)
    await screen.click(screen.find('button', 'Restart'))
    expect(asked).toEqual(['chosen:t:/stick/u.drydock-update', { path: 'chosen:t:/stick/u.drydock-update', for: 'me' }, 'restart'])
  })
  it('go back after a question, and say what to restore', async () => {
    const handlers = {
      updates: { state: () => ({ ...state, back: '0.0.9' }), back: () => ({ from: '0.1.0', to: '0.0.9', restore: [backup] }) }
    }
    screen = await renderWithHost(<UpdatesTab />, handlers as never)
    await screen.shows('No update file is open')
    await screen.click(screen.find('button', 'Back to 0.0.9'))
    await screen.click(screen.find('button', 'Go back to 0.0.9'))
    await screen.shows('Version 0.0.9 starts the next time')
    expect(screen.text()).toContain(backup.path)
  })
  it('say whose rule it is where the administrator has one, and offer nothing then', async () => {
    const locked = { ...state, rule: 'off' as const, ruleFrom: '/etc/drydock/drydock.yaml', back: '0.0.9' }
    screen = await renderWithHost(<UpdatesTab />, { updates: { state: () => locked } } as never)
    await screen.shows('/etc/drydock/drydock.yaml')
    for (const name of ['Check an update file', 'Back to 0.0.9'])
      expect((screen.find('button', name) as HTMLButtonElement).disabled || screen.find('button', name).ariaDisabled === 'true', name).toBe(
        true
      )
  })
})
