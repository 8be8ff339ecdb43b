import { shell } from 'electron'
import { z } from 'zod'
import { placeUses } from '../model/place'
import type { ChosenPlaces } from './chosen-places'

/** What the host asks of the shell; see `main/host/ask-shell.ts`. */
const Question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('take'), id: z.number(), token: z.string(), use: z.enum(placeUses) }),
  z.object({ kind: z.literal('settle'), token: z.string(), done: z.boolean() }),
  z.object({ kind: z.literal('show'), path: z.string() })
])

/** Answers the host over the channel that the page has no end of. */
export function answerHost(
  places: ChosenPlaces,
  message: unknown,
  reply: (answer: { kind: 'taken' } & Record<string, unknown>) => void
): void {
  const { data: question } = Question.safeParse(message)
  if (question?.kind === 'take') reply({ kind: 'taken', id: question.id, ...places.take(question.token, question.use) })
  else if (question?.kind === 'settle') places.settle(question.token, question.done)
  else if (question?.kind === 'show') shell.showItemInFolder(question.path)
}
