import { afterEach, describe, expect, it } from 'vitest'
import type { DoctorReport, RecoveryReport } from '../../../main/model/recovery'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { RecoveryPage } from './recovery-page'

let screen: RenderedScreen | undefined
afterEach(() => screen?.unmount())

const checked = { tables: 33, events: 20, objects: 27, dataFiles: 4, references: 30, bytes: 100 }
const report: DoctorReport = {
  directory: '/w/mine',
  name: null,
  sound: false,
  opens: false,
  findings: [{ area: 'workspace file', severity: 'damage', subject: 'drydock.json', message: 'It is empty.', way: 'repair' }],
  ways: ['repair', 'restore'],
  checked
}
const repaired: RecoveryReport = {
  directory: '/w/mine',
  opens: true,
  mended: [{ subject: 'drydock.json', message: 'Written anew from the record in the ledger.' }],
  lost: [{ subject: 'run_metric', message: '3 rows are lost' }],
  tables: [],
  aside: '/w/mine/aside/now',
  now: { ...report, sound: true, opens: true, findings: [] }
}
const progress = { fraction: null, message: 'Working' }
const os = { openFolder: async () => 'chosen:t:/w', openFiles: async () => ['chosen:b:/b.drydock-backup'] }

describe('a workspace that does not open', () => {
  it('shows what was found, repairs on a click, says what is lost and opens what is left', async () => {
    const asked: unknown[] = []
    screen = await renderWithHost(<RecoveryPage directory="/w/mine" message="drydock.json is not JSON." />, {
      workspace: {
        examineDamaged: async function* () {
          yield { fraction: null, message: 'Reading the ledger' }
          return report
        },
        repairDamaged: async function* (input) {
          asked.push(input)
          yield { fraction: null, message: 'Copying' }
          return repaired
        },
        openMended: () => {
          asked.push('opened')
          return {
            format: 'drydock.workspace',
            version: 1,
            id: 'w',
            name: 'Mine',
            createdAt: '',
            sample: false,
            directory: '/w/mine'
          } as never
        },
        leaveDamaged: () => null
      }
    })
    await screen.shows('drydock.json is not JSON.')
    await screen.shows('It is empty.')
    await screen.click(screen.find('button', /^Repair$/))
    await screen.shows('3 rows are lost')
    await screen.shows('/w/mine/aside/now')
    await screen.click(screen.find('button', 'Open the workspace'))
    await screen.settle()
    expect(asked).toEqual([{}, 'opened'])
  })

  it('salvages and restores into a new folder beside what was chosen', async () => {
    const asked: unknown[] = []
    const handlers = {
      workspace: {
        examineDamaged: async function* () {
          yield progress
          return report
        },
        salvageDamaged: async function* (input: unknown) {
          asked.push(input)
          yield progress
          return { ...repaired, opens: false }
        },
        restoreBackup: async function* (input: unknown) {
          asked.push(input)
          yield progress
          return { ...report, directory: '/w/mine restored', sound: true, opens: true, findings: [] }
        }
      }
    }
    screen = await renderWithHost(<RecoveryPage directory="/w/mine" message="Damaged." />, handlers as never, os)
    await screen.shows('It is empty.')
    await screen.click(screen.find('button', 'Salvage'))
    await screen.shows('No workspace that opens is left')
    await screen.click(screen.find('button', 'Choose a backup'))
    await screen.shows('The backup is restored')
    expect(asked).toEqual([
      { directory: 'chosen:t:/w', folder: 'mine salvaged' },
      { backup: 'chosen:b:/b.drydock-backup', directory: 'chosen:t:/w', folder: 'mine restored' }
    ])
    expect(screen.find('button', 'Open the workspace')).toBeTruthy()
  })
})
