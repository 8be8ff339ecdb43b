import type { StartedPrograms } from '../model/commands/pipelines'
import { WorkbenchError } from '../model/errors'
import type { PlaceUse } from '../model/place'
import type { PrintPage } from '../model/printed-page'
import type { ParentMessage } from './host-messages'
import type { TakeChosen } from './page-places'

type Answer = Extract<ParentMessage, { kind: 'answer' }>

/** What the host asks the shell, by the channel between the two processes, of which a page has no end. */
export interface ShellQuestions {
  /** The path behind a token. Throws FORBIDDEN for one that was not given out for this use. */
  take: TakeChosen
  /** Whether the person at the window lets these programs be started, now or at an earlier question. */
  mayStart(programs: StartedPrograms): Promise<boolean>
  /** Whether the person at the window trusts a workspace. */
  mayTrust(directory: string): Promise<boolean>
  /** Prints a page in a window that nobody sees. Throws JOB_FAILED. */
  print: PrintPage
  /** Takes an answer of the shell. */
  heard(answer: Answer): void
}

export function createShellQuestions(say: (message: Record<string, unknown>) => void): ShellQuestions {
  const waiting = new Map<number, (answer: Answer) => void>()
  let last = 0
  const ask = (kind: string, about: Record<string, unknown>): Promise<Answer> =>
    new Promise((answered) => {
      waiting.set(++last, answered)
      say({ kind, id: last, ...about })
    })
  return {
    async take(token: string, use: PlaceUse) {
      const { path, refused } = await ask('take', { token, use })
      if (path === undefined) throw new WorkbenchError('FORBIDDEN', refused ?? 'The place was not given out. Choose it again.')
      return { path, settle: (done) => use === 'write' && say({ kind: 'settle', token, done }) }
    },
    mayStart: async (programs) => (await ask('may-start', { programs })).allowed === true,
    mayTrust: async (directory) => (await ask('may-trust', { directory })).allowed === true,
    async print(page) {
      const { pdf, foreignScripts = [], refused } = await ask('print', { page })
      if (pdf) return { pdf, foreignScripts }
      throw new WorkbenchError(
        'JOB_FAILED',
        `The PDF was not made: ${refused ?? 'no reason was given'} Nothing was written. Save it as a page instead.`
      )
    },
    heard: (answer) => {
      waiting.get(answer.id)?.(answer)
      waiting.delete(answer.id)
    }
  }
}
