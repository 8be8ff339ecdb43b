import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient, type Client } from '../../../preload/wire/client'
import type { Application } from '../../core/application'
import { createTurns } from '../../core/turns'
import type { WorkspaceSummary } from '../../model/workspace'
import { openOrReach, type ReachedHolder } from '../door'
import { describeError, type Log } from '../host-log'
import { programContract, type ProgramContract } from '../program-contract'

/** Time that a holder gets which only opens the workspace anew, before it is opened here, milliseconds. */
const ANEW_MS = 300

/** Another program of this person that has the workspace of a window open. */
export interface Held {
  readonly directory: string
  readonly pid: number
  readonly client: Client<ProgramContract>
}

/** Where the window of this process works: in a workspace that is open here, or through the program that has it open. */
export interface Attachment {
  /** The program that has the workspace open; null where it is open here, or none is. Waits while one that ended is followed. */
  present(): Promise<Held | null>
  /** Opens a workspace, or attaches to the program that has it open. */
  open(directory: string): Promise<WorkspaceSummary>
  /** Closes what is open here, and leaves the holder. */
  close(): Promise<void>
}

/**
 * Lets the window of this process work in a workspace that another program of this person has open. What the holder says has changed is
 * told to the window, and when the holder ends, the workspace is opened here (or at whoever was faster) and the window hears of that.
 */
export function createAttachment(app: Application, log: Log): Attachment {
  const inTurn = createTurns()
  let held: (Held & { leave(): void }) | null = null
  let following: Promise<void> | null = null
  let closed = false

  const leave = (): void => {
    held?.leave()
    held = null
  }
  const attach = async (directory: string, { port, pid }: ReachedHolder): Promise<WorkspaceSummary | null> => {
    const client = createClient(programContract, port)
    const { workspace } = await client.workspace.status({}).catch(() => ({ workspace: null }))
    if (!workspace) {
      // It is just ending.
      port.close()
      return null
    }
    await app.closeWorkspace()
    leave()
    let left = false
    const mine = {
      directory: workspace.directory,
      pid,
      client,
      leave() {
        left = true
        port.close()
      }
    }
    held = mine
    port.onClose(() => {
      if (left || held !== mine) return
      held = null
      following = inTurn(() => follow(directory)).finally(() => (following = null))
    })
    void tellChanges(app, client)
    await app.remember(workspace)
    app.changes.publish('*')
    log('info', 'attached to the program that has the workspace open', { directory, pid })
    return workspace
  }
  const enter = async (directory: string): Promise<WorkspaceSummary> => {
    for (;;) {
      const holder = await openOrReach(app, directory, { stays: true })
      const summary = holder ? await attach(directory, holder) : app.workspace
      if (!summary) continue
      if (!holder) leave()
      return summary
    }
  }
  const follow = async (directory: string): Promise<void> => {
    await wait(ANEW_MS)
    if (closed || held || app.workspace) return
    try {
      await enter(directory)
    } catch (error) {
      log('error', 'the workspace could not be opened after its holder had ended', { directory, error: describeError(error) })
      app.changes.publish('*')
    }
  }
  return {
    async present() {
      if (following) await following
      // The sample, and a workspace that was just made, are opened here by themselves.
      if (app.workspace) leave()
      return held
    },
    open: (directory) =>
      inTurn(async () => {
        if (app.workspace && isSame(app.workspace.directory, directory)) return app.workspace
        if (held && isSame(held.directory, directory)) return (await held.client.workspace.status({})).workspace ?? enter(directory)
        return enter(resolve(directory))
      }),
    close() {
      closed = true
      return inTurn(async () => {
        leave()
        closed = false
        await app.closeWorkspace()
      })
    }
  }
}

/** Tells the window of this process what the holder says has changed, as long as it is reached. */
async function tellChanges({ changes }: Application, { system }: Held['client']): Promise<void> {
  try {
    for await (const { topics } of system.changes({})) changes.publish(...(topics as Parameters<typeof changes.publish>))
  } catch {
    // The holder has gone, which is seen by its port.
  }
}

function isSame(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    return false
  }
}
