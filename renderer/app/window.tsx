import { Anchor } from 'lucide-react'
import type { DrydockBridge } from '../../preload/wire'
import { HostProvider, type HostConnection } from '../host'
import { ToastProvider, TooltipProvider, useDelayed } from '../ui'
import { App } from './app'
import { ErrorBoundary } from './error-boundary'

/** Everything in the window, from the bridge down. */
export function Window({ bridge, connection }: { bridge: DrydockBridge; connection: HostConnection }) {
  return (
    <ErrorBoundary resetKey="window">
      <ToastProvider>
        <TooltipProvider>
          <HostProvider connection={connection} fallback={<Starting />} childrenRefresh>
            <App bridge={bridge} />
          </HostProvider>
        </TooltipProvider>
      </ToastProvider>
    </ErrorBoundary>
  )
}

/** The frame without content, until the host has answered. */
function Starting() {
  const slow = useDelayed(true, 1500)
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-10 shrink-0 items-center border-b bg-surface-0 px-4 font-semibold">Drydock</div>
      <div className="flex min-h-0 flex-1">
        <div className="w-40 shrink-0 border-r bg-surface-0 max-[900px]:w-12" />
        <div role="status" className="flex flex-1 flex-col items-center justify-center gap-2 bg-surface-1 text-muted">
          {slow && (
            <>
              <Anchor aria-hidden className="size-6" strokeWidth={1.5} />
              Starting the workbench
            </>
          )}
        </div>
      </div>
    </div>
  )
}
