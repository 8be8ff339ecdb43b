export interface PackageOptions {
  version: string
  platforms: string[]
  out: string
  zips?: string
  nodeFolder?: string
  releaseKey?: string
  trustKeys: string[]
  rotation?: string
  testRuntime: boolean
  unfused: boolean
}
/** Throws with the usage when an option is unknown or names what is not there. */
export function readOptions(argv: readonly string[]): PackageOptions | { help: string }
