import { promises as fs } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { PortType } from '../../model/pipeline'
import { acceptsPort } from '../../model/port-types'
import { sha256File } from '../../storage/objects/durable-files'
import type { StepContext } from './define-step'
import type { FinishedOutput, StepOrder } from './worker-messages'

const mediaTypes: Record<PortType, string> = {
  Table: 'application/vnd.apache.arrow.file',
  FeatureSet: 'application/vnd.apache.arrow.file',
  Model: 'application/json',
  Evaluation: 'application/json',
  QualityReport: 'application/json',
  GateResult: 'application/json',
  Explanation: 'application/json',
  CrossValidation: 'application/json',
  Report: 'application/json',
  Metrics: 'application/json',
  File: 'application/octet-stream'
}

/** What a step declares that it made, and with what it does so. */
export interface StepOutputs {
  declare: Pick<StepContext<unknown>, 'path' | 'output' | 'passOn' | 'outputJson' | 'outputFiles'>
  /** All of them. Throws JOB_FAILED while one that must be there is not declared. */
  finished(): FinishedOutput[]
}

/** Collects the outputs of one attempt. What is no output of the step, of another type or outside of its folder is refused. */
export function createOutputs(order: StepOrder): StepOutputs {
  const made = new Map<string, FinishedOutput>()
  let files = 0
  const declare: StepOutputs['declare'] = {
    path: (name) => join(order.directory, `${++files}-${name.replace(/[^A-Za-z0-9._-]/g, '_')}`),
    output(port, path, about = {}) {
      const declared = order.outputs[port]
      if (!declared) throw new WorkbenchError('INVALID_INPUT', `The step "${order.stepId}" made an output "${port}" that it does not have.`)
      const type = about.type ?? declared.type
      if (!acceptsPort([declared.type], type))
        throw new WorkbenchError('INVALID_INPUT', `The output "${port}" of "${order.stepId}" must be a ${declared.type}, not a ${type}.`)
      const inside = relative(order.directory, path)
      if (inside.startsWith('..') || isAbsolute(inside))
        throw new WorkbenchError('FORBIDDEN', `The output "${port}" lies outside the attempt's folder. A step writes only there.`)
      made.set(port, { port, type, path, rows: about.rows ?? null, mediaType: about.mediaType ?? mediaTypes[type], parts: [] })
    },
    passOn(port, input) {
      const type = order.outputs[port]?.type
      if (!type || !acceptsPort([type], input.type))
        throw new WorkbenchError('INVALID_INPUT', `The step "${order.stepId}" cannot pass a ${input.type} on as "${port}".`)
      made.set(port, {
        port,
        type: input.type,
        path: input.path,
        existing: input.sha256,
        rows: input.rows,
        mediaType: mediaTypes[input.type],
        parts: []
      })
    },
    async outputJson(port, value, parts = {}) {
      const path = declare.path(`${port}.json`)
      await fs.writeFile(path, JSON.stringify(value, null, 2) + '\n')
      declare.output(port, path, { mediaType: 'application/json' })
      made.get(port)!.parts = await Promise.all(
        Object.entries(parts).map(async ([name, file]) => ({ name, path: file, sha256: await sha256File(file) }))
      )
    },
    async outputFiles(port, parts, about = {}) {
      const listed = await Promise.all(
        Object.entries(parts)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(async ([name, path]) => ({ name, path, sha256: await sha256File(path), size: (await fs.stat(path)).size }))
      )
      const named = Object.fromEntries(listed.map((part) => [part.name, { sha256: part.sha256, size: part.size }]))
      await declare.outputJson(port, { schema: 'drydock.files', version: 1, ...about, files: named })
      made.get(port)!.parts = listed.map(({ name, path, sha256 }) => ({ name, path, sha256 }))
    }
  }
  return {
    declare,
    finished() {
      for (const [port, { optional }] of Object.entries(order.outputs))
        if (!optional && !made.has(port))
          throw new WorkbenchError(
            'JOB_FAILED',
            `The step "${order.stepId}" ended without its output "${port}". Nothing of it was kept; look at its log.`
          )
      return [...made.values()]
    }
  }
}
