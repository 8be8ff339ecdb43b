export interface ImportViolation {
  rule: string
  from: string
  to: string
  severity: string
}
export function cruiseImports(directory?: string): { modules: number; violations: ImportViolation[] }
