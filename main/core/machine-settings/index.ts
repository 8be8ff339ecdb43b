export { machineSettingsFile } from './settings-place'
export { readMachineSettings } from './read-settings'
