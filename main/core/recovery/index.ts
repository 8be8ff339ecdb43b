export { examineWorkspace, reportOf, type Examination, type ExamineOptions } from './doctor'
