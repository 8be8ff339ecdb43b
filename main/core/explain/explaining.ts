import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dependenceSchema, type Dependence } from '../../model/dependence'
import { explanationSchema, type ExplainedFile, type Explanation } from '../../model/explanation'
import type { RunId } from '../../model/reference'
import type { ExplainedModel, OpenPanel } from '../../model/what-if'
import { registeredModel, type ScoringSources } from '../scored-models'
import { restrictedWorkspace, type WorkspaceContext } from '../workspace'
import { explainFile, type ExplainFileOptions } from './explain-file'
import { explainRun, type ExplainRunOptions } from './explain-run'
import { knownModel, tableOf } from './known-model'
import { Panels } from './panel/panels'
import { WhatIf } from './panel/what-if'
import { readReasonCodes } from './read-rows'

/** The file of a workspace that holds the team's reason codes. */
export const reasonCodesFile = 'reason-codes.yaml'

/** Models of a workspace explained. */
export interface Explaining {
  /** Throws what `explainFile` does, and NOT_FOUND. */
  explain(model: { name: string; version: number }, options: Omit<ExplainFileOptions, 'temporary' | 'training'>): Promise<ExplainedFile>
  /** What was explained of a run; null where nobody has. */
  ofRun(run: RunId): Promise<Explanation | null>
  /** How its answers go with its columns; null where that was not measured. */
  dependenceOfRun(run: RunId): Promise<Dependence | null>
  /** Holds a model open to be asked about single rows. Throws RESTRICTED in a workspace that is not trusted, and what `knownModel` does. */
  panel(model: ExplainedModel, signal: AbortSignal): AsyncGenerator<OpenPanel, { ended: 'idle' }, void>
  /** One that stands open. Throws NOT_FOUND, and RESTRICTED. */
  opened(panel: string): Pick<WhatIf, 'row' | 'find' | 'ask' | 'nearest'>
}

/** What commands need besides. */
export interface ExplainingWriter extends Explaining {
  explainRun(run: RunId, options: ExplainRunOptions): ReturnType<typeof explainRun>
  opened(panel: string): WhatIf
}

export interface ExplainingNeeds extends ScoringSources {
  /** Asked each time: trust may be taken back. */
  readonly workspace: { readonly restricted: boolean }
}

export function createExplaining(context: WorkspaceContext, needs: ExplainingNeeds): ExplainingWriter & { close(): void } {
  const panels = new Panels()
  const ownCodes = (): string | undefined => {
    const own = join(context.directory, reasonCodesFile)
    return existsSync(own) ? own : undefined
  }
  /** The graph came with the workspace, and it is run. */
  const assertTrusted = (): void => {
    if (needs.workspace.restricted) throw restrictedWorkspace(context.directory)
  }
  const documentOf = async <T>(run: RunId, kind: string, schema: { parse(value: unknown): T }): Promise<T | null> => {
    const sha256 = needs.experiments.run(run).artifacts.find((artifact) => artifact.kind === kind)?.sha256
    return sha256 === undefined ? null : schema.parse(JSON.parse((await context.objects.read(sha256)).toString('utf8')))
  }
  return {
    async explain(model, options) {
      options.onProgress?.({ fraction: null, message: 'Looking at the model' })
      const known = await registeredModel(context, needs, model, options.signal)
      const trained = await needs.experiments.training(needs.models.get(model.name, model.version).run)
      return explainFile(known, {
        ...options,
        reasons: options.reasons ?? ownCodes(),
        temporary: join(context.directory, 'tmp'),
        training: await tableOf(context.directory, trained?.trainingTable?.sha256, options.signal)
      })
    },
    ofRun: (run) => documentOf(run, 'explanation', explanationSchema),
    dependenceOfRun: (run) => documentOf(run, 'dependence', dependenceSchema),
    async *panel(asked, signal) {
      assertTrusted()
      const codes = ownCodes()
      const model = await knownModel(context, needs, asked, signal)
      return yield* panels.hold(await WhatIf.open(model, codes === undefined ? null : await readReasonCodes(codes), signal), signal)
    },
    opened(panel) {
      // Trust may be taken back while a model stands open.
      assertTrusted()
      return panels.get(panel)
    },
    explainRun: async (run, options) => explainRun(context, await knownModel(context, needs, { run }, options.signal), options),
    close: () => panels.closeAll()
  }
}
