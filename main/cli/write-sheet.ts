import { resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { BundleSheet } from '../model/commands/bundles'
import { WorkbenchError } from '../model/errors'
import type { CommandBody } from './command'
import { readTrustOptions } from './read-trust-options'
import { documentLines, documentsWanted, sayDocuments } from './saved-documents'
import { ofVerify } from './trust-options'
import { readQuestion } from './verify-bundle'

/** `bundle sheet`: what was found in a bundle, for people who decide on paper. */
export const writeSheet: CommandBody = async (context, [kind, path], given) => {
  const sheet = BundleSheet.safeParse(kind)
  if (!sheet.success) throw new WorkbenchError('INVALID_INPUT', `A sheet is "decisions" or "sign-off", not "${kind}". Nothing was written.`)
  const places = documentsWanted(given)
  const trust = { ...readTrustOptions(given, ofVerify), reviewerPaths: given.reviewer as string[] | undefined }
  const app = await context.app()
  const saved = await app.do(
    commands.bundles.saveSheet,
    { sheet: sheet.data, path: resolve(path), question: readQuestion(given), ...trust, ...places },
    { signal: context.signal }
  )
  sayDocuments(context, saved)
  context.output.result(
    { sheet: sheet.data, files: saved.files, sha256: saved.sha256, foreignScripts: saved.foreignScripts },
    documentLines(saved)
  )
}
