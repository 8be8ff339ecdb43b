import {
  Box,
  Brain,
  Code,
  Database,
  Gauge,
  Layers,
  Lightbulb,
  ListChecks,
  Milestone,
  MoveHorizontal,
  PackageCheck,
  PackageOpen,
  Scale,
  ShieldCheck,
  SlidersHorizontal,
  Split,
  Terminal,
  type LucideIcon
} from 'lucide-react'

const icons: Record<string, LucideIcon> = {
  database: Database,
  code: Code,
  split: Split,
  terminal: Terminal,
  brain: Brain,
  gauge: Gauge,
  layers: Layers,
  lightbulb: Lightbulb,
  'list-checks': ListChecks,
  'move-horizontal': MoveHorizontal,
  'sliders-horizontal': SlidersHorizontal,
  milestone: Milestone,
  scale: Scale,
  'shield-check': ShieldCheck,
  'package-check': PackageCheck,
  'package-open': PackageOpen
}
/** The icon that a step type names; a box for names that this build does not draw. */
export function StepIcon({ name }: { name: string | undefined }) {
  const Icon = icons[name ?? ''] ?? Box
  return <Icon aria-hidden className="size-4 shrink-0 text-muted" />
}
