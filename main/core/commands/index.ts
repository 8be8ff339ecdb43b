export {
  anybody,
  commandsOn,
  none,
  type AnyCommand,
  type Asker,
  type Change,
  type Rule,
  type Task,
  type Work,
  type WorkItem
} from './command'
export { createDo, type Do, type DoOptions, type Engaged } from './perform'
