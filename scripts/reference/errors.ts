import { createOutput } from '../../main/cli/output'
import { errorGroupOf, errorGroups, WorkbenchError, type ErrorCode, type ErrorGroup } from '../../main/model/errors'
import { code, page, table } from './markdown'

const who: Record<ErrorGroup, string> = {
  user: 'something was asked for that cannot be done like this',
  intent: 'somebody ended it',
  evidence: 'what was checked does not hold',
  work: 'a job or a step did not get through',
  machine: 'disk, memory or another program is in the way',
  bug: 'a fault of Drydock'
}

/** What to do about each; a message always says more, about the case at hand. */
export const nextSteps: Record<ErrorCode, string> = {
  INVALID_INPUT: 'Correct what the message names: an option, a line, a field. Nothing was done.',
  NOT_FOUND: 'Check the name or the path; list what there is (`dataset list`, `runs`, `models`).',
  CONFLICT: 'Something stands in the way: choose another name, or do first what the message says.',
  FORBIDDEN: 'Ask whoever may do it, or for write access to the folder.',
  RESTRICTED: 'Nothing runs in a workspace that you have not trusted. Look at what it would run, then: `drydock workspace trust -w DIR`.',
  UNSUPPORTED_VERSION: 'It comes from a newer Drydock. Open it with that version; nothing was changed.',
  CANCELLED: 'Start it again when you want it. What had finished is kept.',
  DIGEST_MISMATCH: 'Bytes are not those that were recorded. Do not use the file; get it again from where it came.',
  SIGNATURE_INVALID: 'The signature does not fit the content. Do not use it; ask the sender.',
  SIGNER_UNTRUSTED: 'The signature holds, but by a key that you do not trust. Get the public key from the signer by another way.',
  POLICY_DENIED: 'Read the gate result: each rule that failed says what it means. Improve the model, not the rule.',
  EVIDENCE_MISMATCH: 'Evidence is about something else than the model. Connect steps of the same run.',
  JOB_FAILED: 'Read the log of the step: the reason stands at its end.',
  JOB_TIMEOUT: 'Give the step a longer `timeout`, or less to do.',
  OUT_OF_MEMORY: 'Give the step more `memory`, fewer rows or fewer columns.',
  STORAGE_LOCKED: 'Another program works with this workspace. Close it there and try again.',
  STORAGE_CORRUPT: 'A file of the workspace is damaged. Do not write to it; take a copy of the folder first.',
  DISK_FULL: 'Free some space and try again. Nothing is half written.',
  INTERNAL: 'Try once more; if it comes again, keep the log folder and report it.'
}

const exitCodeOf = (name: ErrorCode): number =>
  createOutput(
    true,
    () => {},
    () => {}
  ).error(new WorkbenchError(name, 'example'))

/** Every error code with its exit code, as a command really ends with it. */
export const errorPage = (): string =>
  page(
    'Error codes',
    'What can go wrong, which exit code a command then has, and what to do. Every message says what happened, what it means and the next step.',
    [
      table(
        ['code', 'who acts', 'exit code', 'next step'],
        Object.values(errorGroups)
          .flat()
          .map((name) => [code(name), who[errorGroupOf(name)], String(exitCodeOf(name)), nextSteps[name]])
      ),
      'With `--json` an error is the one document on standard output: `{"error": {"code": "...", "message": "...", "details": {...}}}`.'
    ]
  )
