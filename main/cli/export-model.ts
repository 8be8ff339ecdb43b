import { resolve } from 'node:path'
import { keyFileCommands } from '../core/bundles'
import { askPassphrase } from './passphrase'
import type { CommandBody } from './command'
import { modelNamed } from './named-model'
import { inWorkspace } from './workspace-client'

/** `export`. */
export const exportModel: CommandBody = (context, [reference], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const { name, version } = await modelNamed(workspace, reference)
    const exported = await workspace.do(
      keyFileCommands.export,
      {
        name,
        version,
        path: resolve(String(options.out)),
        keyPath: resolve(String(options.key)),
        passphrase: await askPassphrase('Passphrase of the key', { signal: context.signal }),
        chainPath: options.chain === undefined ? undefined : resolve(String(options.chain)),
        tsaCommand: options.tsaCommand as string | undefined,
        tsaDirectory: process.cwd()
      },
      {
        signal: context.signal,
        onProgress: ({ message, fraction }) => context.output.note(`[${String(Math.round((fraction ?? 0) * 100)).padStart(3)}%] ${message}`)
      }
    )
    for (const warning of exported.warnings ?? []) context.output.note(`warning: ${warning}`)
    context.output.result(exported, [
      `Exported ${name}@${version} to ${exported.path}`,
      `root   ${exported.rootSha256}`,
      `signer ${exported.fingerprint}`
    ])
  })
