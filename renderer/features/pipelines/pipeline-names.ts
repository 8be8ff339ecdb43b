import { identifierFor, type PipelineSummary } from '../../../main/model/pipeline'
import type { HostClient } from '../../host'

/** All pipelines, those in the trash as well: no two have the same name. */
export async function allPipelines(client: HostClient): Promise<PipelineSummary[]> {
  return (await Promise.all([client.pipelines.list({}), client.pipelines.list({ removed: true })])).flat()
}

/** A valid, free pipeline name made of a title. */
export const nameForPipeline = (title: string, taken: ReadonlySet<string>): string => identifierFor(title, taken, 'pipeline')

/** The same text under another name, comments and all; null when the name is not on a line of its own. */
export function renameInText(yaml: string, name: string): string | null {
  const line = /^name:.*$/m
  return line.test(yaml) ? yaml.replace(line, `name: ${name}`) : null
}
