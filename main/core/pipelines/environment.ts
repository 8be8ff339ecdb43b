import { arch, cpus, platform, release, totalmem, version } from 'node:os'
import packageFile from '../../../package.json'
import { TRAINER_VERSION } from '../../model/training'
import type { AttemptEnvironment } from '../../model/pipeline-run'
import { sha256 } from '../../storage/objects/durable-files'

/** The libraries whose version can change a number; the versions are pinned, so the package file is the lock. */
const relevant = ['@duckdb/node-api', 'apache-arrow', 'onnxruntime-node', 'protobufjs', '@bufbuild/cel'] as const
const packages: Record<string, string> = {
  drydock: packageFile.version,
  ...Object.fromEntries(relevant.map((name) => [name, packageFile.dependencies[name]]))
}

/** What computes, by name and version: each is a part of the content key of its own, so that a step that runs again says which of them changed. */
export const engineVersions: Readonly<Record<string, string>> = {
  duckdb: packageFile.dependencies['@duckdb/node-api'],
  onnxruntime: packageFile.dependencies['onnxruntime-node'],
  trainer: TRAINER_VERSION
}

/** What this process runs on. */
export function captureEnvironment(): AttemptEnvironment {
  const processors = cpus()
  const format = Intl.DateTimeFormat().resolvedOptions()
  return {
    runtime: { node: process.versions.node, electron: process.versions.electron ?? null, v8: process.versions.v8 },
    os: { platform: platform(), release: release(), version: version(), architecture: arch() },
    hardware: { cpu: processors[0]?.model.trim() ?? 'unknown', cores: processors.length, memory: totalmem() },
    engines: { ...engineVersions },
    packages,
    locale: format.locale,
    timeZone: format.timeZone
  }
}

/**
 * The part of the environment that belongs to the content key: pinned library versions, without Drydock's own version (step types carry
 * their own), so that an update does not run everything again.
 */
export function environmentKey(isPlatformBound: boolean): string {
  const libraries = Object.entries(packages).filter(([name]) => name !== 'drydock')
  return sha256(JSON.stringify([libraries.sort(([a], [b]) => (a < b ? -1 : 1)), isPlatformBound ? [platform(), arch()] : []]))
}
