import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createChangeFeed, type ChangeFeed } from './changes'
import { createDo, type Engaged } from './commands'
import { noPrinter } from './documents'
import * as list from './feature-list'
import { isAllowed, readMachineSettings } from './machine-settings'
import { createKeyring, makeUserFolder } from './people'
import { assertOpen, createOpenWorkspace } from './open-workspace'
import { createPreferences } from './preferences'
import type { CommandFeatures, Features, Workbench } from './workbench'
import { createRecentWorkspaces, createTrustedFolders, isWorkspaceFolder } from './workspace'
import { openingOf, trustOf, type Around } from './workspace-actions'
import type { Application, ApplicationOptions } from './application-interface'

export type { Application, ApplicationOptions, DamagedWorkspace, TrustHeeded } from './application-interface'

/** Starts the program without a workspace. */
export function createApplication(options: ApplicationOptions): Application {
  const { userDirectory, clock = () => new Date(), log = () => undefined, print = noPrinter } = options
  // Before anything is opened: settings that cannot be read stop the program.
  readMachineSettings()
  const warn = (text: string): void => log('warn', text)
  makeUserFolder(userDirectory, warn)
  const changes = createChangeFeed()
  const keyring = createKeyring(join(userDirectory, 'keys'), clock, warn)
  const trusted = createTrustedFolders(userDirectory)
  const recent = recentFor(userDirectory, { clock, log, changes })
  const { whileOpen, unfinishedRuns } = options
  const open = createOpenWorkspace({ whileOpen, unfinishedRuns, keyring, changes, trusted, clock, log, print, remember: recent.remember })
  const workbench = (): Workbench => assertOpen(open.current())
  const alone = commandsOfMachine({ keyring, print }, changes, workbench)

  const application = {
    userDirectory,
    changes,
    keyring,
    workbench,
    get workspace() {
      return open.current()?.workspace ?? null
    },
    get do() {
      return open.current()?.do ?? alone
    },
    get damaged() {
      return open.damaged
    },
    leaveDamaged() {
      open.damaged = null
      changes.publish('workspace')
    },
    ...openingOf(open, trusted, { clock, changes }),
    ...trustOf(open, trusted, { clock, log, changes, heedsTrust: options.heedsTrust }),
    ...recent,
    sampleDirectory,
    ...createPreferences(userDirectory, changes),
    close: () => open.inTurn(open.close)
  }
  const lookUp = Object.keys(list).map((name) => [name, { get: () => workbench()[name as keyof Features], enumerable: true }])
  return Object.defineProperties(application, Object.fromEntries(lookUp)) as typeof application & Features
}

/** Commands of the machine work without a workspace; nothing records them. The others say that none is open. */
function commandsOfMachine(
  ground: Pick<CommandFeatures, 'keyring' | 'print'>,
  changes: ChangeFeed,
  workbench: () => Workbench
): Workbench['do'] {
  const onMachine: typeof ground & Engaged = {
    ...ground,
    audit: { append: () => undefined },
    jobs: { runInHost: () => workbench() as never }
  }
  return createDo<CommandFeatures>({
    features: () => onMachine as CommandFeatures,
    context: { ledger: { transaction: (work) => work() }, changed: (...topics) => changes.publish(...topics) },
    asker: () => null,
    admit: (command) => void (command.needsNoWorkspace || workbench())
  })
}

/** The list of recent workspaces, which is a convenience: a full or read-only home must not keep anybody from his work. */
function recentFor(userDirectory: string, { clock, log, changes }: Around): Pick<Application, 'remember' | 'recent' | 'forget'> {
  const recent = createRecentWorkspaces(userDirectory)
  return {
    remember: ({ directory, name }) =>
      recent
        .remember(directory, name, clock())
        .catch((error: unknown) => log('warn', 'the list of recent workspaces could not be written', { error: String(error) })),
    recent: recent.list,
    async forget(id) {
      await recent.forget(id)
      changes.publish('workspace')
    }
  }
}

function sampleDirectory(): { directory: string; exists: boolean } {
  const documents = join(homedir(), 'Documents')
  const usual = process.env.DRYDOCK_SAMPLE_DIR ?? join(existsSync(documents) ? documents : homedir(), 'Drydock sample')
  const [first] = readMachineSettings().allowedFolders ?? []
  const directory = first === undefined || isAllowed(usual) ? usual : join(first, 'Drydock sample')
  return { directory, exists: isWorkspaceFolder(directory) }
}
