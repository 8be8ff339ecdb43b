import { act } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import type { Job } from '../../../main/model/job'
import { executionIdOf } from '../../../main/testing/sample-runs'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { JobsPage } from './jobs-page'
import { jobsStore } from './jobs-store'

const job = (name: string, patch: Partial<Job> = {}): Job => ({
  id: executionIdOf(name),
  kind: 'import',
  title: `Import ${name}`,
  state: 'succeeded',
  subject: null,
  createdAt: '2026-03-01T10:00:00.000Z',
  startedAt: '2026-03-01T10:00:01.000Z',
  finishedAt: '2026-03-01T10:00:05.000Z',
  progress: { fraction: 1, message: '', etaSeconds: null },
  waitingFor: null,
  failure: null,
  result: null,
  cancellable: false,
  ...patch
})
const running = (fraction: number) =>
  job('two', { state: 'running', finishedAt: null, cancellable: true, progress: { fraction, message: 'Reading rows', etaSeconds: 12 } })
const failed = job('three', {
  state: 'failed',
  failure: { code: 'INVALID_INPUT', message: 'The file is empty. Nothing was imported. Choose another file.' }
})

async function open(all: Job[], log = 'first line\nsecond line\n') {
  const asked: unknown[] = []
  const cancelled: string[] = []
  let push: (jobs: Job[]) => void = () => {}
  const screen = await renderWithHost(<JobsPage />, {
    jobs: {
      list: async (filter) => {
        asked.push(filter)
        const jobs = all.filter(
          (each) => (!filter.states || filter.states.includes(each.state)) && (!filter.kinds || filter.kinds.includes(each.kind))
        )
        return { jobs: jobs.slice(filter.offset, filter.offset + filter.limit), total: jobs.length }
      },
      get: async ({ id }) => all.find((each) => each.id === id)!,
      async *watchActive(_, { signal }) {
        yield all.filter((each) => each.state === 'running')
        while (!signal.aborted) {
          const next = await new Promise<Job[] | null>((resolve) => {
            push = resolve
            signal.addEventListener('abort', () => resolve(null), { once: true })
          })
          if (next) yield next
        }
        return {}
      },
      async *followLog() {
        yield { text: log, next: log.length, size: log.length }
        return { size: log.length }
      },
      cancel: async ({ id }) => {
        cancelled.push(id)
        return {}
      }
    },
    system: {
      async *changes(_, { signal }) {
        yield { topics: [] }
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
        return null
      }
    }
  })
  return { screen, asked, cancelled, push: (jobs: Job[]) => push(jobs) }
}

let current: RenderedScreen | undefined
afterEach(async () => {
  await current?.unmount()
  current = undefined
  window.location.hash = ''
  jobsStore.setState({ state: 'all', kind: 'all' })
})

describe('the jobs', () => {
  it('are listed with state, progress and cause, and follow what runs', async () => {
    const { screen, push } = await open([running(0.25), failed, job('one')])
    current = screen
    expect(screen.text()).toContain('25%')
    expect(screen.text()).toContain('The file is empty.')
    expect(screen.text()).toContain('1 job running or queued, 3 jobs in all')
    push([running(0.75)])
    await screen.settle(60)
    expect(screen.text()).toContain('75%')
    expect(screen.text()).not.toContain('25%')
  })

  it('show log and failure with the next step, by the keyboard, and the address names the job', async () => {
    const { screen } = await open([failed, job('one')])
    current = screen
    const grid = screen.find('grid', 'Jobs')
    await screen.press(grid, 'j')
    await screen.settle(200)
    expect(window.location.hash).toBe(`#/jobs/${failed.id}`)
    expect(screen.find('alert', /Choose another file/)).toBeTruthy()
    expect(screen.find('log', 'Log of the job').textContent).toContain('second line')
  })

  it('are cancelled', async () => {
    const { screen, cancelled } = await open([running(0.5)])
    current = screen
    await screen.press(screen.find('grid', 'Jobs'), 'j')
    await screen.settle(50)
    await screen.click(screen.find('button', 'Cancel'))
    await screen.settle(50)
    expect(cancelled).toEqual([running(0.5).id])
  })

  it('are filtered by the host, with a way back when nothing matches', async () => {
    const { screen, asked } = await open([job('one')])
    current = screen
    act(() => jobsStore.setState({ state: 'failed', kind: 'export' }))
    await screen.settle(80)
    expect(asked.at(-1)).toMatchObject({ states: ['failed', 'interrupted'], kinds: ['export'] })
    await screen.click(screen.find('button', 'Show all jobs'))
    await screen.settle(80)
    expect(screen.text()).toContain('Import one')
  })

  it('say what belongs here while there are none', async () => {
    const { screen } = await open([])
    current = screen
    expect(screen.find('heading', 'No jobs yet')).toBeTruthy()
    expect(screen.find('button', 'Go to pipelines')).toBeTruthy()
  })
})
