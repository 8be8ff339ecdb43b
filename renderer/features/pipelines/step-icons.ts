import { Box, Brain, Code, Database, Gauge, PackageCheck, Scale, ShieldCheck, Split, Terminal, type LucideIcon } from 'lucide-react'

const icons: Record<string, LucideIcon> = {
  database: Database,
  code: Code,
  split: Split,
  terminal: Terminal,
  brain: Brain,
  gauge: Gauge,
  scale: Scale,
  'shield-check': ShieldCheck,
  'package-check': PackageCheck
}
/** The icon that a step type names; a box for names that this build does not draw. */
export const stepIcon = (name: string | undefined): LucideIcon => (name && icons[name]) || Box
