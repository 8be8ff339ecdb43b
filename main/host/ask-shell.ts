import { WorkbenchError } from '../model/errors'
import type { PlaceUse } from '../model/place'
import type { ParentMessage } from './host-messages'
import type { TakeChosen, TakenPlace } from './page-places'

type Answer = Extract<ParentMessage, { kind: 'taken' }>

/** Asks the shell for the paths behind tokens, by its own channel to this process; `heard` takes its answers. */
export function createShellQuestions(say: (message: Record<string, unknown>) => void): { take: TakeChosen; heard(answer: Answer): void } {
  const waiting = new Map<number, (answer: Answer) => void>()
  let last = 0
  const ask = (token: string, use: PlaceUse): Promise<Answer> =>
    new Promise((answered) => {
      waiting.set(++last, answered)
      say({ kind: 'take', id: last, token, use })
    })
  return {
    take: async (token, use): Promise<TakenPlace> => {
      const { path, refused } = await ask(token, use)
      if (path === undefined) throw new WorkbenchError('FORBIDDEN', refused ?? 'The place was not given out. Choose it again.')
      return { path, settle: (done) => use === 'write' && say({ kind: 'settle', token, done }) }
    },
    heard: (answer) => {
      waiting.get(answer.id)?.(answer)
      waiting.delete(answer.id)
    }
  }
}
