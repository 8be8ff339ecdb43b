/**
 * What the program itself says in its log, with {} where a value stands. A diagnosis takes over these words and nothing else of a line, so
 * that a name or value which a message was made with cannot come along. A test holds the list against the sources.
 */
export const logWords: readonly string[] = [
  'host started',
  'host stopped',
  'unexpected error',
  'uncaught exception, the host ends',
  'unhandled rejection',
  'the workspace did not close cleanly',
  'refused a connection outside this machine',
  'a caller of the workspace was cut off',
  'attached to the program that has the workspace open',
  'the workspace could not be opened after its holder had ended',
  'the list of recent workspaces could not be written',
  'another process has taken the workspace; it is closed here',
  'other programs cannot reach this workspace',
  'the workspace could not be opened anew',
  'workspace opened',
  'The end of job {} could not be recorded yet',
  'Job "{}" failed',
  'The journal could not record "{}" as {}',
  'The end of run {} could not be recorded yet',
  'tmp in the workspace was not a folder; it was put aside',
  'A leftover in tmp could not be removed',
  'Attempt of "{}" failed',
  'Files of an attempt could not be removed'
]

/** Stands for a line whose words are not among those. */
export const otherWords = '(words that are left out)'

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
const patterns = logWords.map((words) => [words, new RegExp(`^${words.split('{}').map(escaped).join('[^]*')}$`)] as const)

/** The words of the program behind a message, without any value. */
export const wordsOf = (message: string): string => patterns.find(([, pattern]) => pattern.test(message))?.[0] ?? otherWords
