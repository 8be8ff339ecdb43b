export interface RunTimePackage {
  /** As in the lock file. */
  path: string
  name: string
  version: string
  integrity: string
  installed: boolean
}
export function runTimePackages(outside: readonly RegExp[], platform: string): RunTimePackage[]
export function isShipped(name: string, path: string, platform: string): boolean
