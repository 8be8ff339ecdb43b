import { act } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { contract } from '../../preload/contract'
import { createMemoryTransport, createServer, type Handlers, type HostState, type WirePort } from '../../preload/wire'
import { renderPlain, renderWithHost, stubLayout, type RenderedScreen, type SomeHandlers } from './testing'
import {
  createConnection,
  HostProvider,
  useConnectionState,
  useHostCommand,
  useHostQuery,
  useHostStream,
  useInvalidate,
  usePagedRows
} from '.'

let screen: RenderedScreen | undefined
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
})

describe('host access', () => {
  it('refetches what a command changed, and what the host says has changed', async () => {
    let name = 'one'
    let announce: (topics: string[]) => void = () => {}
    const handlers: SomeHandlers = {
      system: {
        async *changes(_input, { signal }) {
          for (;;) {
            const topics = await new Promise<string[] | null>((resolve) => {
              announce = resolve
              signal.addEventListener('abort', () => resolve(null))
            })
            if (!topics) return null
            yield { topics }
          }
        }
      },
      workspace: {
        recent: () => [{ id: 'a', directory: '/a', name, openedAt: '2026-01-01T00:00:00.000Z', available: true }],
        forget: () => {
          name = 'two'
          return null
        }
      }
    }
    const Part = () => {
      const recent = useHostQuery('workspace.recent', {})
      const forget = useHostCommand('workspace.forget')
      return <button onClick={() => void forget.run({ id: 'a' })}>{recent.data?.[0].name}</button>
    }
    screen = await renderWithHost(<Part />, handlers)
    expect(screen.container.textContent).toBe('one')
    await screen.click(screen.find('button', 'one'))
    await screen.settle(60)
    expect(screen.container.textContent).toBe('two')
    name = 'three'
    announce(['workspace'])
    await screen.settle(120)
    expect(screen.container.textContent).toBe('three')
  })

  it('tells a failed command in words, and gives it back inline when asked', async () => {
    const Part = ({ inline }: { inline: boolean }) => {
      const open = useHostCommand('workspace.open', { inline })
      return <button onClick={() => void open.run({ directory: '/x' })}>{open.error instanceof Error ? open.error.message : 'open'}</button>
    }
    const handlers: SomeHandlers = {
      workspace: {
        open: () => {
          throw Object.assign(new Error('The folder is not a workspace. Nothing was opened. Choose another one.'), { code: 'NOT_FOUND' })
        }
      }
    }
    screen = await renderWithHost(<Part inline />, handlers)
    await screen.click(screen.find('button', 'open'))
    await screen.settle(60)
    expect(screen.container.textContent).toContain('The folder is not a workspace')
    expect(document.querySelector('[role="dialog"]')).toBeNull()
    await screen.unmount()
    screen = await renderWithHost(<Part inline={false} />, handlers)
    await screen.click(screen.find('button', 'open'))
    await screen.settle(60)
    expect(document.body.textContent).toContain('Copy details')
  })

  it('shows progress and cancels a stream', async () => {
    let aborted = false
    const handlers: SomeHandlers = {
      workspace: {
        async *createSample(_input, { signal }) {
          yield { stage: 'import', title: 'Importing', detail: '', fraction: 0.5 }
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
          aborted = true
          throw Object.assign(new Error('stopped'), { code: 'CANCELLED' })
        }
      }
    }
    const Part = () => {
      const sample = useHostStream('workspace.createSample')
      return (
        <button onClick={() => (sample.running ? sample.cancel() : void sample.start({ directory: '/s' }))}>
          {sample.running ? `${sample.latest?.title ?? 'starting'}` : `idle ${String(sample.error)}`}
        </button>
      )
    }
    screen = await renderWithHost(<Part />, handlers)
    await screen.click(screen.find('button', /idle/))
    await screen.settle(60)
    expect(screen.container.textContent).toBe('Importing')
    await screen.click(screen.find('button', 'Importing'))
    await screen.settle(60)
    expect(screen.container.textContent).toBe('idle null')
    expect(aborted).toBe(true)
  })

  it('loads pages where the table looks and forgets them when the subject changes', async () => {
    const asked: number[] = []
    const handlers: SomeHandlers = {
      workspace: {
        events: ({ offset, limit }) => {
          asked.push(offset)
          const events = Array.from({ length: Math.min(limit, 250 - offset) }, (_, index) => ({
            index: offset + index,
            at: '',
            actor: '',
            action: '',
            subject: '',
            detail: {},
            previous: '',
            hash: ''
          }))
          return { total: 250, intact: true, heldBy: null, events }
        }
      }
    }
    let renders = 0
    const Part = () => {
      renders++
      const page = usePagedRows('workspace.events', {
        resetKey: 'a',
        input: (offset, limit) => ({ offset, limit }),
        rows: (output) => output.events,
        total: (output) => output.total
      })
      const invalidate = useInvalidate()
      return (
        <>
          <button onClick={() => page.onVisibleRange(190, 230)}>{`${page.rows.length}:${page.rows.filter(Boolean).length}`}</button>
          <button aria-label="Change" onClick={() => void invalidate(['workspace'])} />
        </>
      )
    }
    screen = await renderWithHost(<Part />, handlers)
    await screen.settle(60)
    expect(screen.container.textContent).toBe('250:100')
    await screen.click(screen.find('button', /250/))
    await screen.settle(60)
    expect(screen.container.textContent).toBe('250:250')
    expect(asked.sort((a, b) => a - b)).toEqual([0, 100, 200])
    // Scrolling over rows that are there loads nothing and draws nothing.
    const before = renders
    await screen.click(screen.find('button', /250/))
    await screen.settle(60)
    expect(renders).toBe(before)
    // A change makes what was loaded untrue: the rows in view are asked for again, each page once.
    asked.length = 0
    await screen.click(screen.find('button', 'Change'))
    await screen.settle(60)
    expect(asked.sort((a, b) => a - b)).toEqual([100, 200])
  })

  it('goes on with the new port after the host was restarted', async () => {
    stubLayout()
    let givePort: (port: WirePort, notice: { reason: 'started' | 'host-restarted'; restarts: number }) => void = () => {}
    let giveState: (state: HostState) => void = () => {}
    const connection = createConnection({
      onPort: (listener) => (givePort = listener),
      onHostState: (listener) => (giveState = listener),
      os: {} as never
    })
    const start = (name: string, reason: 'started' | 'host-restarted') => {
      const transport = createMemoryTransport()
      const handlers: SomeHandlers = {
        workspace: { recent: () => [{ id: 'a', directory: '/a', name, openedAt: '2026-01-01T00:00:00.000Z', available: true }] }
      }
      createServer(contract, handlers as Handlers<typeof contract, undefined>, undefined, transport.server)
      givePort(transport.client, { reason, restarts: 0 })
      giveState('running')
      return transport
    }
    const Part = () => {
      const recent = useHostQuery('workspace.recent', {})
      const state = useConnectionState()
      return <p>{`${state.status} ${String(state.restarted)} ${recent.data?.[0].name ?? ''}`}</p>
    }
    screen = await renderPlain(
      <HostProvider connection={connection} fallback="waiting">
        <Part />
      </HostProvider>
    )
    expect(screen.container.textContent).toBe('waiting')
    const first = await act(async () => start('before', 'started'))
    await screen.settle(60)
    expect(screen.container.textContent).toBe('running false before')
    await act(async () => {
      first.disconnect()
      giveState('restarting')
    })
    expect(screen.container.textContent).toBe('restarting false before')
    await act(async () => void start('after', 'host-restarted'))
    await screen.settle(80)
    expect(screen.container.textContent).toBe('running true after')
  })
})
