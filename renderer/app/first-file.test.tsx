import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { datasetDetail } from '../../main/testing/sample-datasets'
import { base, preview } from '../features/data/data-area.fixture'
import { dataStore } from '../features/data/data-store'
import { renderWithHost, type RenderedScreen, type SomeHandlers } from '../host/testing'
import { App } from './app'
import { loadAllAreas } from './areas'

const launch = { sample: false, platform: 'linux', electron: '' }
const workspace = {
  format: 'drydock.workspace' as const,
  ...{ version: 1, id: 'w-new', name: 'claims 2026 2', createdAt: '2026-01-01T00:00:00.000Z', sample: false, restricted: false },
  directory: '/docs/claims-2026-2'
}

/** A host on which nothing is open, and what was asked of it. */
function emptyHost() {
  const asked: Record<string, unknown> = {}
  let isOpen = false
  const waitForEnd = (signal: AbortSignal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  const handlers: SomeHandlers = {
    ...base({
      list: () => [],
      get: ({ ref }) => datasetDetail(ref),
      previewImport: ({ path }) => preview(path),
      rows: () => ({ columns: [], rows: [], total: 0, offset: 0 }) as never,
      async *import({ path, options }) {
        asked['import'] = path
        yield { fraction: 0.5, message: 'Reading' }
        const { versions: _versions, version, ...dataset } = datasetDetail(options.name)
        return { dataset, version, created: true }
      }
    }),
    workspace: {
      status: () => ({ workspace: isOpen ? workspace : null }),
      recent: () => [{ id: 'c', directory: '/docs/claims-2026', name: 'Claims', openedAt: '2026-01-02T00:00:00.000Z', available: true }],
      sampleDefault: () => ({ directory: '/docs/sample', exists: false }),
      create: (input) => {
        asked['create'] = input
        isOpen = true
        return workspace
      },
      events: () => ({ total: 1, intact: true, heldBy: null, events: [] })
    },
    quality: {
      list: () => [],
      async *run(input, { signal }) {
        asked['quality'] = input
        yield { fraction: 0.2, message: 'Reading the rows' }
        await waitForEnd(signal)
        throw Object.assign(new Error('The check was cancelled.'), { code: 'CANCELLED' })
      }
    },
    people: { list: () => [] },
    system: { preferences: () => ({ theme: 'light', reopenLast: false }) },
    jobs: {
      async *watchActive(_input, { signal }) {
        yield []
        await waitForEnd(signal)
        return {}
      },
      list: () => ({ jobs: [], total: 0 })
    }
  }
  return { handlers, asked }
}

let screen: RenderedScreen | undefined
// As the window does when it is idle: what takes files is there before a person has chosen one.
beforeAll(loadAllAreas, 60_000)
beforeEach(() => {
  window.localStorage.clear()
  window.location.hash = ''
  dataStore.setState(dataStore.getInitialState(), true)
})
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
})

describe('the first screen', () => {
  it('has three doors; the file leads through a workspace with a name and place to its report, which is made at once', async () => {
    const { handlers, asked } = emptyHost()
    const bridge = { launch, onAction: () => {} }
    screen = await renderWithHost(<App bridge={bridge} />, handlers, { openFiles: async () => ['chosen:t1:/in/claims_2026.csv'] })
    await screen.shows('Recent workspaces')
    for (const door of ['Open my file', 'Try the sample', 'Check a bundle I received']) expect(screen.find('button', door)).toBeTruthy()
    expect(screen.text()).not.toMatch(/\brole|passphrase|\bkey\b/i)

    await screen.click(screen.find('button', 'Open my file'))
    await screen.shows('A workspace for claims_2026.csv')
    // There is a folder of the plain name already.
    await screen.shows('The folder will be /docs/claims-2026-2')
    await screen.click(screen.find('button', 'Create it and look at the file'))
    await screen.shows('Import claims_2026.csv')
    expect(asked['create']).toEqual({ directory: 'documents:', folder: 'claims-2026-2', name: 'claims 2026 2' })

    await screen.shows('1 row does not parse')
    await screen.click(screen.find('button', 'Import'))
    await screen.shows('Checking strikes')
    expect(window.location.hash).toBe('#/data/strikes?tab=quality')
    expect(asked).toMatchObject({
      import: 'chosen:t1:/in/claims_2026.csv',
      quality: { ref: datasetDetail('strikes').version.ref, options: {} }
    })
  })

  it('goes on from a bundle that was received to its review, and to the other ways to name one where no file was chosen', async () => {
    const { handlers } = emptyHost()
    let chosen: string[] | null = null
    screen = await renderWithHost(<App bridge={{ launch, onAction: () => {} }} />, handlers, { openFiles: async () => chosen })
    await screen.shows('Recent workspaces')
    await screen.click(screen.find('button', 'Check a bundle I received'))
    await screen.settle()
    expect(window.location.hash).toBe('#/bundles/review')
    await screen.unmount()
    window.location.hash = ''
    chosen = ['chosen:t2:/in/model.drydock']
    screen = await renderWithHost(<App bridge={{ launch, onAction: () => {} }} />, handlers, { openFiles: async () => chosen })
    await screen.shows('Recent workspaces')
    await screen.click(screen.find('button', 'Check a bundle I received'))
    await screen.settle()
    expect(window.location.hash).toBe('#/bundles/review?path=chosen%3At2%3A%2Fin%2Fmodel.drydock')
  })
})
