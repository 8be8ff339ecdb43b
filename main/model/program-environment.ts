import { z } from 'zod'
import { Sha256 } from './reference'

export const interpreterKinds = ['python', 'r', 'node', 'other'] as const

/** The program file that a step starts. */
const Interpreter = z.object({
  kind: z.enum(interpreterKinds),
  /** As the system finds it; null when it is not on this computer. */
  path: z.string().nullable(),
  version: z.string().nullable(),
  sha256: Sha256.nullable()
})

/** A Python environment of its own: its `pyvenv.cfg`. */
const VirtualEnvironment = z.object({ path: z.string(), sha256: Sha256, home: z.string().nullable(), systemPackages: z.boolean() })

/** An installed package: a Python distribution, an R package, a Node module. */
const InstalledPackage = z.object({
  name: z.string(),
  version: z.string().nullable(),
  /** SHA-256 of the list of its files (`RECORD`; `MD5` in R; `package.json` in Node); null when it has none. */
  record: Sha256.nullable(),
  /** Folder that it lies in. */
  place: z.string()
})
export type InstalledPackage = z.infer<typeof InstalledPackage>

/** What a program finds to work with on a computer, `drydock.environment` version 1; read from files, without running anything. */
export const ProgramEnvironment = z.object({
  schema: z.literal('drydock.environment'),
  version: z.literal(1),
  interpreter: Interpreter,
  virtual: VirtualEnvironment.nullable(),
  packages: z.array(InstalledPackage),
  /** Other files that decide what is loaded, by path: start files, lock files, modules that belong to no package. */
  files: z.record(z.string(), Sha256),
  /** What of it could not be known, in words; empty when all of it is. */
  unchecked: z.array(z.string())
})
export type ProgramEnvironment = z.infer<typeof ProgramEnvironment>

/** The same in short, with the digest of the whole. */
export const ProgramSummary = z.object({
  sha256: Sha256,
  interpreter: Interpreter,
  virtual: VirtualEnvironment.nullable(),
  packages: z.number(),
  unchecked: z.array(z.string())
})
export type ProgramSummary = z.infer<typeof ProgramSummary>
