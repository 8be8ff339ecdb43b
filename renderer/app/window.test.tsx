import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { PipelineDocument } from '../../main/model/pipeline'
import type { StepRun } from '../../main/model/pipeline-run'
import { PipelineRunId, Sha256 } from '../../main/model/reference'
import { renderPlain, renderWithHost, type RenderedScreen, type SomeHandlers } from '../host/testing'
import { registerActions, useActions } from '../ui'
import { App } from './app'
import { loadAllAreas } from './areas'
import { ErrorBoundary } from './error-boundary'
import { handleShortcut } from './shortcuts'
import { resolveTheme } from './theme'

const summary = {
  format: 'drydock.workspace' as const,
  version: 1,
  id: 'w1',
  name: 'Claims',
  createdAt: '2026-01-01T00:00:00.000Z',
  sample: false,
  restricted: false,
  directory: '/data/claims'
}
const launch = { sample: false, platform: 'linux', electron: '' }
const bridge = { launch, onAction: () => {} }

function handlersFor(state: { open: boolean; theme?: 'light' | 'dark'; saved?: unknown[] }): SomeHandlers {
  const waitForEnd = (signal: AbortSignal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  return {
    system: {
      preferences: () => ({ theme: state.theme ?? 'light', reopenLast: false }),
      setPreferences: (input) => {
        state.saved?.push(input)
        if (input.theme === 'light' || input.theme === 'dark') state.theme = input.theme
        return { theme: state.theme ?? 'light', reopenLast: false }
      },
      async *changes(_input, { signal }) {
        yield { topics: [] }
        await waitForEnd(signal)
        return null
      }
    },
    workspace: {
      status: () => ({ workspace: state.open ? summary : null }),
      open: () => {
        state.open = true
        return summary
      },
      recent: () => [{ id: 'claims', directory: '/data/claims', name: 'Claims', openedAt: '2026-01-02T00:00:00.000Z', available: true }],
      sampleDefault: () => ({ directory: '/data/sample', exists: false }),
      events: () => ({ total: 3, intact: true, heldBy: null, events: [] })
    },
    people: { list: () => [] },
    jobs: {
      async *watchActive(_input, { signal }) {
        yield []
        await waitForEnd(signal)
        return {}
      },
      list: () => ({ jobs: [], total: 0 })
    }
  }
}

let screen: RenderedScreen | undefined
beforeEach(() => {
  window.localStorage.clear()
  window.location.hash = ''
})
// A page that is still being read when this file ends could not be read by any file after it.
beforeAll(loadAllAreas, 60_000)
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
})

