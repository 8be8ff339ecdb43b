import {
  Boxes,
  Database,
  FlaskConical,
  Gauge,
  LayoutDashboard,
  ListChecks,
  PackageCheck,
  Settings,
  Workflow,
  type LucideIcon
} from 'lucide-react'
import { areas, type Area } from '../ui'

export const areaNames: Record<Area, { title: string; icon: LucideIcon }> = {
  overview: { title: 'Overview', icon: LayoutDashboard },
  data: { title: 'Data', icon: Database },
  features: { title: 'Features', icon: Gauge },
  pipelines: { title: 'Pipelines', icon: Workflow },
  experiments: { title: 'Experiments', icon: FlaskConical },
  models: { title: 'Models', icon: Boxes },
  bundles: { title: 'Bundles', icon: PackageCheck },
  jobs: { title: 'Jobs', icon: ListChecks },
  settings: { title: 'Settings', icon: Settings }
}

/** What works before a workspace is open: reviewing a bundle, and the settings of this machine. */
export const areasWithoutWorkspace: readonly Area[] = ['bundles', 'settings']

/** Ctrl+1 .. Ctrl+9. */
export const keysOfArea = (area: Area): string => `Mod+${areas.indexOf(area) + 1}`
