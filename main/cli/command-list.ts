/** The groups of commands: one line each. */
export { bundleCommands as bundle } from './bundle-commands'
export { dataCommands as data } from './data-commands'
export { datasetCommands as dataset } from './dataset-commands'
export { experimentCommands as experiment } from './experiment-commands'
export { recoveryCommands as recovery } from './recovery-commands'
export { recordCommands as record } from './record-commands'
export { runCommands as run } from './run-commands'
export { workspaceCommands as workspace } from './workspace-commands'