describe('the window', () => {
  it('shows a workspace that does not open with what was found, and what was lost in one that does', async () => {
    const handlers = handlersFor({ open: false })
    const report = { directory: '/d', name: null, sound: false, opens: false, ways: [], checked: {}, findings: [] }
    let status: object = { workspace: null, damaged: { directory: '/data/claims', message: 'The ledger is damaged.' } }
    const shown = { ...handlers, workspace: { ...handlers.workspace, status: () => status, examineDamaged: async () => report } }
    screen = await renderWithHost(<App bridge={bridge} />, shown as never)
    await screen.shows('This workspace cannot be opened')
    await screen.shows('The ledger is damaged.')
    await screen.unmount()
    status = { workspace: summary, warnings: ['3 entries of the record are gone.'] }
    screen = await renderWithHost(<App bridge={bridge} />, shown as never)
    await screen.shows('3 entries of the record are gone.')
    await screen.click(screen.find('button', 'I have read this'))
    await screen.gone('3 entries of the record are gone.')
    expect(screen.text()).not.toContain('This workspace cannot be opened')
  })
  it('welcomes without a workspace and opens a recent one', async () => {
    const state = { open: false }
    screen = await renderWithHost(<App bridge={bridge} />, handlersFor(state))
    await screen.shows('Recent workspaces')
    await screen.click(screen.find('button', /^Claims/))
    await screen.shows('Record consistent')
    expect(state.open).toBe(true)
    expect(screen.text()).not.toContain('Recent workspaces')
  })

  it('says that another program has the workspace open, as long as that is so', async () => {
    const handlers = handlersFor({ open: true })
    let pid: number | undefined = 4711
    const status = () => ({ workspace: summary, ...(pid && { holder: { pid } }) })
    handlers.workspace = { ...handlers.workspace, status }
    handlers.system = {
      ...handlers.system,
      async *changes(_input, { signal }) {
        while (pid) await new Promise((resolve) => setTimeout(resolve, 20))
        yield { topics: ['*'] }
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        return null
      }
    }
    screen = await renderWithHost(<App bridge={bridge} />, handlers)
    await screen.shows('Through process 4711')
    pid = undefined
    await screen.gone('Through process 4711')
    expect(screen.text()).toContain('Claims')
  })

  it('of a workspace that is not trusted shows what would run in it, and trusts it only when asked to', async () => {
    const handlers = handlersFor({ open: true })
    let restricted = true
    handlers.workspace = {
      ...handlers.workspace,
      status: () => ({ workspace: { ...summary, restricted } }),
      setTrust: ({ trusted }) => ({ ...summary, restricted: (restricted = !trusted) })
    }
    const run = {
      id: PipelineRunId.parse('6f1f2c52-6c58-4b3c-9a08-2f4fd6a3f4a1'),
      pipeline: 'nightly',
      version: Sha256.parse('a'.repeat(64)),
      title: 'Nightly',
      state: 'running' as const,
      createdAt: '2026-01-01T00:00:00.000Z',
      ...{ startedAt: null, finishedAt: null, targetStep: null, counts: {}, cachedSteps: 0, failure: null }
    }
    const step = (id: string, state: 'succeeded' | 'waiting'): StepRun => ({
      ...{ stepId: id, type: 'script', title: id, state, cached: false, reason: '', changes: [], cacheKey: null, startedAt: null },
      ...{
        finishedAt: null,
        duration: null,
        progress: { fraction: null, message: '', etaSeconds: null },
        failure: null,
        waitingFor: null,
        attempts: [],
        inputs: [],
        outputs: []
      }
    })
    handlers.pipelines = {
      runs: () => ({ runs: [run], total: 1 }),
      getRun: () => ({
        ...run,
        parameters: {},
        steps: [step('fetch', 'succeeded'), step('send', 'waiting')],
        document: PipelineDocument.parse({
          schema: 'drydock.pipeline',
          version: 1,
          name: 'nightly',
          steps: [
            { id: 'fetch', type: 'script', parameters: { command: ['fetch-it'] } },
            { id: 'send', type: 'script', parameters: { command: ['send-it', '--all'] } }
          ]
        })
      })
    }
    screen = await renderWithHost(<App bridge={bridge} />, handlers)
    await screen.shows('This workspace is restricted')
    await screen.click(screen.find('button', 'Show what would run'))
    await screen.shows('send-it')
    expect(document.body.textContent).not.toContain('fetch-it')
    expect(restricted).toBe(true)
    await screen.click(screen.find('button', 'Trust this workspace'))
    await screen.gone('This workspace is restricted')
    expect(restricted).toBe(false)
  })

  it('keeps making the sample when its workspace opens on the way, and ends on it', async () => {
    const state = { open: false }
    const handlers = handlersFor(state)
    let finish = () => {}
    let cancelled = false
    handlers.system = {
      ...handlers.system,
      async *changes(_input, { signal }) {
        while (!signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, 20))
          if (state.open) yield { topics: ['*'] }
        }
        return null
      }
    }
    handlers.workspace = {
      ...handlers.workspace,
      async *createSample(_input, { signal }) {
        signal.addEventListener('abort', () => (cancelled = true))
        state.open = true
        yield { stage: 'train', title: 'Training the model', detail: '', fraction: 0.5 }
        await new Promise<void>((resolve) => {
          finish = resolve
          signal.addEventListener('abort', () => resolve())
        })
        return { workspace: summary, bundle: '', publicKey: '', report: '', figures: {}, seconds: 1 }
      }
    }
    screen = await renderWithHost(<App bridge={{ ...bridge, launch: { ...launch, sample: true } }} />, handlers)
    await screen.shows('Training the model')
    await screen.settle(200)
    expect(screen.find('button', /^Claims/)).toBeTruthy()
    expect(cancelled).toBe(false)
    expect(screen.text()).toContain('Recent workspaces')
    finish()
    await screen.gone('Recent workspaces')
    expect(cancelled).toBe(false)
    expect(screen.text()).toContain('Record consistent')
  })

  it('finds an action in the palette by its words, runs it, and the theme is saved', async () => {
    const saved: unknown[] = []
    screen = await renderWithHost(<App bridge={bridge} />, handlersFor({ open: true, saved }))
    await screen.shows('Record consistent')
    await screen.press(document.body, 'k', { ctrlKey: true })
    await screen.settle(50)
    const input = document.querySelector<HTMLInputElement>('[cmdk-input]')
    if (!input) throw new Error('The palette did not open.')
    await screen.type(input, 'dark theme')
    await screen.press(input, 'Enter')
    await screen.settle(120)
    expect(saved).toEqual([{ theme: 'dark', reopenLast: false }])
    expect(document.documentElement.dataset['theme']).toBe('dark')
    expect(document.querySelector('[cmdk-input]')).toBeNull()
  })

  it('shows the keys with ?', async () => {
    screen = await renderWithHost(<App bridge={bridge} />, handlersFor({ open: true }))
    await screen.shows('Record consistent')
    await screen.press(document.body, '?')
    await screen.settle(50)
    expect(screen.find('dialog', /Keys/).textContent).toContain('Move to the next panel')
  })
})

