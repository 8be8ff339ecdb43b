import { QueryClientProvider } from '@tanstack/react-query'
import { act, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { contract, type DrydockContract } from '../../preload/contract'
import { createClient, createMemoryTransport, createServer, type Handlers, type OsCalls } from '../../preload/wire'
import { TooltipProvider, ToastProvider } from '../ui'
import { createFixedConnection } from './connection'
import { HostProvider } from './provider'
import { createQueryCache } from './query-cache'

/** For tests of screens in jsdom: handlers for the paths the screen uses, over the real wire and its validation. */
export type SomeHandlers = { [F in keyof DrydockContract]?: Partial<Handlers<DrydockContract, undefined>[F]> }

export interface RenderedScreen {
  container: HTMLElement
  /** Waits until the document shows a text, at most three seconds. */
  shows: (text: string | RegExp) => Promise<void>
  /** Waits until a text is no longer shown, at most three seconds. */
  gone: (text: string) => Promise<void>
  /** Lets answers arrive and effects run. */
  settle: (milliseconds?: number) => Promise<void>
  press: (target: Element, key: string, modifiers?: { shiftKey?: boolean; ctrlKey?: boolean; altKey?: boolean }) => Promise<void>
  click: (target: Element, modifiers?: { shiftKey?: boolean; ctrlKey?: boolean }) => Promise<void>
  type: (target: HTMLInputElement | HTMLTextAreaElement, text: string) => Promise<void>
  /** The first element whose role and accessible name (aria-label or text) match. */
  find: (role: string, name: string | RegExp) => HTMLElement
  text: () => string
  unmount: () => Promise<void>
}

const noOs: OsCalls = {
  openFiles: async () => null,
  openFolder: async () => null,
  saveFile: async () => null,
  placeOfDroppedFile: async () => null,
  showInFolder: async () => {},
  openReport: async () => {},
  setTheme: async () => {},
  restartHost: async () => {},
  restartProgram: async () => {}
}

/** jsdom has no layout: every element is said to be 1,000 x 600 px, so that virtualised lists draw their first rows. */
export function stubLayout(): void {
  const size = { offsetWidth: 1000, offsetHeight: 600, clientWidth: 1000, clientHeight: 600 }
  for (const [name, value] of Object.entries(size))
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value })
  const root = globalThis as unknown as Record<string, unknown>
  root['ResizeObserver'] ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  root['IS_REACT_ACT_ENVIRONMENT'] = true
  HTMLCanvasElement.prototype.getContext = () => null
  Element.prototype.scrollIntoView ??= () => {}
  // CodeMirror measures text; without boxes it draws nothing and complains.
  Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList
  Element.prototype.scrollTo ??= (() => {}) as typeof Element.prototype.scrollTo
  window.matchMedia ??= ((query: string) => ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {}
  })) as unknown as typeof window.matchMedia
}

/** Renders inside the providers of the window, without a host: for components that only show. */
export async function renderPlain(element: ReactNode): Promise<RenderedScreen> {
  return mount(element)
}

/** Renders a screen against the given handlers. */
export async function renderWithHost(element: ReactNode, handlers: SomeHandlers, os: Partial<OsCalls> = {}): Promise<RenderedScreen> {
  const transport = createMemoryTransport()
  const server = createServer(contract, handlers as Handlers<DrydockContract, undefined>, undefined, transport.server, {
    validateOutputs: true
  })
  const connection = createFixedConnection(createClient(contract, transport.client), { ...noOs, ...os })
  const cache = createQueryCache()
  const screen = await mount(
    <HostProvider connection={connection} cache={cache}>
      {element}
    </HostProvider>
  )
  return {
    ...screen,
    unmount: async () => {
      await screen.unmount()
      cache.clear()
      transport.disconnect()
      await server.close()
    }
  }
}

async function mount(element: ReactNode): Promise<RenderedScreen> {
  stubLayout()
  const container = document.createElement('div')
  document.body.append(container)
  const root = createRoot(container)
  // Time alone says nothing on a busy machine, where one turn of the event loop may take all of it: so many turns must pass as well.
  const settle = async (milliseconds = 30) => {
    for (let turn = 0; turn < 8; turn++) await act(() => new Promise<void>((resolve) => setTimeout(resolve, milliseconds / 8)))
  }
  await act(async () =>
    root.render(
      <QueryClientProvider client={createQueryCache()}>
        <ToastProvider>
          <TooltipProvider>{element}</TooltipProvider>
        </ToastProvider>
      </QueryClientProvider>
    )
  )
  await settle()
  const nameOf = (candidate: Element) => candidate.getAttribute('aria-label') ?? candidate.textContent ?? ''
  const implicit: Record<string, string> = { button: 'button', heading: 'h1, h2, h3', textbox: 'input, textarea', link: 'a[href]' }
  return {
    container,
    settle,
    shows: async (text) => {
      const isThere = () =>
        typeof text === 'string' ? document.body.textContent?.includes(text) : text.test(document.body.textContent ?? '')
      for (let waited = 0; waited < 3000 && !isThere(); waited += 20) await settle(20)
      if (!isThere()) throw new Error(`Not shown: ${String(text)}. Shown: ${document.body.textContent}`)
    },
    gone: async (text) => {
      for (let waited = 0; waited < 3000 && document.body.textContent?.includes(text); waited += 20) await settle(20)
      if (document.body.textContent?.includes(text)) throw new Error(`Still shown: ${text}`)
    },
    press: async (target, key, modifiers = {}) => {
      await act(async () => void target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers })))
      await settle(0)
    },
    click: async (target, modifiers = {}) => {
      await act(async () => void target.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...modifiers })))
      await settle(0)
    },
    type: async (target, text) => {
      const prototype = target instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype
      await act(async () => {
        Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(target, text)
        target.dispatchEvent(new Event('input', { bubbles: true }))
      })
      await settle(0)
    },
    find: (role, name) => {
      const candidates = [...document.body.querySelectorAll<HTMLElement>([`[role="${role}"]`, implicit[role]].filter(Boolean).join(', '))]
      const found = candidates.find((candidate) =>
        typeof name === 'string' ? nameOf(candidate).trim() === name : name.test(nameOf(candidate))
      )
      if (!found) throw new Error(`No ${role} named ${String(name)}. There are: ${candidates.map(nameOf).join(' | ')}`)
      return found
    },
    text: () => document.body.textContent ?? '',
    unmount: async () => {
      await act(async () => root.unmount())
      container.remove()
    }
  }
}
