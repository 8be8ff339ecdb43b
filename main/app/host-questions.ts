import { app, BrowserWindow, dialog, shell } from 'electron'
import { z } from 'zod'
import { placeUses } from '../model/place'
import { PrintedPage, type Print } from '../model/printed-page'
import type { ChosenPlaces } from './chosen-places'
import { describePrograms, ProgramsToStart } from './confirmed-programs'

/** What the host asks of the shell; see `main/host/ask-shell.ts`. */
const Question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('take'), id: z.number(), token: z.string(), use: z.enum(placeUses) }),
  z.object({ kind: z.literal('settle'), token: z.string(), done: z.boolean() }),
  z.object({ kind: z.literal('may-start'), id: z.number(), programs: ProgramsToStart }),
  z.object({ kind: z.literal('may-trust'), id: z.number(), directory: z.string() }),
  z.object({ kind: z.literal('print'), id: z.number(), page: PrintedPage }),
  z.object({ kind: z.literal('show'), path: z.string() }),
  /** The host may not work on this computer: the program ends. */
  z.object({ kind: z.literal('refused'), message: z.string() })
])

export interface Answering {
  places: ChosenPlaces
  mayStart(programs: ProgramsToStart): Promise<boolean>
  print(page: PrintedPage): Promise<Print>
}

/** Answers the host over the channel that the page has no end of. */
export function answerHost(
  { places, mayStart, print }: Answering,
  message: unknown,
  reply: (answer: { kind: 'answer'; id: number } & Record<string, unknown>) => void
): void {
  const { data: question } = Question.safeParse(message)
  if (question?.kind === 'take') reply({ kind: 'answer', id: question.id, ...places.take(question.token, question.use) })
  else if (question?.kind === 'settle') places.settle(question.token, question.done)
  else if (question?.kind === 'may-start')
    void mayStart(question.programs).then((allowed) => reply({ kind: 'answer', id: question.id, allowed }))
  else if (question?.kind === 'may-trust')
    void askToTrust(question.directory).then((allowed) => reply({ kind: 'answer', id: question.id, allowed }))
  else if (question?.kind === 'print')
    void print(question.page).then(
      (made) => reply({ kind: 'answer', id: question.id, ...made }),
      (error: unknown) => reply({ kind: 'answer', id: question.id, refused: error instanceof Error ? error.message : String(error) })
    )
  else if (question?.kind === 'refused') endWith(question.message)
  else if (question?.kind === 'show') shell.showItemInFolder(question.path)
}

function endWith(message: string): void {
  process.stderr.write(`[drydock] ${message}\n`)
  dialog.showErrorBox('Drydock cannot start', message)
  app.exit(1)
}

/** The question that a person is asked before a window starts programs. */
export async function askToStart(what: ProgramsToStart): Promise<boolean> {
  const detail = `${describePrograms(what)}\n\nRun programs of others as carefully as any program. You are asked again when they change.`
  return ask(`The pipeline "${what.pipeline}" starts programs of its own. Run them?`, detail, 'Run')
}

const askToTrust = (directory: string): Promise<boolean> =>
  ask(
    'Trust this workspace?',
    `${directory}\n\nIts pipelines may then run programs with your rights, and what is unfinished goes on at once.`,
    'Trust'
  )

async function ask(message: string, detail: string, yes: string): Promise<boolean> {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
  if (!window) return false
  const buttons = ['Cancel', yes]
  const { response } = await dialog.showMessageBox(window, { type: 'question', message, detail, buttons, defaultId: 0, cancelId: 0 })
  return response === 1
}