describe('the navigation', () => {
  const rail = () => document.querySelector('nav[aria-label="Areas"]')!
  const groups = () =>
    [...rail().querySelectorAll('[role="group"]')].map((group) => [
      document.getElementById(group.getAttribute('aria-labelledby') ?? '')?.textContent,
      ...[...group.querySelectorAll('a')].map((link) => link.textContent)
    ])

  it('shows the areas in their groups and no group without areas', async () => {
    screen = await renderWithHost(<App bridge={bridge} />, handlersFor({ open: true }))
    await screen.shows('Record consistent')
    expect(groups()).toEqual([
      ['Data', 'Datasets', 'Features'],
      ['Build', 'Pipelines', 'Jobs'],
      ['Compare', 'Experiments'],
      ['Govern', 'Models', 'Policies', 'Bundles']
    ])
    expect(
      [...rail().querySelectorAll('a')].map((link) => link.textContent).filter((_, index, all) => index % (all.length - 1) === 0)
    ).toEqual(['Overview', 'Settings'])
    expect(rail().querySelector('[aria-current="page"]')?.textContent).toBe('Overview')
  })

  it('offers before a workspace is open only what works without one', async () => {
    screen = await renderWithHost(<App bridge={bridge} />, handlersFor({ open: false }))
    await screen.shows('Recent workspaces')
    expect(groups()).toEqual([['Govern', 'Bundles']])
  })

  it('goes to a group with Ctrl and its number, and with the same keys on to its next area', async () => {
    screen = await renderWithHost(<App bridge={bridge} />, handlersFor({ open: true }))
    await screen.shows('Record consistent')
    const press = async (key: string) => {
      await screen!.press(document.body, key, { ctrlKey: true })
      await screen!.settle(20)
      return window.location.hash
    }
    const walk: string[] = []
    for (const key of ['2', '2', '2', '3', '4', '5', '1', '1']) walk.push(await press(key))
    expect(walk).toEqual(['#/pipelines', '#/jobs', '#/pipelines', '#/experiments', '#/models', '#/models', '#/data', '#/features'])
  })

  it('shows the overview for an address that nobody knows', async () => {
    window.location.hash = '#/nonsense/1'
    screen = await renderWithHost(<App bridge={bridge} />, handlersFor({ open: true }))
    await screen.shows('Record consistent')
    expect(rail().querySelector('[aria-current="page"]')?.textContent).toBe('Overview')
  })
})

describe('themes', () => {
  it('follow the system unless forced', () => {
    expect(resolveTheme('system', { dark: true, contrast: false })).toBe('dark')
    expect(resolveTheme('system', { dark: false, contrast: true })).toBe('contrast')
    expect(resolveTheme('light', { dark: true, contrast: true })).toBe('light')
  })
})

describe('shortcuts', () => {
  const press = (key: string, extra: KeyboardEventInit = {}, target: Element = document.body) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...extra })
    Object.defineProperty(event, 'target', { value: target })
    return handleShortcut(event)
  }
  it('run actions, but plain keys not while one types', () => {
    const run = vi.fn<() => void>()
    const remove = registerActions([
      { id: 't.plain', title: 'Compare', group: 'T', keys: 'x', run },
      { id: 't.off', title: 'Off', group: 'T', keys: 'Mod+E', isAvailable: () => false, run }
    ])
    expect(press('x', {}, document.createElement('input'))).toBe(false)
    expect(press('x')).toBe(true)
    expect(press('e', { ctrlKey: true })).toBe(false)
    remove()
    expect(press('x')).toBe(false)
    expect(run).toHaveBeenCalledOnce()
  })

  it('always run the newest closure of a screen', async () => {
    const seen: number[] = []
    let version = 1
    const Part = () => {
      const mine = version
      useActions([{ id: 't.part', title: 'Part', group: 'T', keys: 'p', run: () => seen.push(mine) }])
      return null
    }
    screen = await renderPlain(<Part />)
    press('p')
    version = 2
    await screen.unmount()
    screen = await renderPlain(<Part />)
    press('p')
    expect(seen).toEqual([1, 2])
    await screen.unmount()
    screen = undefined
    expect(press('p')).toBe(false)
  })
})

describe('error boundary', () => {
  it('keeps a defect inside the page', async () => {
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => {})
    const Bad = (): never => {
      throw new Error('index out of range')
    }
    screen = await renderPlain(
      <ErrorBoundary resetKey="a">
        <Bad />
      </ErrorBoundary>
    )
    expect(screen.text()).toContain('This page stopped because of a defect')
    expect(screen.text()).toContain('index out of range')
    quiet.mockRestore()
  })
})
