import { contract } from '../../../preload/contract'
import type { Application } from '../../core/application'
import { WorkbenchError } from '../../model/errors'
import type { WorkspaceSummary } from '../../model/workspace'
import { handlers, type WindowHandlers } from '../handlers'
import type { Attachment, Held } from './attachment'
import { forwardCall, forwardHandlers } from './forward'

/** What answers a window: the workspace that is open here, or the program that has it open. */
export function windowHandlers(app: Application, attachment: Attachment): WindowHandlers {
  const forwarded = forwardHandlers(handlers, attachment)
  const { status } = handlers.workspace
  const ofHolder = async ({ client, pid }: Held) => {
    const { workspace, warnings } = await client.workspace.status({})
    const damaged = app.damaged && { directory: app.damaged.directory, message: app.damaged.message }
    return { workspace, holder: { pid }, ...(warnings && { warnings }), ...(damaged && { damaged }) }
  }
  return {
    ...forwarded,
    workspace: {
      ...forwarded.workspace,
      status: forwardCall(contract.workspace.status, status, ofHolder, attachment),
      open: ({ directory }) => attachment.open(directory),
      async close() {
        await attachment.close()
        return null
      },
      async setTrust({ directory, trusted }) {
        const folder = await app.setTrust(directory, trusted)
        const held = await attachment.present()
        return held && app.workspace === null ? heeded(held, folder) : folder
      }
    }
  }
}

/** Tells the holder of a workspace that it is trusted now, or is not any more. Throws CONFLICT where it goes on as it was opened. */
async function heeded({ client, pid, directory }: Held, folder: WorkspaceSummary): Promise<WorkspaceSummary> {
  const { workspace } = await client.workspace.status({})
  if (workspace?.id !== folder.id || (await client.holder.heedTrust({})).heeds !== 'later') return folder
  throw new WorkbenchError(
    'CONFLICT',
    folder.restricted
      ? `That is kept, and no new run or step starts. In runs of the Drydock that has the workspace open (process ${pid}) the steps that work now end, and the others wait; cancel the runs to end them now.`
      : `That is kept. The Drydock that has the workspace open (process ${pid}) goes on as it opened it, restricted; when it ends, this window opens the workspace anew.`,
    { details: { directory, pid } }
  )
}
