import { Toast as Base } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button'
import { copyText } from './copy-text'
import { StatusIcon, type Status } from './badge'
import { IconButton } from './icon-button'

interface ToastData {
  status: Status
  action?: { label: string; run: () => void }
}
const manager = Base.createToastManager<ToastData>()

export interface ToastOptions {
  status?: Status
  title: string
  text?: ReactNode
  /** For instance `{ label: 'Undo', run }`; the toast closes when it is used. */
  action?: { label: string; run: () => void }
  /** Milliseconds; errors stay until closed. */
  timeout?: number
}

/** Shows a short notice at the bottom right; usable outside React. Returns an id for closeToast. */
export function showToast({ status = 'info', title, text, action, timeout }: ToastOptions): string {
  return manager.add({
    title,
    description: text,
    timeout: timeout ?? (status === 'error' ? 0 : action ? 10_000 : 5_000),
    priority: status === 'error' ? 'high' : 'low',
    data: { status, action }
  })
}

/** Puts a text on the clipboard and says with `title` that it is there, or else that the clipboard is not available. */
export async function copyAndTell(copied: string, title: string, text?: ReactNode): Promise<void> {
  const done = await copyText(copied)
  showToast(done ? { status: 'ok', title, text } : { status: 'warn', title: 'The clipboard is not available now.' })
}

export function closeToast(id: string): void {
  manager.close(id)
}

/** Placed once by app/ around the window. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={4}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed right-4 bottom-12 z-50 flex w-90 max-w-[calc(100vw-32px)] flex-col gap-2 outline-none">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}

function ToastList() {
  const { toasts, close } = Base.useToastManager<ToastData>()
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      swipeDirection="right"
      className="rounded-md border bg-surface-1 shadow-float transition-opacity data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Base.Content className="flex items-start gap-2 p-3">
        <StatusIcon status={toast.data?.status ?? 'info'} className="mt-0.5" />
        <div className="min-w-0 flex-1" data-selectable>
          <Base.Title className="font-medium [overflow-wrap:anywhere]" />
          <Base.Description className="text-caption [overflow-wrap:anywhere] text-muted" />
        </div>
        {toast.data?.action && (
          <Button
            size="sm"
            onClick={() => {
              toast.data?.action?.run()
              close(toast.id)
            }}
          >
            {toast.data.action.label}
          </Button>
        )}
        {/* Toasts are never stacked here, so the button is always in reach; the library hides it until the pile is open. */}
        <Base.Close aria-hidden={false} render={<IconButton icon={X} label="Close" size="sm" className="-mt-1 -mr-1" />} />
      </Base.Content>
    </Base.Root>
  ))
}
