import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useRef, type FormEvent, type ReactNode } from 'react'
import { Button } from './button'
import { classNames } from './class-names'
import { IconButton } from './icon-button'

export interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  children?: ReactNode
  /** Buttons, right-aligned: cancel first, the primary one last. */
  footer?: ReactNode
  /** sm 400, md (default) 560, lg 800, xl 1080 px wide. */
  size?: 'sm' | 'md' | 'lg' | 'xl'
  /** Makes the dialog a form: Enter submits it. */
  onSubmit?: () => void
}

const widthClass = { sm: 'w-100', md: 'w-140', lg: 'w-200', xl: 'w-270' }

/** A modal for a short decision. Long work is started from it as a job and does not keep it open. */
export function Dialog({ open, onOpenChange, title, description, children, footer, size = 'md', onSubmit }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null)
  const content = (
    <>
      <header className="flex items-start justify-between gap-4 px-4 pt-3 pb-2">
        <div className="min-w-0">
          <Base.Title className="text-title font-semibold">{title}</Base.Title>
          {description && <Base.Description className="text-muted">{description}</Base.Description>}
        </div>
        <Base.Close render={<IconButton icon={X} label="Close" size="sm" />} />
      </header>
      {children && <div className="min-h-0 flex-1 overflow-y-auto px-4 py-2">{children}</div>}
      {footer && <footer className="flex items-center justify-end gap-2 border-t px-4 py-3">{footer}</footer>}
    </>
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit?.()
  }
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          ref={popup}
          // Not the close button, whose tooltip would take the first Escape. A field with autoFocus still comes first.
          initialFocus={() => (popup.current?.contains(document.activeElement) ? false : popup.current)}
          className={classNames(
            'fixed top-[10vh] left-1/2 z-40 flex max-h-[80vh] max-w-[calc(100vw-32px)] -translate-x-1/2 flex-col rounded-md border bg-surface-1 shadow-float outline-none',
            widthClass[size]
          )}
        >
          {onSubmit ? (
            <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
              {content}
            </form>
          ) : (
            content
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

export interface ConfirmDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** What will happen and how it can be undone. */
  text: ReactNode
  /** A verb and its object: "Move to trash", never "OK". */
  action: string
  danger?: boolean
  loading?: boolean
  onConfirm: () => void
}

export function ConfirmDialog({ open, onOpenChange, title, text, action, danger, loading, onConfirm }: ConfirmDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      size="sm"
      onSubmit={onConfirm}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant={danger ? 'danger' : 'primary'} loading={loading}>
            {action}
          </Button>
        </>
      }
    >
      <div className="text-body" data-selectable>
        {text}
      </div>
    </Dialog>
  )
}
