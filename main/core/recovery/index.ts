export { openKeptLedger } from './ledger-keeper'
export { examineWorkspace, reportOf, type Examination, type ExamineOptions } from './doctor'
export { repairWorkspace, salvageWorkspace, type RepairOptions } from './repair'
